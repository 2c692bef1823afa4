"""Checking the whole record: the chain, and every signed checkpoint over it."""

from dataclasses import dataclass
from datetime import datetime

from keys.errors import SignatureInvalid
from keys.signing import Purpose, verify_jwt
from lti_platform.journal import sealing
from lti_platform.journal.models import Entry, Seal
from lti_platform.journal.sealing import Break


@dataclass(frozen=True)
class Verdict:
    """How far was read, and the first break: `hash`, `link`, `gap`, `cut` or `signature`."""

    entries: int
    seals: int
    unsealed: int
    found: Break | None


def verify_record(*, now: datetime) -> Verdict:
    """Walks every sealed entry in order, then every seal."""
    sealed = Entry.objects.exclude(number=None).order_by("number")
    found = sealing.verify(sealed.iterator(chunk_size=2000)) or _first_bad_seal(now=now)
    unsealed = Entry.objects.filter(number=None).count()
    return Verdict(entries=sealed.count(), seals=Seal.objects.count(), unsealed=unsealed, found=found)


def _first_bad_seal(*, now: datetime) -> Break | None:
    for seal in Seal.objects.order_by("number").iterator(chunk_size=500):
        entry = Entry.objects.filter(number=seal.number).first()
        if entry is None:
            return Break(seal.number, "cut")
        if entry.hash != seal.hash or not _is_ours(seal, now=now):
            return Break(seal.number, "signature")
    return None


def _is_ours(seal: Seal, *, now: datetime) -> bool:
    try:
        claims = verify_jwt(seal.signature, purpose=Purpose.SEAL, audience=None, now=now)
    except SignatureInvalid:
        return False
    return (claims.get("number"), claims.get("hash")) == (seal.number, seal.hash)
