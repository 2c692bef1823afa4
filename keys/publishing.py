"""Our key sets: what is in them, and the bytes of each, kept for a moment."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from keys.answering import entity_tag
from keys.models import SigningKey
from keys.purposes import Purpose

# So long a revoked key may still be served by the other processes; this one forgets at once.
KEPT_SECONDS = 5.0
MOST_KEPT = 500


@dataclass(frozen=True)
class Document:
    """A key set as it is sent, with the entity tag of exactly these bytes."""

    body: bytes
    etag: str


@dataclass(frozen=True)
class _Kept:
    document: Document
    read_at: float


_kept: dict[tuple[str, bool], _Kept] = {}


def published_key_set(*, now: datetime) -> dict[str, list[dict[str, str]]]:
    """Our public keys: upcoming, active, and retired within their overlap (LTI Security Framework 6.4).

    The keys of single owners are among them, so that whoever knows this address alone can verify everything.
    """
    return _key_set(Q(), now=now)


def key_set_of(owner: str, *, is_alone: bool, now: datetime) -> dict[str, list[dict[str, str]]]:
    """The keys whose messages this owner has to believe: with keys of its own those alone, else everybody's too."""
    whose = Q(owner=owner) if is_alone else Q(owner__in=[owner, ""])
    return _key_set(whose & Q(purpose=Purpose.ID_TOKEN), now=now)


def document(*, now: datetime) -> Document:
    """The published key set as it is sent; costs no query while it is kept."""
    return _served(("", False), read=lambda: published_key_set(now=now))


def document_of(owner: str, *, is_alone: bool, now: datetime) -> Document:
    """One owner's key set as it is sent; costs no query while it is kept."""
    return _served((owner, is_alone), read=lambda: key_set_of(owner, is_alone=is_alone, now=now))


def forget_published() -> None:
    """Read key sets afresh at the next use in this process."""
    _kept.clear()


def _key_set(whose: Q, *, now: datetime) -> dict[str, list[dict[str, str]]]:
    state = SigningKey.State
    shown = Q(state__in=[state.UPCOMING, state.ACTIVE]) | Q(state=state.RETIRED, published_until__gt=now)
    rows = SigningKey.objects.filter(whose & shown).order_by("kid")
    return {"keys": list(rows.values_list("public_jwk", flat=True))}


def _served(name: tuple[str, bool], *, read: Callable[[], dict[str, list[dict[str, str]]]]) -> Document:
    found = _kept.get(name)
    if found is None or time.monotonic() - found.read_at >= KEPT_SECONDS:
        read_at = time.monotonic()
        body = json.dumps(read(), separators=(",", ":")).encode()
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[name] = _Kept(document=Document(body=body, etag=entity_tag(body)), read_at=read_at)
    return found.document
