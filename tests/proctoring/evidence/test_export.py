"""A bundle proves itself: every way to tamper with it has its own name."""

import base64
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from keys.publishing import published_key_set
from lti_platform.journal.models import Entry
from proctoring.evidence import accessing, export, sealing
from proctoring.evidence.errors import AccessOver, DocumentNameRefused
from proctoring.models import Incident
from tests.factories import cora
from tests.media import webm
from tests.proctoring.evidence.bundles import codes, exported, flip_a_bit, read, verify
from tests.proctoring.evidence.staging import Stage
from tests.tool_keys import ToolKey

SESSION = "sessions/1"


@pytest.fixture
def sealed(stage: Stage, judged: Callable[..., int]) -> Stage:
    """A session with a flag, sealed without its last segment, and again when that came."""
    Incident.objects.create(
        attempt=stage.attempt,
        session=stage.session,
        source="tool",
        action="flag",
        occurred_at=stage.now,
        received_at=stage.now,
        reason_code="gaze",
        reason_message="looked away · miró",
        message_digest="d1",
    )
    stage.hand_over(webm(2), sequence=0)
    stage.end(("recording", "camera", 2))
    judged()
    sealing.consider(stage.session.id, now=stage.now + timedelta(minutes=31))
    stage.hand_over(webm(3), sequence=1, after=2, lasting=3)
    judged(after=60)
    return stage


@pytest.fixture
def bundle(sealed: Stage, tmp_path: Path) -> Path:
    return exported(sealed, tmp_path / "bundle")


def resign(folder: Path, key: ToolKey, *names: str) -> None:
    """Sign files anew, as somebody with a key of their own would."""
    for name in names:
        payload = (folder / name).read_bytes()
        header = encoded(json.dumps({"alg": "RS256", "kid": key.kid}).encode())
        signing_input = f"{header}.{encoded(payload)}".encode()
        signature = key.private.sign(signing_input, PKCS1v15(), SHA256())
        (folder / f"{name}.jws").write_text(f"{header}..{encoded(signature)}")


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_bundle_is_whole_and_says_how_to_check_it(sealed: Stage, bundle: Path) -> None:
    assert verify(bundle) == (0, [])
    page = (bundle / "index.html").read_text()
    assert "python3 verify.py" in page
    assert f"Evidence of case {sealed.attempt.case_number}" in page
    assert "Audit 7" in page
    assert read(bundle / f"{SESSION}/manifest-2.json")["is_complete"] is True
    assert (bundle / "documents/timeline.json").is_file()
    assert len(list((bundle / SESSION / "media").iterdir())) == 4


def test_a_bundle_checked_with_our_published_keys_is_ours(
    sealed: Stage, bundle: Path, tmp_path: Path
) -> None:
    trusted = tmp_path / "jwks.json"
    trusted.write_text(json.dumps(published_key_set(now=sealed.now)))
    assert codes(bundle, "--trusted-keys", str(trusted)) == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("index.json", {"INDEX_SIGNATURE_INVALID"}),
        ("index.json.jws", {"INDEX_SIGNATURE_INVALID"}),
        ("index.html", {"FILE_ALTERED"}),
        ("documents/certificate.pdf", {"FILE_ALTERED"}),
        (f"{SESSION}/incidents-1.json", {"FILE_ALTERED", "INCIDENTS_DIFFER"}),
        (f"{SESSION}/manifest-2.json.jws", {"FILE_ALTERED", "MANIFEST_SIGNATURE_INVALID"}),
    ],
)
def test_one_bit_is_enough(bundle: Path, name: str, expected: set[str]) -> None:
    path = bundle / name
    if name == "index.json":
        path.write_bytes(path.read_bytes().replace(b"regulator", b"regulatos"))
    else:
        flip_a_bit(path)
    assert codes(bundle) - {"KEY_UNKNOWN"} == expected


def test_a_changed_manifest_has_three_witnesses(bundle: Path) -> None:
    path = bundle / f"{SESSION}/manifest-1.json"
    path.write_bytes(path.read_bytes().replace(b'"is_complete":false', b'"is_complete":true '))
    assert codes(bundle) == {"FILE_ALTERED", "MANIFEST_SIGNATURE_INVALID", "CHAIN_BROKEN"}


def test_a_changed_recording_is_named(bundle: Path) -> None:
    for path in (bundle / SESSION / "media").iterdir():
        shutil.copy(path, bundle.parent / "kept")
        flip_a_bit(path)
        assert codes(bundle) == {"FILE_ALTERED", "OBJECT_ALTERED"}
        shutil.copy(bundle.parent / "kept", path)


def test_swapped_manifests_break_the_chain(bundle: Path) -> None:
    folder, kept = bundle / SESSION, bundle.parent / "kept"
    for suffix in ("json", "json.jws"):
        shutil.move(folder / f"manifest-1.{suffix}", kept)
        shutil.move(folder / f"manifest-2.{suffix}", folder / f"manifest-1.{suffix}")
        shutil.move(kept, folder / f"manifest-2.{suffix}")
    assert "CHAIN_BROKEN" in codes(bundle)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("index.json", {"INDEX_MISSING"}),
        ("index.json.jws", {"INDEX_SIGNATURE_INVALID"}),
        ("keys.json", {"INDEX_UNREADABLE"}),
        ("documents/timeline.json", {"FILE_MISSING"}),
        (f"{SESSION}/manifest-1.json", {"FILE_MISSING", "MANIFEST_MISSING"}),
        (f"{SESSION}/incidents-2.json", {"FILE_MISSING", "INCIDENTS_DIFFER"}),
    ],
)
def test_what_is_dropped_is_missed(bundle: Path, name: str, expected: set[str]) -> None:
    (bundle / name).unlink()
    assert codes(bundle) == expected


def test_a_dropped_recording_is_missed_and_an_added_one_noticed(bundle: Path) -> None:
    media = bundle / SESSION / "media"
    sorted(media.iterdir())[0].unlink()
    assert codes(bundle) == {"FILE_MISSING", "OBJECT_MISSING"}
    (media / "00000000-0000-0000-0000-000000000000.webm").write_bytes(webm(1))
    assert codes(bundle) == {"FILE_MISSING", "OBJECT_MISSING", "FILE_UNLISTED", "OBJECT_UNLISTED"}


def test_a_forged_list_without_a_recording_is_still_missed_by_the_manifest(bundle: Path) -> None:
    recording = sorted((bundle / SESSION / "media").iterdir())[0]
    recording.unlink()
    mallory = ToolKey("mallory")
    keys = read(bundle / "keys.json")
    (bundle / "keys.json").write_text(json.dumps({"keys": [*keys["keys"], mallory.jwk]}))
    index = read(bundle / "index.json")
    index["files"] = [
        entry
        for entry in index["files"]
        if entry["path"] not in (recording.relative_to(bundle).as_posix(), "keys.json")
    ]
    (bundle / "index.json").write_text(json.dumps(index))
    resign(bundle, mallory, "index.json")
    assert codes(bundle) == {"FILE_UNLISTED", "OBJECT_MISSING"}


def test_a_bundle_signed_anew_by_mallory_is_whole_but_not_ours(
    sealed: Stage, bundle: Path, tmp_path: Path
) -> None:
    mallory, trusted = ToolKey("mallory"), tmp_path / "jwks.json"
    trusted.write_text(json.dumps(published_key_set(now=sealed.now)))
    resign(bundle, mallory, "index.json")
    assert codes(bundle) == {"KEY_UNKNOWN"}
    keys = read(bundle / "keys.json")
    ours = {key["kid"]: key for key in keys["keys"]}
    # Mallory gives her key the name of ours.
    kid = next(iter(ours))
    mallory.kid = kid
    resign(bundle, mallory, "index.json")
    assert codes(bundle) == {"INDEX_SIGNATURE_INVALID"}
    (bundle / "keys.json").write_text(json.dumps({"keys": [mallory.jwk]}))
    index = read(bundle / "index.json")
    for entry in index["files"]:
        data = (bundle / entry["path"]).read_bytes()
        if entry["path"] == "keys.json":
            entry |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (bundle / "index.json").write_text(json.dumps(index))
    resign(bundle, mallory, "index.json")
    assert codes(bundle, "--trusted-keys", str(trusted)) == {"KEY_NOT_TRUSTED", "MANIFEST_SIGNATURE_INVALID"}


def test_a_session_not_sealed_yet_is_covered_by_the_list(
    stage: Stage, judged: Callable[..., int], tmp_path: Path
) -> None:
    stage.hand_over()
    judged()
    folder = exported(stage, tmp_path / "bundle")
    assert verify(folder) == (0, [])
    flip_a_bit(next((folder / SESSION / "media").iterdir()))
    assert codes(folder) == {"FILE_ALTERED"}


def test_a_copy_that_leaves_the_house_is_recorded(sealed: Stage, bundle: Path) -> None:
    entry = Entry.objects.get(fact_type="evidence.exported")
    assert entry.subject == f"attempt:{sealed.attempt.id}"
    assert entry.payload["access_id"] == read(bundle / "index.json")["access"]


@pytest.mark.parametrize(
    "name", ["../verify.py", "/etc/passwd", "a/b.json", ".hidden", "", "a\\b", "x" * 200]
)
def test_a_document_needs_a_plain_name(sealed: Stage, tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentNameRefused):
        exported(sealed, tmp_path / "bundle", documents={name: b"x"})


def test_no_bundle_without_access_to_that_attempt(sealed: Stage) -> None:
    now = sealed.now
    elsewhere = Stage(now)
    access = accessing.grant(cora(), elsewhere.session, reason="legal", now=now)
    own = accessing.grant(cora(), sealed.session, reason="legal", now=now)
    for wrong, at in ((access, now), (None, now), (own, now + timedelta(hours=1))):
        with pytest.raises(AccessOver):
            export.write_bundle(sealed.attempt, io.BytesIO(), extra_documents={}, access=wrong, now=at)
    export.write_bundle(sealed.attempt, io.BytesIO(), extra_documents={}, access=own, now=now)


def test_a_bundle_is_written_to_where_one_cannot_go_back(sealed: Stage) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            piece = bytes(data)  # type: ignore[call-overload]
            self.data += piece
            return len(piece)

    pipe = Pipe()
    access = accessing.grant(cora(), sealed.session, reason="legal", now=sealed.now)
    export.write_bundle(sealed.attempt, pipe, extra_documents={}, access=access, now=sealed.now)  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(bytes(pipe.data))) as archive:
        assert archive.testzip() is None
