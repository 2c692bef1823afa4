"""The contract of every store, held against folders and against a real S3 server with Object Lock."""

import dataclasses
import secrets
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError

import pytest

from proctoring.evidence import addresses
from proctoring.evidence.errors import (
    AddressRefused,
    KeyMalformed,
    ObjectExists,
    ObjectMissing,
    UploadCutShort,
    UploadTooLong,
)
from proctoring.evidence.stores.contract import Store, new_key
from proctoring.evidence.stores.local import LocalStore
from proctoring.evidence.stores.s3 import S3Store, bucket_client
from tests.services.seaweed import ObjectStore


@pytest.fixture
def local(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "store", base_url="http://localhost:8000")


@pytest.fixture
def s3(seaweed: ObjectStore, evidence_bucket: str, monkeypatch: pytest.MonkeyPatch) -> S3Store:
    for name, value in seaweed.environment().items():
        monkeypatch.setenv(name, value)
    return S3Store(evidence_bucket, client=bucket_client(endpoint=seaweed.endpoint, region=seaweed.region))


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.services)])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def written(data: bytes) -> Path:
        path = tmp_path / secrets.token_hex(4)
        path.write_bytes(data)
        return path

    return written


def soon() -> datetime:
    """A minute from now: the S3 server goes by the real clock."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)


def test_what_is_stored_reads_back_whole_and_in_parts(store: Store, file: Callable[[bytes], Path]) -> None:
    key, data = new_key(), secrets.token_bytes(700_000)
    stored = store.put_file(key, file(data), media_type="video/webm")
    assert stored.bytes == len(data)
    assert store.stat(key) == stored
    assert b"".join(store.open_stream(key, version=stored.version)) == data
    assert b"".join(store.open_stream(key, start=5, stop=9)) == data[5:9]
    assert b"".join(store.open_stream(key, start=len(data) - 3)) == data[-3:]
    assert b"".join(store.open_stream(key, start=7, stop=7)) == b""


def test_an_object_is_written_once(store: Store, file: Callable[[bytes], Path]) -> None:
    key = new_key()
    store.put_file(key, file(b"first"), media_type="video/webm")
    with pytest.raises(ObjectExists):
        store.put_file(key, file(b"second"), media_type="video/webm")
    assert b"".join(store.open_stream(key)) == b"first"


def test_what_was_never_written_is_missing(store: Store) -> None:
    key = new_key()
    assert store.stat(key) is None
    with pytest.raises(ObjectMissing):
        store.open_stream(key)
    with pytest.raises(ObjectMissing):
        store.lock(key, until=soon())


def test_a_lock_may_be_lengthened_and_not_shortened(store: Store, file: Callable[[bytes], Path]) -> None:
    key, until = new_key(), soon()
    version = store.put_file(key, file(b"kept"), media_type="video/webm").version
    assert store.locked_until(key, version=version) is None
    store.lock(key, version=version, until=until)
    store.lock(key, version=version, until=until + timedelta(minutes=1))
    store.lock(key, version=version, until=until)
    assert store.locked_until(key, version=version) == until + timedelta(minutes=1)


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "a/b", "", "0" * 31, "0" * 33, "A" * 32, "0" * 31 + "\n"]
)
def test_a_key_is_never_a_path(store: Store, key: str) -> None:
    for use in (store.stat, store.open_stream, store.locked_until):
        with pytest.raises(KeyMalformed):
            use(key)
    with pytest.raises(KeyMalformed):
        store.plan_upload(key, media_type="video/webm", bytes=1, now=soon())


def test_an_upload_plan_is_for_minutes_and_for_one_type(store: Store) -> None:
    now = datetime.now(UTC)
    plan = store.plan_upload(new_key(), media_type="video/webm", bytes=3, now=now)
    assert plan.method == "PUT"
    assert plan.headers == {"Content-Type": "video/webm", "If-None-Match": "*"}
    assert timedelta(minutes=5) <= plan.expires_at - now <= timedelta(minutes=15)


@pytest.mark.services
def test_a_presigned_address_takes_exactly_what_was_planned_and_once(s3: S3Store) -> None:
    key = new_key()
    plan = s3.plan_upload(key, media_type="video/webm", bytes=5, now=datetime.now(UTC))
    assert put(plan.url, b"longer", plan.headers) == 403
    assert put(plan.url, b"12345", plan.headers | {"Content-Type": "text/html"}) == 403
    assert put(plan.url, b"12345", {"Content-Type": "video/webm"}) == 403
    assert put(plan.url.replace(key, new_key()), b"12345", plan.headers) == 403
    assert s3.stat(key) is None
    assert put(plan.url, b"12345", plan.headers) == 200
    assert put(plan.url, b"54321", plan.headers) == 412
    assert b"".join(s3.open_stream(key)) == b"12345"


@pytest.mark.services
def test_a_locked_version_cannot_be_removed(s3: S3Store, file: Callable[[bytes], Path]) -> None:
    key = new_key()
    version = s3.put_file(key, file(b"kept"), media_type="video/webm").version
    s3.lock(key, version=version, until=soon())
    with pytest.raises(s3._client.exceptions.ClientError, match="AccessDenied"):
        s3._client.delete_object(Bucket=s3._bucket, Key=key, VersionId=version)
    assert b"".join(s3.open_stream(key, version=version)) == b"kept"


@pytest.mark.services
def test_a_direct_address_shows_the_version_and_no_other(s3: S3Store, file: Callable[[bytes], Path]) -> None:
    key, now = new_key(), datetime.now(UTC)
    stored = s3.put_file(key, file(b"recorded"), media_type="video/webm")
    url = s3.direct_url(
        key, version=stored.version, media_type="video/webm", expires_at=now + timedelta(minutes=5), now=now
    )
    assert url is not None
    assert url.startswith(s3.origin())
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Range": "bytes=0-2"})) as answer:
        assert (answer.status, answer.read()) == (206, b"rec")
        assert answer.headers["Content-Type"] == "video/webm"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_broken_upload_leaves_nothing(local: LocalStore, tmp_path: Path) -> None:
    key = new_key()
    with pytest.raises(UploadTooLong):
        local.receive(key, chunks=[b"12", b"34"], bytes=3)
    with pytest.raises(UploadCutShort):
        local.receive(key, chunks=[b"12"], bytes=3)
    assert local.stat(key) is None
    assert not [path for path in (tmp_path / "store").rglob("*") if path.is_file()]


def test_of_two_uploads_under_way_one_wins(local: LocalStore) -> None:
    key = new_key()

    def slow() -> list[bytes]:
        local.receive(key, chunks=[b"fast"], bytes=4)
        return [b"slow"]

    with pytest.raises(ObjectExists):
        local.receive(key, chunks=(chunk for chunk in slow()), bytes=4)
    assert b"".join(local.open_stream(key)) == b"fast"


def test_an_upload_token_holds_what_it_is_for_and_expires(local: LocalStore, now: datetime) -> None:
    key = new_key()
    plan = local.plan_upload(key, media_type="video/webm", bytes=3, now=now)
    token = plan.url.rpartition("/")[2]
    values = addresses.opened(token, purpose=addresses.UPLOAD, now=now)
    assert (values["key"], values["type"], values["bytes"]) == (key, "video/webm", 3)
    for wrong in ({"now": plan.expires_at}, {"purpose": addresses.PLAY}):
        with pytest.raises(AddressRefused):
            addresses.opened(token, **{"purpose": addresses.UPLOAD, "now": now, **wrong})  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan.url = "elsewhere"  # type: ignore[misc]


def put(url: str, data: bytes, headers: dict[str, str]) -> int:
    """The status of a PUT."""
    request = urllib.request.Request(url, data=data, headers=headers, method="PUT")
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
