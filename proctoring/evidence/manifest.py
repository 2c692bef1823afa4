"""What a manifest says. Ids are pseudonyms: no name, address or e-mail of anybody is in it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import rfc8785
from django.conf import settings

from proctoring.evidence.awaiting import Gap
from proctoring.evidence.models import EvidenceItem, Manifest
from proctoring.models import Incident, Session

SCHEMA = "proctored-credentials/evidence-manifest/1"


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a session's manifest lists."""

    items: Sequence[EvidenceItem]
    gaps: Sequence[Gap]
    incidents: Sequence[Incident]
    coverage_percent: Decimal | None


def body_of(session: Session, *, contents: Contents, previous: Manifest | None, sealed_at: datetime) -> bytes:
    """Canonical JSON (RFC 8785). `previous` is the manifest that this one amends."""
    attempt = session.attempt
    return canonical(
        {
            "schema": SCHEMA,
            "issuer": settings.PLATFORM_URL,
            "organization": _text(attempt.person.organization_id),
            "subject": str(attempt.person_id),
            "exam": str(attempt.exam_id),
            "attempt": str(attempt.id),
            "session": str(session.id),
            "deployment": session.deployment.deployment_id,
            "policy": {
                "version": attempt.policy.get("exam_version"),
                "sha256": digest(canonical(attempt.policy)),
            },
            "number": previous.number + 1 if previous else 1,
            "previous": {"number": previous.number, "sha256": previous.sha256} if previous else None,
            "sealed_at": moment(sealed_at),
            "started_at": moment(session.started_at),
            "ended_at": moment(session.ended_at),
            "is_complete": not contents.gaps,
            "gaps": [gap.as_json() for gap in contents.gaps],
            "coverage_percent": _text(contents.coverage_percent),
            "objects": [object_of(item) for item in contents.items],
            "incidents": {
                "ids": [str(incident.id) for incident in in_order(contents.incidents)],
                "sha256": digest(incident_list(contents.incidents)),
            },
        }
    )


def object_of(item: EvidenceItem) -> dict[str, Any]:
    """One object: what it is, what it weighs, when it was captured (the tool's clock) and came to us (ours)."""
    return {
        "id": str(item.id),
        "key": item.object_key,
        "version": item.object_version,
        "role": item.kind,
        "stream": item.stream,
        "sequence": item.sequence,
        "state": item.state,
        "quarantine_reason": item.quarantine_reason,
        "media_type": item.media_type,
        "bytes": item.bytes,
        "sha256": item.sha256,
        "capture_started_at": moment(item.capture_started_at),
        "capture_ended_at": moment(item.capture_ended_at),
        "clock_offset_ms": item.clock_offset_ms,
        "duration_ms": item.duration_ms,
        "received_at": moment(item.received_at),
        "kept_until": moment(item.kept_until),
        "playback": _playback(item),
    }


def incident_list(incidents: Iterable[Incident]) -> bytes:
    """The incidents in order, as canonical JSON: whoever holds the list can compare it with the manifest's digest."""
    return canonical(
        [
            {
                "id": str(incident.id),
                "source": incident.source,
                "action": incident.action,
                "occurred_at": moment(incident.occurred_at),
                "received_at": moment(incident.received_at),
                "severity": _text(incident.severity),
                "reason_code": incident.reason_code,
                "reason_message": incident.reason_message,
                "message_digest": incident.message_digest,
            }
            for incident in in_order(incidents)
        ]
    )


def in_order(incidents: Iterable[Incident]) -> list[Incident]:
    """By the time they are of, and always the same way."""
    return sorted(incidents, key=lambda one: (one.occurred_at, one.received_at, str(one.id)))


def canonical(value: Any) -> bytes:
    """RFC 8785."""
    body: bytes = rfc8785.dumps(value)
    return body


def digest(data: bytes) -> str:
    """SHA-256 (hex)."""
    return hashlib.sha256(data).hexdigest()


def moment(at: datetime | None) -> str | None:
    """UTC with microseconds and Z, so that the same moment is always the same text."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


def _playback(item: EvidenceItem) -> dict[str, Any] | None:
    if not item.playback_key:
        return None
    return {
        "key": item.playback_key,
        "version": item.playback_version,
        "media_type": item.playback_media_type,
        "bytes": item.playback_bytes,
        "sha256": item.playback_sha256,
        "parent_sha256": item.sha256,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
