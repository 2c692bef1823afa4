"""When to try again, and when to stop. Pure: the answer, the tries so far and the clock are arguments."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

# Seconds before each next try; documented for receivers in docs/integrating.md from this very tuple.
SCHEDULE_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.1  # upward only: never earlier than promised
LONGEST_WAIT = timedelta(hours=24)
AGE_BUDGET = timedelta(days=4)
PERMANENT = frozenset({400, 405, 410, 411, 413, 414, 415, 422})
THROTTLED = frozenset({429, 503})


class Outcome(StrEnum):
    """What to do with a delivery after a try."""

    ARRIVED = "arrived"
    AGAIN = "again"
    PARK = "park"


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or None when nothing did; the raw Retry-After header, if any."""

    status: int | None
    retry_after: str = ""


@dataclass(frozen=True)
class Decision:
    """The outcome; for `AGAIN` the next due time, and whether this try counts against the budget."""

    outcome: Outcome
    due_at: datetime | None = None
    counts: bool = True


def decide(answer: Answer, *, tries: int, created_at: datetime, now: datetime) -> Decision:
    """What follows from this answer to try number `tries` (from 1) of a delivery made at `created_at`."""
    if answer.status is not None and 200 <= answer.status < 300:
        return Decision(Outcome.ARRIVED)
    if answer.status in PERMANENT or now - created_at >= AGE_BUDGET:
        return Decision(Outcome.PARK)
    asked = requested_wait(answer.retry_after, now=now)
    throttled = answer.status in THROTTLED and asked > timedelta(0)
    if not throttled and tries > len(SCHEDULE_SECONDS):
        return Decision(Outcome.PARK)
    step = SCHEDULE_SECONDS[min(max(tries, 1), len(SCHEDULE_SECONDS)) - 1]
    wait = asked if throttled else max(timedelta(seconds=step), asked)
    return Decision(Outcome.AGAIN, now + _jittered(wait), counts=not throttled)


def requested_wait(header: str, *, now: datetime) -> timedelta:
    """The wait a Retry-After asks for (seconds or HTTP-date), at most `LONGEST_WAIT`; past or garbage is none."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        wait = timedelta(seconds=min(int(header[:9]), LONGEST_WAIT.total_seconds()))
    else:
        try:
            wait = parsedate_to_datetime(header) - now
        except (TypeError, ValueError):
            return timedelta(0)
    return max(timedelta(0), min(wait, LONGEST_WAIT))


def _jittered(wait: timedelta) -> timedelta:
    return wait * (1 + JITTER * secrets.randbelow(1000) / 1000)
