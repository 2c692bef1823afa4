"""Held results: bound to an attempt, released, or voided. Each may be asked twice and happens once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from gradebook.errors import BindingTaken, ResultNotHeld, ResultNotReleased, ResultUnknown
from gradebook.facts import ResultBound, ResultReleased, ResultVoided
from gradebook.models import Result
from lti_platform.journal.recording import record


@transaction.atomic
def release(result_id: UUID, *, now: datetime) -> Result:
    """Makes a held result visible to the learner and to everybody after them.

    Raises ResultUnknown; ResultNotHeld for one that was never held, or is void.
    """
    result = _locked(result_id)
    if result.state == Result.State.RELEASED:
        return result
    if result.state != Result.State.HELD:
        raise ResultNotHeld(f"a result that is {result.state} cannot be released")
    _settle(result, state=Result.State.RELEASED, now=now)
    _record(ResultReleased(result_id=result.pk, binding=result.binding), result=result, now=now)
    return result


@transaction.atomic
def void(result_id: UUID, *, now: datetime, reason: str) -> Result:
    """Makes a held result count for nothing. `reason` is words for the record.

    Raises ResultUnknown; ResultNotHeld for one that was never held, or is released.
    """
    result = _locked(result_id)
    if result.state == Result.State.VOID:
        return result
    if result.state != Result.State.HELD:
        raise ResultNotHeld(f"a result that is {result.state} cannot be voided")
    return _voided(result, now=now, reason=reason)


@transaction.atomic
def withdraw(result_id: UUID, *, now: datetime, reason: str) -> Result:
    """Voids a result that was released before the reason was known. `reason` is words for the record.

    Raises ResultUnknown; ResultNotReleased for one that is held (void it) or was never held.
    """
    result = _locked(result_id)
    if result.state == Result.State.VOID:
        return result
    if result.state != Result.State.RELEASED:
        raise ResultNotReleased(f"a result that is {result.state} cannot be withdrawn")
    return _voided(result, now=now, reason=reason)


def bind(result_id: UUID, *, binding: str, now: datetime) -> Result:
    """Says which attempt a held result belongs to, when its score did not.

    An older held result of the attempt gives way: the newest score stands. Raises ResultUnknown; ResultNotHeld;
    BindingTaken when the result has another attempt, or the attempt a newer or settled result.
    """
    try:
        with transaction.atomic():
            return _bind(_locked(result_id), binding=binding, now=now)
    except IntegrityError as error:
        raise BindingTaken("another result is bound to this attempt") from error


def _bind(result: Result, *, binding: str, now: datetime) -> Result:
    if result.binding == binding:
        return result
    if result.state != Result.State.HELD:
        raise ResultNotHeld(f"a result that is {result.state} cannot be bound")
    if result.binding:
        raise BindingTaken("the result is bound to another attempt")
    _supersede(result, binding=binding)
    result.binding = binding
    _save(result, fields=["binding", "started_at", "submitted_at"], now=now)
    _record(ResultBound(result_id=result.pk, binding=binding), result=result, now=now)
    return result


def _supersede(result: Result, *, binding: str) -> None:
    """Removes the attempt's older result, keeping the times that the newer score left unsaid (AGS 3.4.10)."""
    same = Result.objects.select_for_update().filter(
        line_item_id=result.line_item_id, person_id=result.person_id, binding=binding
    )
    if (older := same.first()) is None:
        return
    if older.state != Result.State.HELD or older.last_timestamp >= result.last_timestamp:
        raise BindingTaken("the attempt has a newer or settled result")
    result.started_at = result.started_at or older.started_at
    if result.submitted_at and not (result.score and result.score.submitted_at):
        result.submitted_at = older.submitted_at or result.submitted_at
    older.delete()


def _locked(result_id: UUID) -> Result:
    result = (
        Result.objects.select_for_update(of=("self",))
        .select_related("person", "score")
        .filter(pk=result_id)
        .first()
    )
    if result is None:
        raise ResultUnknown(str(result_id))
    return result


def _voided(result: Result, *, now: datetime, reason: str) -> Result:
    _settle(result, state=Result.State.VOID, now=now)
    _record(ResultVoided(result_id=result.pk, binding=result.binding), result=result, now=now, note=reason)
    return result


def _settle(result: Result, *, state: Result.State, now: datetime) -> None:
    result.state, result.settled_at = state, now
    _save(result, fields=["state", "settled_at"], now=now)


def _save(result: Result, *, fields: Sequence[str], now: datetime) -> None:
    result.updated_at = now
    result.save(update_fields=[*fields, "updated_at"])


def _record(
    fact: ResultReleased | ResultVoided | ResultBound, *, result: Result, now: datetime, note: str = ""
) -> None:
    organization_id = result.person.organization_id
    record(fact, now=now, subject=result.subject, organization_id=organization_id, note=note)
