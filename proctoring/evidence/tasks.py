"""Deadlines of evidence."""

from datetime import datetime

from lti_platform.journal.schedule import every
from proctoring.evidence import sealing


@every(seconds=5)
def seal_what_waited_long_enough(*, now: datetime) -> None:
    for session_id in sealing.due(now=now):
        sealing.consider(session_id, now=now)
