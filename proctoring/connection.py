"""The attempt page reports that it is there; when it falls silent the clock stops until the learner continues."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from proctoring import incidents
from proctoring.models import Attempt, Exam
from proctoring.moving import locked
from proctoring.pausing import Hold, hold, let_go
from proctoring.transitions import State

SILENCE = timedelta(seconds=45)


@transaction.atomic
def seen(attempt_id: UUID, *, was_lost: bool, now: datetime) -> Attempt:
    """The page is there. `was_lost`: it was cut off since its last report, so a running exam pauses now."""
    attempt = locked(attempt_id)
    if (was_lost and is_watched(attempt)) or is_silent(attempt, now=now):
        attempt = _lose(attempt, now=now)
    Attempt.objects.filter(pk=attempt.pk).update(last_seen_at=now)
    return attempt


@transaction.atomic
def lose_if_silent(attempt_id: UUID, *, now: datetime) -> Attempt:
    """Pauses a running attempt whose page has not been heard for too long; otherwise changes nothing."""
    attempt = locked(attempt_id)
    return _lose(attempt, now=now) if is_silent(attempt, now=now) else attempt


def is_watched(attempt: Attempt) -> bool:
    """Whether our page is where the exam is; beside a tool that does everything it sleeps in the background."""
    return attempt.exam.kind != Exam.Kind.ONE_TOOL


def is_silent(attempt: Attempt, *, now: datetime) -> bool:
    """Whether the page of a running attempt should have reported by now."""
    if attempt.state != State.RUNNING or attempt.last_seen_at is None or not is_watched(attempt):
        return False
    return now - attempt.last_seen_at > SILENCE


def _lose(attempt: Attempt, *, now: datetime) -> Attempt:
    if attempt.state != State.RUNNING:
        return attempt
    last_seen = attempt.last_seen_at or now
    incidents.notice(
        attempt,
        "connection_lost",
        now=now,
        severity="0.2",
        about=last_seen.isoformat(),
        occurred_at=last_seen,
    )
    return hold(attempt.id, Hold.CONNECTION, now=now, reason_code="connection_lost")


def go_on(attempt_id: UUID, *, now: datetime) -> Attempt:
    """The learner continues: the clock runs again, unless the proctor has paused it too."""
    return let_go(attempt_id, Hold.CONNECTION, now=now, reason_code="learner_continued")
