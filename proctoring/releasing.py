"""Settling an attempt: released when recording, score and review allow it, otherwise rejected or void."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gradebook import holding, results
from gradebook.models import Result
from proctoring import scores
from proctoring.cases import open_case
from proctoring.models import Attempt, ReviewCase, Session, Verdict
from proctoring.moving import locked, move
from proctoring.sessions import SEALED
from proctoring.transitions import ENDED, Event

CLEAR = frozenset({Verdict.Outcome.CLEAR, Verdict.Outcome.CLEAR_WITH_NOTES})
UNCOUNTED = frozenset({Verdict.Outcome.TECHNICAL_RETAKE})


@transaction.atomic
def consider(attempt_id: UUID, *, now: datetime) -> bool:
    """Releases the attempt's result if nothing stands in the way; True when it did. May be asked any number of times.

    What must hold: it is over; every session is sealed, complete or named incomplete; the score is final; the
    settle delay has passed since the later of both; a person cleared it, or its pinned policy asks for no one.
    """
    attempt = locked(attempt_id)
    if attempt.state not in ENDED or not is_recording_closed(attempt):
        return False
    case = open_case(attempt_id, now=now)
    if case is None or not is_cleared(case):
        return False
    result = _result_of(attempt)
    if result is None or not scores.take(attempt, result, now=now) or not is_settled(attempt, now=now):
        return False
    _release(attempt, result, now=now)
    return True


def is_recording_closed(attempt: Attempt) -> bool:
    """Every session's list of evidence is sealed, complete or not."""
    return not Session.objects.filter(attempt=attempt).exclude(state__in=SEALED).exists()


def is_cleared(case: ReviewCase) -> bool:
    """The last verdict is clear, or none is required."""
    if case.state == ReviewCase.State.NOT_REQUIRED:
        return True
    verdict = case.verdicts.last()
    return case.state == ReviewCase.State.DECIDED and verdict is not None and verdict.outcome in CLEAR


def is_settled(attempt: Attempt, *, now: datetime) -> bool:
    """The settle delay has passed since the score came and the attempt ended: corrections had time to arrive."""
    times = [time for time in (attempt.scored_at, attempt.ended_at) if time]
    return now >= max(times) + timedelta(seconds=settings.PROCTORING_SETTLE_SECONDS)


def _result_of(attempt: Attempt) -> Result | None:
    item_id = attempt.exam.line_item_id
    return results.of_binding(str(attempt.id), line_item_id=item_id, person_id=attempt.person_id)


def _release(attempt: Attempt, result: Result, *, now: datetime) -> None:
    if result.state == Result.State.HELD:
        holding.release(result.id, now=now)
    move(attempt.id, Event.RELEASE, now=now)


@transaction.atomic
def reject(attempt_id: UUID, *, outcome: str, now: datetime) -> Attempt:
    """A verdict that is not clear: the result counts for nothing, be it released already.

    A technical retake does not use up an attempt. Raises IllegalMove.
    """
    event = Event.VOID if outcome in UNCOUNTED else Event.INVALIDATE
    attempt = move(attempt_id, event, now=now, reason_code=outcome)
    _void_result(attempt, reason=outcome, now=now)
    return attempt


@transaction.atomic
def void(attempt_id: UUID, *, note: str, now: datetime) -> Attempt:
    """A person with the right to do so declares the attempt void; it does not count. Raises IllegalMove."""
    attempt = move(attempt_id, Event.VOID, now=now, reason_code="staff", note=note)
    _void_result(attempt, reason=note, now=now)
    return attempt


def _void_result(attempt: Attempt, *, reason: str, now: datetime) -> None:
    result = _result_of(attempt)
    if result is None:
        return
    if result.state == Result.State.HELD:
        holding.void(result.id, now=now, reason=reason)
    elif result.state == Result.State.RELEASED:
        holding.withdraw(result.id, now=now, reason=reason)
