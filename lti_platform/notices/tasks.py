"""What workers run for notices."""

from datetime import datetime

from lti_platform.journal.schedule import every
from lti_platform.notices import sending


@every(seconds=5)
def send_due(*, now: datetime) -> None:
    sending.send_due(now=now)
