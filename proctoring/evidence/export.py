"""All evidence of an attempt in one ZIP that proves itself: streamed, hashed on the way, listed and signed."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from keys.models import SigningKey
from proctoring.evidence import jws
from proctoring.evidence.awaiting import JUDGED
from proctoring.evidence.errors import AccessOver, DocumentNameRefused, ObjectMissing
from proctoring.evidence.facts import EvidenceExported
from proctoring.evidence.manifest import canonical, digest, incident_list, moment
from proctoring.evidence.models import Access, EvidenceItem, Manifest
from proctoring.evidence.stores.chosen import current_store
from proctoring.models import Attempt, Session
from proctoring.moving import tell

SCHEMA = "proctored-credentials/evidence-bundle/1"
EXTENSIONS = {
    "video/webm": "webm",
    "audio/webm": "webm",
    "video/mp4": "mp4",
    "audio/mp4": "mp4",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/json": "json",
    "application/x-ndjson": "ndjson",
}
_DOCUMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


@dataclass
class Bundle:
    """A ZIP being written: each file is stored as it comes, and entered in the list."""

    zip: zipfile.ZipFile
    at: datetime
    files: list[dict[str, Any]] = field(default_factory=list)
    kids: set[str] = field(default_factory=set)

    def add(self, path: str, chunks: Iterable[bytes]) -> None:
        """Write one file from its chunks."""
        sha256, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(path, date_time=self.at.astimezone(UTC).timetuple()[:6])
        info.external_attr = 0o644 << 16
        with self.zip.open(info, "w", force_zip64=True) as target:
            for chunk in chunks:
                sha256.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.files.append({"path": path, "bytes": size, "sha256": sha256.hexdigest()})

    def sign(self, path: str, body: bytes, *, signature: str) -> None:
        """Write a body and its detached signature, and remember the key."""
        self.kids.add(jws.key_of(signature))
        self.add(path, [body])
        self.add(f"{path}.jws", [signature.encode()])


def write_bundle(
    attempt: Attempt,
    out_file: IO[bytes],
    *,
    extra_documents: Mapping[str, bytes],
    access: Access | None,
    now: datetime,
) -> None:
    """Write the bundle to `out_file` (it need not seek), and record that a copy left the house.

    `extra_documents` (name → bytes, such as timeline.json) come under `documents/`, covered by the signed list.
    `access` is to a session of the attempt; None only if it has none. Raises AccessOver, DocumentNameRefused,
    StoreUnavailable.
    """
    sessions = list(Session.objects.filter(attempt=attempt).order_by("launched_at", "id"))
    _judge(sessions, access=access, names=extra_documents, now=now)
    with zipfile.ZipFile(out_file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        bundle = Bundle(archive, at=now)
        written = [
            _write_session(bundle, session, folder=f"sessions/{place}")
            for place, session in enumerate(sessions, start=1)
        ]
        for name, document in sorted(extra_documents.items()):
            bundle.add(f"documents/{name}", [document])
        _write_page(bundle, attempt=attempt, sessions=written, access=access)
        sha256 = _write_index(bundle, attempt=attempt, sessions=written, access=access)
    fact = EvidenceExported(access_id=access.id if access else None, sha256=sha256)
    with transaction.atomic():
        tell(attempt, fact, now=now)


def _judge(sessions: list[Session], *, access: Access | None, names: Iterable[str], now: datetime) -> None:
    is_covered = not sessions if access is None else access.session_id in {session.id for session in sessions}
    if not is_covered or (access and (access.item_id or not access.granted_at <= now < access.expires_at)):
        raise AccessOver
    for name in names:
        if not _DOCUMENT.match(name):
            raise DocumentNameRefused(name[:100])


def _write_session(bundle: Bundle, session: Session, *, folder: str) -> dict[str, Any]:
    manifests = list(Manifest.objects.filter(session=session))
    for manifest in manifests:
        _write_manifest(bundle, manifest, folder=folder)
    written = [
        {"item": item, "path": _write_item(bundle, item, folder=folder)}
        for item in _sealed_items(session, last=manifests[-1] if manifests else None)
    ]
    return {"session": session, "folder": folder, "manifests": manifests, "items": written}


def _write_manifest(bundle: Bundle, manifest: Manifest, *, folder: str) -> None:
    name = f"{folder}/manifest-{manifest.number}.json"
    bundle.sign(name, manifest.body.encode(), signature=manifest.signature)
    sealed = json.loads(manifest.body)["incidents"]["ids"]
    incidents = manifest.session.attempt.incidents.filter(id__in=sealed)
    bundle.add(f"{folder}/incidents-{manifest.number}.json", [incident_list(incidents)])


def _sealed_items(session: Session, *, last: Manifest | None) -> list[EvidenceItem]:
    """What the last manifest lists; of a session not sealed yet, all that was judged."""
    judged = EvidenceItem.objects.filter(session=session, state__in=JUDGED)
    if last:
        judged = judged.filter(id__in=[listed["id"] for listed in json.loads(last.body)["objects"]])
    return list(judged)


def _write_item(bundle: Bundle, item: EvidenceItem, *, folder: str) -> str:
    """The path of the copy that plays best; empty if the store has lost the object (the verifier will say so)."""
    path = f"{folder}/media/{item.id}.{EXTENSIONS[item.media_type]}"
    is_written = _copy(bundle, path, key=item.object_key, version=item.object_version)
    if not item.playback_key:
        return path if is_written else ""
    playback = f"{folder}/media/{item.id}.playback.{EXTENSIONS[item.playback_media_type]}"
    return playback if _copy(bundle, playback, key=item.playback_key, version=item.playback_version) else ""


def _copy(bundle: Bundle, path: str, *, key: str, version: str) -> bool:
    try:
        bundle.add(path, current_store().open_stream(key, version=version))
    except ObjectMissing:
        return False
    return True


def _write_page(
    bundle: Bundle, *, attempt: Attempt, sessions: list[dict[str, Any]], access: Access | None
) -> None:
    files = resources.files("proctoring.evidence.bundle")
    for name in ("verify.py", "style.css"):
        bundle.add(name, [files.joinpath(name).read_bytes()])
    context = {
        "attempt": attempt,
        "issuer": settings.PLATFORM_URL,
        "exported_at": bundle.at,
        "access": access,
        "sessions": sessions,
        "documents": [entry["path"] for entry in bundle.files if entry["path"].startswith("documents/")],
    }
    bundle.add("index.html", [render_to_string("evidence/bundle/index.html", context).encode()])


def _write_index(
    bundle: Bundle, *, attempt: Attempt, sessions: list[dict[str, Any]], access: Access | None
) -> str:
    # The key that will sign the list is among the keys that the list covers.
    signer = jws.key_of(jws.sign_detached(b""))
    keys = SigningKey.objects.filter(kid__in={*bundle.kids, signer}).order_by("kid")
    bundle.add("keys.json", [canonical({"keys": [key.public_jwk for key in keys]})])
    body = canonical(
        {
            "schema": SCHEMA,
            "issuer": settings.PLATFORM_URL,
            "attempt": str(attempt.id),
            "exported_at": moment(bundle.at),
            "access": str(access.id) if access else None,
            "reason": access.reason if access else None,
            "sessions": [
                {
                    "session": str(one["session"].id),
                    "folder": one["folder"],
                    "manifests": len(one["manifests"]),
                }
                for one in sessions
            ],
            "files": list(bundle.files),
        }
    )
    bundle.sign("index.json", body, signature=jws.sign_detached(body))
    return digest(body)
