"""Settled results on their way back to the platform that sent the learner: these alone, and until they arrive."""

import logging
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lti_platform.journal.clock import Clock, clock_from
from lti_platform.journal.recording import record
from lti_platform.journal.sweeping import sweep
from proctoring.door import tool
from proctoring.door.errors import SendingFailed
from proctoring.door.facts import ResultReturned, ReturnParked
from proctoring.door.models import ReturnAddress, ReturnedResult
from proctoring.models import Attempt

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=90)
BACK_OFF_SECONDS = (10, 60, 300, 1800, 7200, 18_000, 36_000, 72_000, 86_400)
State = ReturnedResult.State


def owe(attempt_id: uuid.UUID, *, now: datetime) -> ReturnedResult | None:
    """Keeps the settled result of an attempt for the platform its learner came from; None if there is none to send.

    A rejection after the release takes back what was sent, unless another attempt's result stands there by now.
    Calling it again changes nothing.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    of_exam = ReturnedResult.objects.filter(attempt__exam=attempt.exam_id, attempt__person=attempt.person_id)
    last = of_exam.order_by("settled_at", "id").last()
    if attempt.state == Attempt.State.INVALIDATED and last and last.attempt_id == attempt.pk:
        return _owed(attempt, visitor_id=last.visitor_id, to=last.line_item_url, percent=None, now=now)
    addresses = ReturnAddress.objects.filter(exam=attempt.exam_id, visitor__person=attempt.person_id)
    address = addresses.order_by("-updated_at", "id").first()
    if attempt.state != Attempt.State.RELEASED or attempt.percent is None or address is None:
        return None
    return _owed(
        attempt, visitor_id=address.visitor_id, to=address.line_item_url, percent=attempt.percent, now=now
    )


def _owed(
    attempt: Attempt, *, visitor_id: uuid.UUID, to: str, percent: Decimal | None, now: datetime
) -> ReturnedResult:
    kept, _ = ReturnedResult.objects.get_or_create(
        attempt=attempt,
        settled_at=attempt.settled_at or now,
        defaults={
            "visitor_id": visitor_id,
            "line_item_url": to,
            "percent": percent,
            "due_at": now,
            "created_at": now,
        },
    )
    return kept


def send_due(*, now: datetime, most: int = 100, clock: Clock | None = None) -> int:
    """One try at each result that is due, for a minute at most; how many arrived.

    A platform that failed is left alone until the next sweep. `clock` shows the time as the work goes on.
    """
    clock = clock or clock_from(now)
    attempt = partial(_send, clock=clock)
    return sweep(_due, attempt=attempt, place="visitor__platform", clock=clock, most=most)


def send_again(result_id: uuid.UUID, *, now: datetime) -> bool:
    """A parked result is due again, its tries forgotten; False when it is not parked, or a newer one took its place."""
    newer = _of_the_same_place().filter(settled_at__gt=OuterRef("settled_at"))
    parked = ReturnedResult.objects.filter(pk=result_id, state=State.PARKED).exclude(Exists(newer))
    return bool(parked.update(state=State.DUE, due_at=now, tries=0))


def _due(now: datetime) -> QuerySet[ReturnedResult]:
    """Due, in nobody's hands, and with no earlier one for the same place before it."""
    idle = Q(leased_until=None) | Q(leased_until__lte=now)
    earlier = _of_the_same_place().filter(settled_at__lt=OuterRef("settled_at"), state=State.DUE)
    due = ReturnedResult.objects.filter(idle, state=State.DUE, due_at__lte=now)
    return due.exclude(Exists(earlier)).order_by("due_at", "settled_at", "id")


def _of_the_same_place() -> QuerySet[ReturnedResult]:
    """Within another query: results of the same person for the same line item."""
    return ReturnedResult.objects.filter(visitor=OuterRef("visitor"), line_item_url=OuterRef("line_item_url"))


def _send(result_id: uuid.UUID, *, clock: Clock) -> int | None:
    """How many arrived, one or none; None when its platform failed."""
    result = _claim(result_id, now=clock())
    if result is None:
        return 0
    try:
        if result.tries > len(BACK_OFF_SECONDS) + 1:  # only workers that died at it come this far
            raise SendingFailed("no worker survived it", is_final=True)
        tool.send_score(result, now=clock())
    except SendingFailed as error:
        failure = error
    except Exception as error:  # what we cannot sign or say is kept, and parked like what does not arrive
        log.exception("result %s could not be sent", result.pk)
        failure = SendingFailed(f"unexpected: {type(error).__name__}")
    else:
        _arrived(result, now=clock())
        return 1
    _again_or_park(result, error=failure, now=clock())
    return 0 if failure.is_final else None


def _claim(result_id: uuid.UUID, *, now: datetime) -> ReturnedResult | None:
    """The result, ours for `LEASE`, its try counted before it is made; None if it cannot be had."""
    row = _due(now).order_by().filter(pk=result_id)
    if not row.update(lease=uuid.uuid4(), leased_until=now + LEASE, tries=F("tries") + 1):
        return None
    return ReturnedResult.objects.select_related("visitor__platform", "visitor__person").get(pk=result_id)


@transaction.atomic
def _arrived(result: ReturnedResult, *, now: datetime) -> None:
    changes = {"state": State.SENT, "arrived_at": now, "lease": None, "leased_until": None, "last_error": ""}
    if ReturnedResult.objects.filter(pk=result.pk, lease=result.lease).update(**changes):
        fact = ResultReturned(returned_result_id=result.pk, attempt_id=result.attempt_id)
        _record(fact, result, now=now)


@transaction.atomic
def _again_or_park(result: ReturnedResult, *, error: SendingFailed, now: datetime) -> None:
    is_over = error.is_final or result.tries > len(BACK_OFF_SECONDS)
    wait = BACK_OFF_SECONDS[min(result.tries, len(BACK_OFF_SECONDS)) - 1]
    changes = {
        "state": State.PARKED if is_over else State.DUE,
        "due_at": now + timedelta(seconds=wait),
        "lease": None,
        "leased_until": None,
        "last_error": str(error)[:300],
    }
    if ReturnedResult.objects.filter(pk=result.pk, lease=result.lease).update(**changes) and is_over:
        fact = ReturnParked(returned_result_id=result.pk, attempt_id=result.attempt_id)
        _record(fact, result, now=now)


def _record(fact: ResultReturned | ReturnParked, result: ReturnedResult, *, now: datetime) -> None:
    organization_id = result.visitor.person.organization_id
    record(fact, now=now, subject=f"attempt:{result.attempt_id}", organization_id=organization_id)
