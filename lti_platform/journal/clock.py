"""The one place that reads the time for a request or a task; everything deeper is handed `now`, or a clock."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present moment, aware, UTC."""
    return timezone.now()


def clock_from(now: datetime) -> Clock:
    """A clock that shows `now` and goes on from there: work takes time, and what it promises runs from its end."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)
