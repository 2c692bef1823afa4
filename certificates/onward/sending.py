"""Sending: claim under a lease, send outside any transaction, keep what came back."""

import logging
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from certificates.onward import destinations, retrying, signing
from certificates.onward.facts import DeliveryArrived, DeliveryParked
from certificates.onward.models import Delivery, DeliveryTry
from certificates.onward.retrying import Answer, Decision, Outcome
from lti_platform.journal.recording import record
from lti_platform.outbound import http
from lti_platform.outbound.errors import OutboundError

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20
ANSWER_BYTES = 64 * 1024
LEASE = timedelta(seconds=90)


def claimable(*, now: datetime) -> QuerySet[Delivery]:
    """Due, in nobody's hands, to a destination that is on, and with none of the person's earlier ones before it."""
    earlier = Delivery.objects.filter(
        destination=OuterRef("destination"),
        person=OuterRef("person"),
        number__lt=OuterRef("number"),
        state=Delivery.State.DUE,
    )
    return (
        Delivery.objects.filter(state=Delivery.State.DUE, due_at__lte=now, destination__is_enabled=True)
        .filter(Q(leased_until=None) | Q(leased_until__lte=now))
        .exclude(Exists(earlier))
    )


def send(delivery_id: uuid.UUID, *, now: datetime) -> Outcome | None:
    """One try at a delivery, if it can be claimed; None when it is another's, not due, or not yet its turn."""
    lease = uuid.uuid4()
    mine = claimable(now=now).filter(pk=delivery_id).values_list("pk", flat=True)
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    claimed = Delivery.objects.filter(free, pk__in=list(mine), state=Delivery.State.DUE).update(
        lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    delivery = Delivery.objects.select_related("destination", "person").get(pk=delivery_id)
    made, answer = _try(delivery, now=now)
    decision = retrying.decide(answer, tries=delivery.attempts, created_at=delivery.created_at, now=now)
    _settle(delivery, made, decision, now=now)
    return decision.outcome


def send_due(*, now: datetime, most: int = 100) -> int:
    """One try at each delivery that is due, as long as something new becomes due; how many arrived."""
    arrived, seen = 0, set[uuid.UUID]()
    while due := [
        pk
        for pk in claimable(now=now).order_by("due_at").values_list("pk", flat=True)[:most]
        if pk not in seen
    ]:
        seen.update(due)
        arrived += sum(send(pk, now=now) == Outcome.ARRIVED for pk in due)
    return arrived


def _try(delivery: Delivery, *, now: datetime) -> tuple[DeliveryTry, Answer]:
    body, destination = delivery.body.encode(), delivery.destination
    headers = signing.headers(
        message_id=str(delivery.pk), secret=destinations.secret_of(destination), body=body, now=now
    )
    made = DeliveryTry(delivery=delivery, at=now)
    try:
        response = http.fetch(
            destination.url, method="POST", headers=headers, body=body, max_bytes=ANSWER_BYTES,
            timeout_seconds=TIMEOUT_SECONDS,
        )  # fmt: skip
    except OutboundError as error:
        made.error = f"{error.code}: {error}"[:500]
        return made, Answer(None)
    made.status, made.elapsed_ms = response.status, int(response.elapsed_ms)
    made.answer = response.body[:500].decode("utf-8", "replace").replace("\0", "")
    return made, Answer(response.status, response.headers.get("retry-after", ""))


@transaction.atomic
def _settle(delivery: Delivery, made: DeliveryTry, decision: Decision, *, now: datetime) -> None:
    """Keeps the try and moves the delivery on, unless the lease was lost meanwhile."""
    made.save()
    changes: dict[str, object] = {"lease": None, "leased_until": None, "last_error": _error(made)}
    if decision.outcome == Outcome.AGAIN:
        changes["due_at"] = decision.due_at
        if not decision.counts:
            changes["attempts"] = F("attempts") - 1
    else:
        arrived = decision.outcome == Outcome.ARRIVED
        changes |= {
            "state": Delivery.State.DELIVERED if arrived else Delivery.State.PARKED,
            "settled_at": now,
        }
    ours = Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease)
    if ours.update(**changes) and decision.outcome != Outcome.AGAIN:
        _record(delivery, decision.outcome, now=now)


def _error(made: DeliveryTry) -> str:
    if made.error or made.status is None:
        return made.error
    return "" if 200 <= made.status < 300 else f"{made.status} {made.answer}"[:500]


def _record(delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
    fact = DeliveryArrived if outcome == Outcome.ARRIVED else DeliveryParked
    record(
        fact(delivery_id=delivery.pk, destination_id=delivery.destination_id),
        now=now,
        subject=f"certificate:{delivery.certificate_id}",
        organization_id=delivery.person.organization_id,
    )
