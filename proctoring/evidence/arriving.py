"""Uploads that come to the embedded store: one address, one write, exactly the bytes that were declared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lti_platform.launches import storing
from proctoring.evidence import addresses
from proctoring.evidence.errors import (
    AddressRefused,
    MediaTypeRefused,
    ObjectExists,
    UploadCutShort,
    UploadTooLong,
)
from proctoring.evidence.limits import essence
from proctoring.evidence.models import EvidenceItem
from proctoring.evidence.stores.chosen import current_store
from proctoring.evidence.stores.local import LocalStore


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What an upload address was given out for, and the web origins that may use it."""

    key: str
    media_type: str
    bytes: int
    origins: frozenset[str]
    is_awaited: bool


def arrival_at(token: str, *, now: datetime) -> Arrival:
    """What this address is for. Raises AddressRefused."""
    values = addresses.opened(token, purpose=addresses.UPLOAD, now=now)
    items = EvidenceItem.objects.select_related("session__deployment__registration")
    item = items.filter(object_key=values["key"]).first()
    if item is None or not item.session.deployment.registration.is_enabled:
        raise AddressRefused
    return Arrival(
        key=item.object_key,
        media_type=values["type"],
        bytes=values["bytes"],
        origins=frozenset(storing.origins(item.session.deployment.registration)),
        is_awaited=item.state == EvidenceItem.State.PLANNED,
    )


def take_in(arrival: Arrival, *, chunks: Iterable[bytes], length: int, media_type: str) -> None:
    """Write the bytes, in full or not at all; a wrong length is refused before any is read.

    Raises AddressRefused, MediaTypeRefused, UploadTooLong, UploadCutShort, ObjectExists.
    """
    store = current_store()
    if not isinstance(store, LocalStore):
        raise AddressRefused
    if essence(media_type) != arrival.media_type:
        raise MediaTypeRefused
    if length != arrival.bytes:
        raise UploadTooLong if length > arrival.bytes else UploadCutShort
    if not arrival.is_awaited:
        raise ObjectExists
    store.receive(arrival.key, chunks=chunks, bytes=arrival.bytes)
