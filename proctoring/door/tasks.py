"""What workers run for the door."""

from datetime import datetime

from lti_platform.journal.schedule import every
from proctoring.door import returning


@every(seconds=5)
def send_due(*, now: datetime) -> None:
    returning.send_due(now=now)
