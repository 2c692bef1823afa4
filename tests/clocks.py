"""Clocks that a test holds in its hand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from lti_platform.journal.clock import Clock


def stopped(now: datetime) -> Clock:
    """A clock that shows `now` for ever."""
    return lambda: now


def walking(now: datetime, *, seconds: float) -> Clock:
    """A clock that shows `now`, and so many seconds more each time it is looked at."""
    moments: Iterator[datetime] = (now + number * timedelta(seconds=seconds) for number in count())
    return lambda: next(moments)
