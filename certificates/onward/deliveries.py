"""Deliveries owed: one for each destination and state, in order for each person, the newest state overtaking older."""

import json
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from certificates.models import Certificate
from certificates.onward import payloads, ringing
from certificates.onward.errors import NotParked
from certificates.onward.facts import DeliveryQueued, DeliveryReplayed
from certificates.onward.models import Delivery, Destination
from certificates.rendering.frozen import CertificateFacts
from lti_platform.journal.recording import record

State = Delivery.State


@transaction.atomic
def queue(certificate_id: UUID, *, now: datetime) -> list[Delivery]:
    """Owes the certificate's present state to every destination that gets this person; twice owes nothing twice.

    What is told is the state as it stands, whichever news rang: an issue heard of after the revocation says revoked.
    """
    certificate = Certificate.objects.select_related("person").get(pk=certificate_id)
    concerned = Q(organization=None) | Q(organization_id=certificate.person.organization_id)
    # The row lock gives each destination's deliveries their order.
    destinations = Destination.objects.select_for_update(no_key=True).filter(concerned).order_by("pk")
    found = [_owe(certificate, destination, now=now) for destination in destinations]
    return [delivery for delivery in found if delivery]


def _owe(certificate: Certificate, destination: Destination, *, now: datetime) -> Delivery | None:
    same = Delivery.objects.filter(destination=destination, certificate=certificate)
    if same.filter(certificate_version__gte=certificate.version).exclude(state=State.SUPERSEDED).exists():
        return None
    mine = Delivery.objects.filter(destination=destination, person=certificate.person)
    event_type = payloads.event_type_of(certificate)
    delivery = Delivery.objects.create(
        destination=destination,
        person=certificate.person,
        certificate=certificate,
        certificate_version=certificate.version,
        number=(mine.aggregate(last=Max("number"))["last"] or 0) + 1,
        event_type=event_type,
        body=payloads.snapshot(certificate, event_type=event_type, destination=destination, now=now),
        due_at=now,
        created_at=now,
    )
    overtake(now=now)
    _record(DeliveryQueued(delivery_id=delivery.pk, destination_id=destination.pk), delivery, now=now)
    transaction.on_commit(lambda: ringing.ring(str(delivery.pk)))
    return delivery


def overtake(*, now: datetime) -> int:
    """Takes out what a newer state of the same certificate overtook, unless it is being sent; how many.

    A receiver must never hear an old state after a newer one, and an old one that fails must not hold it up.
    """
    newer = Delivery.objects.filter(
        destination=OuterRef("destination"),
        certificate=OuterRef("certificate"),
        certificate_version__gt=OuterRef("certificate_version"),
    )
    idle = Q(leased_until=None) | Q(leased_until__lte=now)
    waiting = Delivery.objects.filter(idle, state__in=(State.DUE, State.PARKED))
    return waiting.filter(Exists(newer)).update(
        state=State.SUPERSEDED, settled_at=now, lease=None, leased_until=None
    )


def is_by_the_rules(delivery: Delivery) -> bool:
    """Whether the destination, as it is now, gets this person, and the score or none as the body has it."""
    destination, facts = delivery.destination, CertificateFacts.from_json(delivery.certificate.facts)
    if destination.organization_id not in (None, delivery.person.organization_id):
        return False
    has_score = "score_percent" in json.loads(delivery.body)["data"]
    return has_score == (destination.sends_score and bool(facts.score_percent))


@transaction.atomic
def renew(delivery: Delivery, *, now: datetime) -> Delivery | None:
    """Takes out a claimed delivery whose destination changed its rules; its state is owed anew if it still is wanted.

    A message's id names its bytes, and the receiver may have seen the old ones: what says something else is another
    message. None when nothing is owed any more, or the claim was lost.
    """
    destination = Destination.objects.select_for_update(no_key=True).get(pk=delivery.destination_id)
    ours = Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease)
    if not ours.update(state=State.SUPERSEDED, settled_at=now, lease=None, leased_until=None):
        return None
    if destination.organization_id not in (None, delivery.person.organization_id):
        return None
    return _owe(delivery.certificate, destination, now=now)


@transaction.atomic
def replay(delivery_id: UUID, *, now: datetime) -> Delivery:
    """Sends a parked delivery again from the first try, with the same id and the same bytes. Raises NotParked.

    Unless its destination's rules changed: then `renew` makes another message of it.
    """
    parked = Delivery.objects.filter(pk=delivery_id, state=State.PARKED)
    if not parked.update(state=State.DUE, attempts=0, due_at=now, first_tried_at=None, settled_at=None):
        raise NotParked
    delivery = Delivery.objects.select_related("destination", "person").get(pk=delivery_id)
    _record(
        DeliveryReplayed(delivery_id=delivery.pk, destination_id=delivery.destination_id), delivery, now=now
    )
    transaction.on_commit(lambda: ringing.ring(str(delivery.pk)))
    return delivery


def _record(fact: DeliveryQueued | DeliveryReplayed, delivery: Delivery, *, now: datetime) -> None:
    record(
        fact,
        now=now,
        subject=f"certificate:{delivery.certificate_id}",
        organization_id=delivery.person.organization_id,
    )
