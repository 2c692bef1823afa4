"""The one place that reads the time for a request or a task; everything deeper is handed `now`, or a clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.utils import timezone

Clock = Callable[[], datetime]
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The present moment, aware, UTC."""
    return timezone.now()


def clock_from(now: datetime) -> Clock:
    """A clock that shows `now` and goes on from there: work takes time, and what it promises runs from its end."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def imaginable(moment: datetime) -> datetime:
    """The aware moment that others told us, in UTC, if it can be shown in every zone and reckoned with.

    Raises ValueError for one that lies in no year of 2000 to 2199.
    """
    if not EARLIEST <= moment < LATEST:
        raise ValueError("not a time of this century")
    return moment.astimezone(UTC)


def ending(moment: datetime) -> datetime | None:
    """The aware moment until which something shall be open, in UTC; None for one so late that it means "always".

    Raises ValueError for one before the year 2000.
    """
    return None if moment >= LATEST else imaginable(moment)
