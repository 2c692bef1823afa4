"""Playing what was recorded: short-lived addresses, each bound to one person's access to one object."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from proctoring.evidence import accessing, addresses
from proctoring.evidence.errors import AccessOver, AddressRefused
from proctoring.evidence.models import Access, EvidenceItem
from proctoring.evidence.stores.chosen import current_store
from proctoring.evidence.timeline import origin, recorded_from
from proctoring.models import Session

ADDRESS_LIFETIME = timedelta(minutes=15)
DIRECT_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A playable piece of a stream; `start_offset_ms` is its place in session time, from the first piece on."""

    item_id: UUID
    stream: str
    sequence: int
    start_offset_ms: int
    duration_ms: int
    url: str
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Playable:
    """An object that a person may read now, as the store knows it."""

    key: str
    version: str
    media_type: str
    bytes: int


def playlist(session: Session, access: Access, *, now: datetime) -> list[Segment]:
    """Every accepted segment with an address good for 15 minutes, by stream and time; ask again for fresh ones.

    Raises AccessOver.
    """
    accessing.judge(access, session_id=session.id, now=now)
    items = EvidenceItem.objects.filter(
        session=session, kind=EvidenceItem.Kind.RECORDING, state=EvidenceItem.State.ACCEPTED
    )
    found = [(item, recorded) for item in items if (recorded := recorded_from(item))]
    start = origin(recorded for _, recorded in found)
    segments = [
        Segment(
            item_id=item.id,
            stream=item.stream,
            sequence=item.sequence,
            start_offset_ms=(recorded.starts_at - start) // timedelta(milliseconds=1) if start else 0,
            duration_ms=item.duration_ms or 0,
            url=address_of(item, access, now=now),
            media_type=item.playback_media_type,
        )
        for item, recorded in found
        if access.item_id in (None, item.id)
    ]
    return sorted(segments, key=lambda segment: (segment.stream, segment.start_offset_ms, segment.sequence))


def address_of(item: EvidenceItem, access: Access, *, now: datetime) -> str:
    """Where the person may see this item for 15 minutes, the access permitting. Raises AccessOver."""
    accessing.judge(access, session_id=item.session_id, now=now)
    if access.item_id not in (None, item.id):
        raise AccessOver
    expires_at = min(now + ADDRESS_LIFETIME, access.expires_at)
    values = {"access": str(access.id), "item": str(item.id)}
    token = addresses.token(values, purpose=addresses.PLAY, expires_at=expires_at)
    return str(settings.PLATFORM_URL) + reverse("evidence-play", args=[token])


def playable(token: str, *, person_id: UUID | None, now: datetime) -> Playable:
    """What the address shows, to the person it was made for. Raises AddressRefused, also for anybody else."""
    values = addresses.opened(token, purpose=addresses.PLAY, now=now)
    mine = Access.objects.filter(id=values["access"], expires_at__gt=now)
    access = mine.filter(person_id=person_id).first() if person_id else None
    item = EvidenceItem.objects.filter(id=values["item"], state=EvidenceItem.State.ACCEPTED).first()
    if access is None or item is None or item.session_id != access.session_id:
        raise AddressRefused
    if item.playback_key:
        return Playable(
            key=item.playback_key,
            version=item.playback_version,
            media_type=item.playback_media_type,
            bytes=item.playback_bytes or 0,
        )
    return Playable(
        key=item.object_key, version=item.object_version, media_type=item.media_type, bytes=item.bytes or 0
    )


def direct_url(found: Playable, *, now: datetime) -> str | None:
    """Where the store itself shows it for five minutes; None if the bytes come through us."""
    return current_store().direct_url(
        found.key,
        version=found.version,
        media_type=found.media_type,
        expires_at=now + DIRECT_LIFETIME,
        now=now,
    )


def media_origin() -> str:
    """What a page that plays recordings must add to its `media-src`; empty if nothing."""
    return current_store().origin()
