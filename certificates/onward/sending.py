"""Sending: claim under a lease, send outside any transaction, keep what came back."""

import logging
import uuid
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from certificates.onward import deliveries, destinations, retrying, signing
from certificates.onward.facts import DeliveryArrived, DeliveryParked
from certificates.onward.models import Delivery, DeliveryTry
from certificates.onward.retrying import Answer, Decision, Outcome
from lti_platform.journal.clock import Clock, clock_from
from lti_platform.journal.recording import record
from lti_platform.journal.sweeping import sweep
from lti_platform.outbound import http
from lti_platform.outbound.errors import OutboundError, OutboundRefused

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20
ANSWER_BYTES = 64 * 1024
LEASE = timedelta(seconds=TIMEOUT_SECONDS + 25)


def claimable(*, now: datetime) -> QuerySet[Delivery]:
    """Due, in nobody's hands, to a destination that is on, and with none of the person's earlier ones before it."""
    earlier = Delivery.objects.filter(
        destination=OuterRef("destination"),
        person=OuterRef("person"),
        number__lt=OuterRef("number"),
        state=Delivery.State.DUE,
    )
    return Delivery.objects.filter(_free(now), destination__is_enabled=True).exclude(Exists(earlier))


def _free(now: datetime) -> Q:
    idle = Q(leased_until=None) | Q(leased_until__lte=now)
    return Q(idle, state=Delivery.State.DUE, due_at__lte=now)


def _claim(delivery_id: uuid.UUID, *, now: datetime) -> Delivery | None:
    """The delivery, ours for `LEASE`, its try counted before any work; None if it cannot be had."""
    mine = list(claimable(now=now).filter(pk=delivery_id).values_list("pk", flat=True))
    # The conditions on the row itself are judged again here: of two workers that saw it free, one gets it.
    taken = Delivery.objects.filter(_free(now), pk__in=mine).update(
        lease=uuid.uuid4(),
        leased_until=now + LEASE,
        attempts=F("attempts") + 1,
        first_tried_at=Coalesce("first_tried_at", now),
    )
    related = ("destination", "person", "certificate")
    return Delivery.objects.select_related(*related).get(pk=delivery_id) if taken else None


def send(
    delivery_id: uuid.UUID, *, now: datetime, timeout_seconds: float = TIMEOUT_SECONDS
) -> Outcome | None:
    """One try at a delivery, if it can be claimed.

    None when it is another's, not due, not yet its turn, or made by rules that its destination has no longer.
    """
    clock, delivery = clock_from(now), _claim(delivery_id, now=now)
    if delivery is None:
        return None
    if delivery.attempts > retrying.MOST_TRIES:  # only workers that died at it come this far
        made = DeliveryTry(delivery=delivery, at=now, error="tries used up")
        _settle(delivery, made, Decision(Outcome.PARK), now=now)
        return Outcome.PARK
    if not deliveries.is_by_the_rules(delivery):
        deliveries.renew(delivery, now=now)
        return None
    made, answer = _try(delivery, timeout_seconds=timeout_seconds, now=now)
    first_at, after = delivery.first_tried_at or now, clock()
    decision = retrying.decide(answer, tries=delivery.attempts, first_at=first_at, now=after)
    _settle(delivery, made, decision, now=after)
    return decision.outcome


def send_due(*, now: datetime, most: int = 100) -> int:
    """One try at each delivery that is due, for a minute at most; how many arrived.

    A destination that failed is left alone until the next sweep.
    """
    clock = clock_from(now)
    deliveries.overtake(now=now)
    attempt = partial(_arrived, clock=clock)
    return sweep(_due, attempt=attempt, place="destination", clock=clock, most=most)


def _due(now: datetime) -> QuerySet[Delivery]:
    return claimable(now=now).order_by("due_at", "id")


def _arrived(delivery_id: uuid.UUID, *, clock: Clock) -> int | None:
    outcome = send(delivery_id, now=clock())
    return None if outcome == Outcome.AGAIN else int(outcome == Outcome.ARRIVED)


def _try(delivery: Delivery, *, timeout_seconds: float, now: datetime) -> tuple[DeliveryTry, Answer]:
    made = DeliveryTry(delivery=delivery, at=now)
    try:
        response = _post(delivery, timeout_seconds=timeout_seconds, now=now)
    except OutboundError as error:
        made.error = f"{error.code}: {error}"[:500]
        return made, Answer(None, is_refused=isinstance(error, OutboundRefused))
    except (
        Exception
    ) as error:  # one bad delivery must not stop the others, nor come back every minute for ever
        log.exception("delivery %s could not be sent", delivery.pk)
        made.error = f"unexpected: {type(error).__name__}"
        return made, Answer(None)
    made.status, made.elapsed_ms = response.status, int(response.elapsed_ms)
    made.answer = response.body[:500].decode("utf-8", "replace").replace("\0", "")
    return made, Answer(response.status, response.headers.get("retry-after", ""))


def _post(delivery: Delivery, *, timeout_seconds: float, now: datetime) -> http.Response:
    body, destination = delivery.body.encode(), delivery.destination
    headers = signing.headers(
        message_id=str(delivery.pk), secret=destinations.secret_of(destination), body=body, now=now
    )
    return http.fetch(
        destination.url,
        method="POST",
        headers=headers,
        body=body,
        max_bytes=ANSWER_BYTES,
        cuts_body=True,
        timeout_seconds=timeout_seconds,
    )


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
        state = Delivery.State.DELIVERED if arrived else Delivery.State.PARKED
        changes |= {"state": state, "settled_at": now}
    ours = Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease)
    if ours.update(**changes) and decision.outcome != Outcome.AGAIN:
        _record(delivery, decision.outcome, now=now)


def _error(made: DeliveryTry) -> str:
    if made.error or made.status is None:
        return made.error
    return "" if 200 <= made.status < 300 else f"{made.status} {made.answer}".strip()[:500]


def _record(delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
    fact = DeliveryArrived if outcome == Outcome.ARRIVED else DeliveryParked
    record(
        fact(delivery_id=delivery.pk, destination_id=delivery.destination_id),
        now=now,
        subject=f"certificate:{delivery.certificate_id}",
        organization_id=delivery.person.organization_id,
    )
