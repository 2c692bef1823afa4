"""Objects in an S3 bucket with versions and Object Lock."""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from proctoring.evidence.errors import ObjectExists, ObjectMissing, StoreUnavailable
from proctoring.evidence.stores.contract import (
    CHUNK_BYTES,
    UPLOAD_LIFETIME,
    StoredObject,
    UploadPlan,
    checked,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "404", "NotFound"})
_NO_LOCK = frozenset({"NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"})


def bucket_client(*, endpoint: str, region: str) -> "S3Client":
    """A client for the settings' endpoint (empty: AWS), with the credentials boto3 finds by itself.

    It has a session of its own: the one that boto3 shares is made in one thread at a time only.
    """
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint else "virtual"},
        connect_timeout=5,
        read_timeout=60,
        retries={"total_max_attempts": 3, "mode": "standard"},
        # A presigned address must not demand a checksum header that no browser was told to send.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.Session().client("s3", endpoint_url=endpoint or None, region_name=region, config=config)


class S3Store:
    """A store in one bucket, as `prepare_evidence_bucket` leaves it."""

    def __init__(self, bucket: str, *, client: "S3Client") -> None:
        self._bucket = bucket
        self._client = client

    def plan_upload(self, key: str, *, media_type: str, bytes: int, now: datetime) -> UploadPlan:
        """A presigned PUT (SigV4) that signs type, length and `If-None-Match: *`, so that it is written once."""
        parameters = {
            "Bucket": self._bucket,
            "Key": checked(key),
            "ContentType": media_type,
            "ContentLength": bytes,
            "IfNoneMatch": "*",
        }
        seconds = int(UPLOAD_LIFETIME.total_seconds())
        url = self._client.generate_presigned_url("put_object", Params=parameters, ExpiresIn=seconds)
        # The browser sets Content-Length itself, from the body.
        headers = {"Content-Type": media_type, "If-None-Match": "*"}
        return UploadPlan(method="PUT", url=url, headers=headers, expires_at=now + UPLOAD_LIFETIME)

    def stat(self, key: str) -> StoredObject | None:
        """Size and version id of the object, or None."""
        try:
            with _answering(key):
                head = self._client.head_object(Bucket=self._bucket, Key=checked(key))
        except ObjectMissing:
            return None
        return StoredObject(bytes=head["ContentLength"], version=head.get("VersionId", ""))

    def open_stream(
        self, key: str, *, version: str = "", start: int = 0, stop: int | None = None
    ) -> Iterator[bytes]:
        """The bytes of that version in chunks; raises ObjectMissing at once."""
        if stop is not None and stop <= start:
            return iter(())
        parameters = self._named(key, version=version)
        if start or stop is not None:
            parameters["Range"] = f"bytes={start}-{'' if stop is None else stop - 1}"
        with _answering(key):
            body = self._client.get_object(**parameters)["Body"]
        return _chunks(body, key=key)

    def put_file(self, key: str, path: Path, *, media_type: str) -> StoredObject:
        """Store the file, unless something has this key. Raises ObjectExists."""
        with path.open("rb") as file, _answering(key):
            answer = self._client.put_object(
                Bucket=self._bucket, Key=checked(key), Body=file, ContentType=media_type, IfNoneMatch="*"
            )
        return StoredObject(bytes=path.stat().st_size, version=answer.get("VersionId", ""))

    def lock(self, key: str, *, version: str = "", until: datetime) -> None:
        """Object Lock, GOVERNANCE: only a break-glass principal may remove it earlier. A later lock stays."""
        before = self.locked_until(key, version=version)
        if before is not None and before >= until:
            return
        retention: Any = {"Mode": "GOVERNANCE", "RetainUntilDate": until}
        with _answering(key):
            self._client.put_object_retention(**self._named(key, version=version), Retention=retention)

    def locked_until(self, key: str, *, version: str = "") -> datetime | None:
        """The retention date of that version, or None."""
        try:
            with _answering(key):
                answer = self._client.get_object_retention(**self._named(key, version=version))
        except _NotLocked:
            return None
        return answer["Retention"].get("RetainUntilDate")

    def direct_url(
        self, key: str, *, version: str, media_type: str, expires_at: datetime, now: datetime
    ) -> str | None:
        """A presigned GET of that version, shown in place and kept by no cache."""
        parameters = self._named(key, version=version) | {
            "ResponseContentType": media_type,
            "ResponseContentDisposition": "inline",
            "ResponseCacheControl": "private, no-store",
        }
        seconds = max(1, int((expires_at - now).total_seconds()))
        return self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds)

    def origin(self) -> str:
        """Scheme and host of presigned addresses."""
        url = self._client.generate_presigned_url("get_object", Params={"Bucket": self._bucket, "Key": "x"})
        return "/".join(url.split("/", 3)[:3])

    def _named(self, key: str, *, version: str) -> dict[str, Any]:
        named = {"Bucket": self._bucket, "Key": checked(key)}
        return named | ({"VersionId": version} if version else {})


class _NotLocked(Exception):
    """The object is there and has no retention."""


@contextlib.contextmanager
def _answering(key: str) -> Iterator[None]:
    """S3's refusals in our words."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _MISSING:
            raise ObjectMissing(key) from error
        if code == "PreconditionFailed":
            raise ObjectExists(key) from error
        if code in _NO_LOCK:
            raise _NotLocked from error
        raise StoreUnavailable(code) from error
    except BotoCoreError as error:
        raise StoreUnavailable(type(error).__name__) from error


def _chunks(body: Any, *, key: str) -> Iterator[bytes]:
    with _answering(key), contextlib.closing(body):
        yield from body.iter_chunks(CHUNK_BYTES)
