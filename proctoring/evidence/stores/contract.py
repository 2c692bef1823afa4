"""What every store of evidence does, whoever keeps the bytes."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from proctoring.evidence.errors import KeyMalformed

CHUNK_BYTES = 256 * 1024
UPLOAD_LIFETIME = timedelta(minutes=10)
_KEY = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, kw_only=True)
class UploadPlan:
    """How a browser hands over the bytes: `method` to `url` with exactly `headers`, before `expires_at`."""

    method: str
    url: str
    headers: dict[str, str]
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    """An object as the store holds it; `version` names these bytes for good (empty where names are enough)."""

    bytes: int
    version: str


class Store(Protocol):
    """Objects under opaque keys (`new_key`). Every method raises KeyMalformed and StoreUnavailable."""

    def plan_upload(self, key: str, *, media_type: str, bytes: int, now: datetime) -> UploadPlan:
        """An address that takes exactly this many bytes of this type, once, within minutes."""
        ...

    def stat(self, key: str) -> StoredObject | None:
        """The object, or None while nothing was written."""
        ...

    def open_stream(
        self, key: str, *, version: str = "", start: int = 0, stop: int | None = None
    ) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `stop`, in chunks. Raises ObjectMissing before the first."""
        ...

    def put_file(self, key: str, path: Path, *, media_type: str) -> StoredObject:
        """Store a file of ours (a derivative, a manifest). Raises ObjectExists."""
        ...

    def lock(self, key: str, *, version: str = "", until: datetime) -> None:
        """Nobody may overwrite or remove the object before `until`; a later lock stays. Raises ObjectMissing."""
        ...

    def locked_until(self, key: str, *, version: str = "") -> datetime | None:
        """Until when it is locked; None if it is not."""
        ...

    def direct_url(
        self, key: str, *, version: str, media_type: str, expires_at: datetime, now: datetime
    ) -> str | None:
        """An address from which a browser may read the object until then; None if only we can reach it."""
        ...

    def origin(self) -> str:
        """Where `direct_url` leads, for a page's content policy; empty if nowhere."""
        ...


def new_key() -> str:
    """A name that says nothing: 128 random bits."""
    return secrets.token_hex(16)


def checked(key: str) -> str:
    """The key, known to be one of ours in form. Raises KeyMalformed: no key is ever a path."""
    if not _KEY.match(key):
        raise KeyMalformed(key[:40])
    return key
