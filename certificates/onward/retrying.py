"""When to try again, and when to stop. Pure: the answer, the tries so far and the clock are arguments."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

# Seconds before each next try; docs/integrating.md tells receivers, and a test holds it to this very tuple.
SCHEDULE_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.1  # upward only: never earlier than promised
LONGEST_WAIT = timedelta(hours=24)
AGE_BUDGET = timedelta(days=4)
MOST_TRIES = len(SCHEDULE_SECONDS) + 1
# A throttled try does not count, so it must not come often either.
SHORTEST_THROTTLE, UNNAMED_THROTTLE = timedelta(minutes=1), timedelta(minutes=5)
PERMANENT = frozenset({400, 405, 409, 410, 411, 413, 414, 415, 422})


class Outcome(StrEnum):
    """What to do with a delivery after a try."""

    ARRIVED = "arrived"
    AGAIN = "again"
    PARK = "park"


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or None when nothing did; the raw Retry-After header, if any.

    `is_refused` when our own guard forbids the address: asking again changes nothing.
    """

    status: int | None
    retry_after: str = ""
    is_refused: bool = False


@dataclass(frozen=True)
class Decision:
    """The outcome; for `AGAIN` the next due time, and whether this try counts against the budget."""

    outcome: Outcome
    due_at: datetime | None = None
    counts: bool = True


def decide(answer: Answer, *, tries: int, first_at: datetime, now: datetime) -> Decision:
    """What follows from this answer to counted try number `tries` (from 1) of a delivery first tried at `first_at`."""
    if answer.status is not None and 200 <= answer.status < 300:
        return Decision(Outcome.ARRIVED)
    if answer.is_refused or answer.status in PERMANENT or now - first_at >= AGE_BUDGET:
        return Decision(Outcome.PARK)
    asked = requested_wait(answer.retry_after, now=now)
    if _is_throttled(answer, asked=asked):
        wait = max(asked, SHORTEST_THROTTLE) if asked else UNNAMED_THROTTLE
        return Decision(Outcome.AGAIN, now + _jittered(wait), counts=False)
    if tries >= MOST_TRIES:
        return Decision(Outcome.PARK)
    wait = max(timedelta(seconds=SCHEDULE_SECONDS[max(tries, 1) - 1]), asked)
    return Decision(Outcome.AGAIN, now + _jittered(wait))


def _is_throttled(answer: Answer, *, asked: timedelta) -> bool:
    """429 says so outright (RFC 6585); 503 when it names a time."""
    return answer.status == 429 or (answer.status == 503 and asked > timedelta(0))


def requested_wait(header: str, *, now: datetime) -> timedelta:
    """The wait a Retry-After asks for (seconds or HTTP-date), at most `LONGEST_WAIT`; past or garbage is none."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        wait = timedelta(seconds=min(int(header.lstrip("0")[:9] or 0), LONGEST_WAIT.total_seconds()))
    else:
        try:
            wait = parsedate_to_datetime(header) - now
        except (TypeError, ValueError, OverflowError, IndexError):
            return timedelta(0)
    return max(timedelta(0), min(wait, LONGEST_WAIT))


def _jittered(wait: timedelta) -> timedelta:
    return wait * (1 + JITTER * secrets.randbelow(1000) / 1000)
