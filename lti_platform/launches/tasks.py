"""Periodic work about launches."""

from datetime import datetime

from lti_platform.journal.schedule import every
from lti_platform.launches import forgetting


@every(seconds=3600)
def forget_old_steps(*, now: datetime) -> None:
    forgetting.forget_old_steps(now=now)
