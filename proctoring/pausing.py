"""Pausing and resuming: a tool and a lost connection each hold the clock, and it runs only when neither does."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from proctoring.models import Attempt
from proctoring.moving import locked, move
from proctoring.transitions import Event, State


class Hold(StrEnum):
    """What holds a paused attempt: the name of the column that says so."""

    TOOL = "held_by_tool"
    CONNECTION = "held_by_connection"


@transaction.atomic
def hold(attempt_id: UUID, by: Hold, *, now: datetime, reason_code: str = "", note: str = "") -> Attempt:
    """Pauses a running attempt, or adds a hold to a paused one; any other state stays as it is."""
    attempt = locked(attempt_id)
    if attempt.state not in (State.RUNNING, State.PAUSED):
        return attempt
    if attempt.state == State.RUNNING:
        attempt = move(attempt_id, Event.PAUSE, now=now, reason_code=reason_code, note=note)
    return _set(attempt, by, is_held=True)


@transaction.atomic
def let_go(attempt_id: UUID, by: Hold, *, now: datetime, reason_code: str = "", note: str = "") -> Attempt:
    """Takes a hold off a paused attempt, and resumes it when nothing else holds it; any other state stays."""
    attempt = locked(attempt_id)
    if attempt.state != State.PAUSED:
        return attempt
    attempt = _set(attempt, by, is_held=False)
    if attempt.held_by_tool or attempt.held_by_connection:
        return attempt
    return move(attempt_id, Event.RESUME, now=now, reason_code=reason_code, note=note)


def _set(attempt: Attempt, by: Hold, *, is_held: bool) -> Attempt:
    Attempt.objects.filter(pk=attempt.pk).update(**{by.value: is_held})
    setattr(attempt, by.value, is_held)
    return attempt
