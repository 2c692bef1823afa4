"""The hash chain: built after commit by one sealer, checkpointed by a signature, verifiable offline."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785
from django.db import transaction

from keys.signing import Purpose, sign_jwt
from lti_platform.journal.models import Entry, Seal

FIRST_HASH = "0" * 64
CHAINED = (
    "id", "number", "fact_type", "version", "payload", "subject", "organization_id",
    "actor_kind", "actor_id", "recorded_at", "details_digest", "previous_hash",
)  # fmt: skip


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and which rule failed: `hash`, `link` or `gap`."""

    number: int
    rule: str


def chained_form(entry: Entry) -> dict[str, Any]:
    """What the hash covers, as JSON values; times in UTC to the microsecond."""
    values = {name: getattr(entry, name) for name in CHAINED}
    values["id"], values["recorded_at"] = str(entry.id), entry.recorded_at.astimezone(UTC).isoformat()
    values["organization_id"] = str(entry.organization_id) if entry.organization_id else None
    return values


def hash_of(form: dict[str, Any]) -> str:
    """SHA-256 (hex) of the RFC 8785 canonical JSON."""
    return hashlib.sha256(rfc8785.dumps(form)).hexdigest()


@transaction.atomic
def seal_pending(*, now: datetime, most: int = 2000) -> int:
    """Chains entries not yet sealed, in order of recording, and signs the new head; how many.

    Called by the one sealer (the scheduler's lease); the unique number refuses a second one.
    """
    last = Entry.objects.exclude(number=None).order_by("-number").first()
    number, head = (last.number or 0, last.hash) if last else (0, FIRST_HASH)
    pending = list(Entry.objects.filter(number=None).order_by("recorded_at", "id")[:most])
    for entry in pending:
        number += 1
        entry.number, entry.previous_hash = number, head
        entry.hash = head = hash_of(chained_form(entry))
    if pending:
        Entry.objects.bulk_update(pending, ["number", "previous_hash", "hash"], batch_size=200)
        claims = {"number": number, "hash": head, "sealed_at": now.astimezone(UTC).isoformat()}
        Seal.objects.create(
            number=number, hash=head, signature=sign_jwt(claims, purpose=Purpose.SEAL), sealed_at=now
        )
    return len(pending)


def verify(
    entries: Iterable[Entry], *, previous_hash: str = FIRST_HASH, previous_number: int = 0
) -> Break | None:
    """The first break in a run of sealed entries in order of number, or None when it is unbroken."""
    for entry in entries:
        if entry.number != previous_number + 1:
            return Break(previous_number + 1, "gap")
        if entry.previous_hash != previous_hash:
            return Break(entry.number, "link")
        if hash_of(chained_form(entry)) != entry.hash:
            return Break(entry.number, "hash")
        previous_hash, previous_number = entry.hash, entry.number
    return None
