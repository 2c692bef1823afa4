"""A destination at a receiver of the test, and what reached it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook

from certificates import revoking
from certificates.models import Certificate
from certificates.onward import deliveries, destinations, sending
from certificates.onward.models import Delivery, Destination
from lti_platform.people.models import Organization, Person
from tests.certificates.passing import make_certificate
from tests.services.receiver import Answer, Asked, Receiver


@dataclass
class Portal:
    """A contractor portal: the destination we know, the secret it was given, and the server behind its address."""

    destination: Destination
    secret: str
    receiver: Receiver
    path: str = "/hook"

    def answers(self, status: int = 200, **headers: str) -> None:
        """From now on it answers so; underscores in header names are hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.receiver.answer_with(self.path, status=status, headers=named)

    def behaves(self, answer: Answer) -> None:
        """From now on it answers so."""
        self.receiver.answers[self.path] = answer

    @property
    def heard(self) -> list[Asked]:
        """Every request to it, in order."""
        return [asked for asked in self.receiver.asked if asked.path == self.path]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What the requests said."""
        return [json.loads(asked.body) for asked in self.heard]

    def verified(self, asked: Asked) -> dict[str, Any]:
        """What a signed request says, by an independent check. Signatures of another day are checked at their time."""
        hook = Webhook(self.secret)
        timestamp, message_id = int(asked.headers["webhook-timestamp"]), asked.headers["webhook-id"]
        moment = datetime.fromtimestamp(timestamp, UTC)
        assert hook.sign(message_id, moment, asked.body.decode()) == asked.headers["webhook-signature"]
        body: dict[str, Any] = json.loads(asked.body)
        return body


def portal(
    receiver: Receiver,
    *,
    now: datetime,
    name: str = "Portal",
    organization: Organization | None = None,
    sends_score: bool = False,
    path: str = "/hook",
) -> Portal:
    """A destination for everybody's certificates that answers 200."""
    url = receiver.answer_with(path)
    destination, secret = destinations.create(
        name=name, url=url, organization=organization, sends_score=sends_score, now=now
    )
    return Portal(destination, secret, receiver, path)


def owed(now: datetime, *, person: Person | None = None) -> Delivery:
    """A certificate just earned, and the one delivery it owes."""
    (delivery,) = deliveries.queue(make_certificate(now, person=person).pk, now=now)
    return delivery


def revoked(certificate: Certificate, *, now: datetime) -> Delivery:
    """The certificate revoked, and the one delivery that owes."""
    revoking.revoke(certificate.pk, reason="Rejected.", now=now)
    (delivery,) = deliveries.queue(certificate.pk, now=now)
    return delivery


def state(delivery: Delivery) -> str:
    """The delivery's state as the database has it."""
    return Delivery.objects.get(pk=delivery.pk).state


def send(delivery: Delivery, *, now: datetime) -> Delivery:
    """One try at the delivery; it as the database then has it."""
    sending.send(delivery.pk, now=now)
    return Delivery.objects.get(pk=delivery.pk)
