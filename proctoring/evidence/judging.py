"""A received object is streamed once, hashed, opened, compared with what was declared; then accepted or set apart."""

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from proctoring import incidents
from proctoring.evidence import keeping
from proctoring.evidence.errors import ObjectMissing
from proctoring.evidence.facts import EvidenceAccepted, EvidenceQuarantined
from proctoring.evidence.models import EvidenceItem
from proctoring.evidence.probing import NotAsDeclared, Probe, probe
from proctoring.evidence.retention import STANDARD, kept_until
from proctoring.evidence.stores.chosen import current_store
from proctoring.evidence.stores.contract import CHUNK_BYTES, Store, new_key
from proctoring.moving import tell

State = EvidenceItem.State
QUARANTINE_SEVERITY = "0.5"


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What the store gave us: never more than one byte over what was declared."""

    bytes: int
    sha256: str


def judge(item_id: UUID, *, now: datetime) -> EvidenceItem:
    """The item, accepted or quarantined; one judged before is left alone. Raises StoreUnavailable: try again.

    A verdict that came first, or meanwhile, says how long this item is kept too.
    """
    item = EvidenceItem.objects.select_related("session__attempt__person", "session__attempt__exam").get(
        id=item_id
    )
    if item.state == State.RECEIVED:
        item = _look_at(item, now=now)
    keeping.keep_after_verdict(item.session.attempt_id)
    return item


def _look_at(item: EvidenceItem, *, now: datetime) -> EvidenceItem:
    store = current_store()
    with tempfile.TemporaryDirectory(prefix="evidence-") as folder:
        path, copy = Path(folder) / "object", Path(folder) / "playback"
        fetched: Fetched | None = None
        try:
            fetched = fetch(item, store=store, path=path)
            _compare(item, fetched=fetched)
            found = probe(path, media_type=item.media_type, copy_to=copy)
        except ObjectMissing:
            return _quarantine(item, reason="object_missing", fetched=None, now=now)
        except NotAsDeclared as error:
            return _quarantine(item, reason=error.reason, fetched=fetched, now=now)
        return _accept(item, fetched=fetched, found=found, now=now)


def fetch(item: EvidenceItem, *, store: Store, path: Path) -> Fetched:
    """Stream the object to `path`, hashing on the way; stops at the first byte too many. Raises ObjectMissing."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for chunk in store.open_stream(
            item.object_key, version=item.object_version, stop=item.declared_bytes + 1
        ):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return Fetched(bytes=size, sha256=digest.hexdigest())


def _compare(item: EvidenceItem, *, fetched: Fetched) -> None:
    if not fetched.bytes == item.declared_bytes == item.completed_bytes:
        raise NotAsDeclared("size_differs")
    if fetched.sha256 != item.declared_sha256:
        raise NotAsDeclared("digest_differs")


def _accept(item: EvidenceItem, *, fetched: Fetched, found: Probe, now: datetime) -> EvidenceItem:
    until = _retained(item)
    playback = _store_playback(found, until=until)
    current_store().lock(item.object_key, version=item.object_version, until=until)
    changes = {"state": State.ACCEPTED, "probe": found.details, "duration_ms": found.duration_ms, **playback}
    with transaction.atomic():
        if _conclude(item, fetched=fetched, now=now, kept_until=until, **changes):
            fact = EvidenceAccepted(item_id=item.id, session_id=item.session_id, sha256=fetched.sha256)
            tell(item.session.attempt, fact, now=now)
    return item


def _quarantine(item: EvidenceItem, *, reason: str, fetched: Fetched | None, now: datetime) -> EvidenceItem:
    """Kept and locked like any other: what was sent in its place is evidence too."""
    until = _retained(item)
    if fetched:
        current_store().lock(item.object_key, version=item.object_version, until=until)
    with transaction.atomic():
        if _conclude(
            item,
            fetched=fetched,
            now=now,
            kept_until=until,
            state=State.QUARANTINED,
            quarantine_reason=reason,
        ):
            fact = EvidenceQuarantined(item_id=item.id, session_id=item.session_id, reason=reason)
            tell(item.session.attempt, fact, now=now)
            _raise_incident(item, now=now)
    return item


def _conclude(item: EvidenceItem, *, fetched: Fetched | None, now: datetime, **changes: Any) -> bool:
    """Whether this call is the one that judged the item."""
    if fetched:
        changes |= {"bytes": fetched.bytes, "sha256": fetched.sha256}
    judged = EvidenceItem.objects.filter(id=item.id, state=State.RECEIVED).update(judged_at=now, **changes)
    item.refresh_from_db(fields=[*changes, "judged_at", "state"])
    return bool(judged)


def _store_playback(found: Probe, *, until: datetime) -> dict[str, Any]:
    if found.playback is None:
        return {}
    store, key = current_store(), new_key()
    stored = store.put_file(key, found.playback, media_type=found.playback_media_type)
    store.lock(key, version=stored.version, until=until)
    return {
        "playback_key": key,
        "playback_version": stored.version,
        "playback_media_type": found.playback_media_type,
        "playback_bytes": stored.bytes,
        "playback_sha256": digest_of(found.playback),
    }


def digest_of(path: Path) -> str:
    """SHA-256 (hex) of a file, read in chunks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _retained(item: EvidenceItem) -> datetime:
    attempt = item.session.attempt
    retention_class = attempt.policy.get("retention_class") or attempt.exam.retention_class or STANDARD
    return kept_until(retention_class, kind=item.kind, received_at=item.received_at or item.planned_at)


def _raise_incident(item: EvidenceItem, *, now: datetime) -> None:
    offset = timedelta(milliseconds=item.clock_offset_ms or 0)
    incidents.notice(
        item.session.attempt,
        "evidence_quarantined",
        now=now,
        severity=QUARANTINE_SEVERITY,
        about=str(item.id),
        occurred_at=item.capture_started_at + offset if item.capture_started_at else now,
        session=item.session,
    )
