"""Deliveries owed: one for each destination and state, in order for each person, the newest state overtaking older."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q

from certificates.models import Certificate
from certificates.onward import payloads, ringing
from certificates.onward.errors import NotParked
from certificates.onward.facts import DeliveryQueued, DeliveryReplayed
from certificates.onward.models import Delivery, Destination
from lti_platform.journal.recording import record


@transaction.atomic
def queue(certificate_id: UUID, *, event_type: str, now: datetime) -> list[Delivery]:
    """Owes the certificate's present state to every destination that gets this person; twice owes nothing twice."""
    certificate = Certificate.objects.select_related("person").get(pk=certificate_id)
    concerned = Q(organization=None) | Q(organization_id=certificate.person.organization_id)
    # The row lock gives each destination's deliveries their order.
    destinations = Destination.objects.select_for_update().filter(concerned).order_by("pk")
    found = [_owe(certificate, destination, event_type=event_type, now=now) for destination in destinations]
    return [delivery for delivery in found if delivery]


def _owe(
    certificate: Certificate, destination: Destination, *, event_type: str, now: datetime
) -> Delivery | None:
    same = Delivery.objects.filter(destination=destination, certificate=certificate)
    if same.filter(certificate_version__gte=certificate.version).exists():
        return None
    same.filter(state=Delivery.State.DUE, lease=None).update(state=Delivery.State.SUPERSEDED, settled_at=now)
    mine = Delivery.objects.filter(destination=destination, person=certificate.person)
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
    _record(DeliveryQueued(delivery_id=delivery.pk, destination_id=destination.pk), delivery, now=now)
    transaction.on_commit(lambda: ringing.ring(str(delivery.pk)))
    return delivery


@transaction.atomic
def replay(delivery_id: UUID, *, now: datetime) -> Delivery:
    """Sends a parked delivery again from the first try, with the same id and the same bytes. Raises NotParked."""
    again = {"state": Delivery.State.DUE, "attempts": 0, "due_at": now, "settled_at": None, "created_at": now}
    if not Delivery.objects.filter(pk=delivery_id, state=Delivery.State.PARKED).update(**again):
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
