"""Deadlines of evidence."""

from datetime import datetime

from lti_platform.journal.schedule import every
from proctoring import deadlines
from proctoring.evidence import sealing


@every(seconds=5)
def seal_what_waited_long_enough(*, now: datetime) -> None:
    deadlines.each(sealing.due(now=now), lambda session_id: sealing.consider(session_id, now=now))
