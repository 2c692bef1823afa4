"""The exam clock: what was allowed, less the stretches in which it ran. Seconds, never rounded."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from proctoring.models import Attempt

Interval = tuple[datetime, datetime | None]


def allowed(policy: Mapping[str, Any], *, extra_minutes: int) -> timedelta:
    """The whole time of an attempt: the policy's minutes as pinned at its start, and what was granted since."""
    return timedelta(minutes=int(policy["minutes"]) + extra_minutes)


def used(intervals: Iterable[Interval], *, now: datetime) -> timedelta:
    """How long the clock ran; an interval without end runs until `now`, and none runs backwards."""
    spans = ((ended or now) - started for started, ended in intervals)
    return sum((max(span, timedelta()) for span in spans), timedelta())


def left(attempt: Attempt, *, now: datetime) -> timedelta:
    """What is left of the attempt's time; never less than nothing."""
    intervals = attempt.running_intervals.values_list("started_at", "ended_at")
    whole = allowed(attempt.policy, extra_minutes=attempt.extra_minutes)
    return max(whole - used(intervals, now=now), timedelta())


def seconds_left(attempt: Attempt, *, now: datetime) -> float:
    """What is left, in seconds."""
    return left(attempt, now=now).total_seconds()
