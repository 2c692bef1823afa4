"""Destinations: made with a secret of their own, switched on and off; the secret is sealed at rest."""

import base64
import secrets
import uuid
from datetime import datetime

from django.db import transaction

from certificates.onward.facts import DestinationChanged
from certificates.onward.models import Destination
from keys.enveloping import open_sealed, seal
from lti_platform.journal.recording import record
from lti_platform.people.models import Organization

SECRET_BYTES = 32  # Standard Webhooks asks for 24 to 64


def new_secret() -> str:
    """A fresh signing secret, as Standard Webhooks writes it: whsec_ and Base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def raw_secret(secret: str) -> bytes:
    """The bytes of a secret in its written form."""
    return base64.b64decode(secret.removeprefix("whsec_"))


@transaction.atomic
def create(
    *, name: str, url: str, organization: Organization | None = None, sends_score: bool = False,
    secret: str = "", now: datetime,
) -> tuple[Destination, str]:  # fmt: skip
    """A new destination and its secret, which is shown this once."""
    secret, pk = secret or new_secret(), uuid.uuid4()
    destination = Destination.objects.create(
        pk=pk, name=name, url=url, organization=organization, sends_score=sends_score,
        sealed_secret=seal(secret.encode(), context=_context(pk)),
    )  # fmt: skip
    _record(destination, now=now)
    return destination, secret


def shown_secret(destination: Destination) -> str:
    """The secret as the receiver writes it down: whsec_ and Base64. Never for a page or a log."""
    return open_sealed(bytes(destination.sealed_secret), context=_context(destination.pk)).decode()


def secret_of(destination: Destination) -> bytes:
    """The secret's raw bytes, for signing."""
    return raw_secret(shown_secret(destination))


@transaction.atomic
def save(destination: Destination, *, now: datetime) -> None:
    """Saves changed fields of a destination."""
    destination.save()
    _record(destination, now=now)


def _record(destination: Destination, *, now: datetime) -> None:
    record(
        DestinationChanged(destination_id=destination.pk, is_enabled=destination.is_enabled),
        now=now,
        subject=f"destination:{destination.pk}",
        organization_id=destination.organization_id,
    )


def _context(pk: uuid.UUID) -> str:
    return f"destination:{pk}"
