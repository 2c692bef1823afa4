"""Periodic work about courses."""

from datetime import datetime

from lti_platform.courses import changes
from lti_platform.journal.schedule import every


@every(seconds=3600)
def forget_old_changes(*, now: datetime) -> None:
    changes.forget_old(now=now)
