"""Objects as files in folders of this machine: written aside, linked into place once, never overwritten."""

import contextlib
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.urls import reverse

from proctoring.evidence import addresses
from proctoring.evidence.errors import ObjectExists, ObjectMissing, UploadCutShort, UploadTooLong
from proctoring.evidence.stores.contract import (
    CHUNK_BYTES,
    UPLOAD_LIFETIME,
    StoredObject,
    UploadPlan,
    checked,
)


class LocalStore:
    """A store under `root`; uploads come in through this platform's own upload view at `base_url`."""

    def __init__(self, root: Path, *, base_url: str) -> None:
        self._root = root
        self._base_url = base_url

    def plan_upload(self, key: str, *, media_type: str, bytes: int, now: datetime) -> UploadPlan:
        """An address of our own, signed, for this key, type and size alone."""
        expires_at = now + UPLOAD_LIFETIME
        values = {"key": checked(key), "type": media_type, "bytes": bytes}
        token = addresses.token(values, purpose=addresses.UPLOAD, expires_at=expires_at)
        url = self._base_url + reverse("evidence-upload", args=[token])
        headers = {"Content-Type": media_type, "If-None-Match": "*"}
        return UploadPlan(method="PUT", url=url, headers=headers, expires_at=expires_at)

    def stat(self, key: str) -> StoredObject | None:
        """The file's size, or None."""
        try:
            return StoredObject(bytes=self._path(key).stat().st_size, version="")
        except FileNotFoundError:
            return None

    def open_stream(
        self, key: str, *, version: str = "", start: int = 0, stop: int | None = None
    ) -> Iterator[bytes]:
        """The bytes in chunks; the file is open before the first is asked for, so ObjectMissing comes at once."""
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError as error:
            raise ObjectMissing(key) from error
        return _chunks(file, start=start, stop=stop)

    def put_file(self, key: str, path: Path, *, media_type: str) -> StoredObject:
        """A copy of the file. Raises ObjectExists."""
        size = path.stat().st_size
        with path.open("rb") as file:
            self.receive(key, chunks=iter(lambda: file.read(CHUNK_BYTES), b""), bytes=size)
        return StoredObject(bytes=size, version="")

    def receive(self, key: str, *, chunks: Iterable[bytes], bytes: int) -> None:
        """Write an upload of exactly `bytes`, in full or not at all.

        Raises ObjectExists, UploadTooLong, UploadCutShort.
        """
        target = self._path(key)
        if target.exists():
            raise ObjectExists(key)
        with self._draft() as draft:
            _write(draft, chunks=chunks, bytes=bytes)
            target.parent.mkdir(parents=True, exist_ok=True)
            # A link, not a rename: of two writers one wins, and nothing is ever replaced.
            try:
                os.link(draft, target)
            except FileExistsError as error:
                raise ObjectExists(key) from error

    def lock(self, key: str, *, version: str = "", until: datetime) -> None:
        """Note the date beside the object. Nothing here deletes; whoever disposes must ask `locked_until`."""
        if self.stat(key) is None:
            raise ObjectMissing(key)
        before = self.locked_until(key)
        if before is None or before < until:
            note = self._lock_path(key)
            note.parent.mkdir(parents=True, exist_ok=True)
            draft = note.with_name(f"{note.name}.{secrets.token_hex(4)}")
            draft.write_text(until.isoformat(), encoding="ascii")
            draft.replace(note)

    def locked_until(self, key: str, *, version: str = "") -> datetime | None:
        """The date noted, or None."""
        try:
            return datetime.fromisoformat(self._lock_path(key).read_text(encoding="ascii"))
        except FileNotFoundError:
            return None

    def direct_url(
        self, key: str, *, version: str, media_type: str, expires_at: datetime, now: datetime
    ) -> str | None:
        """None: the bytes come through our own playback view."""
        return None

    def origin(self) -> str:
        """Empty: nothing leads elsewhere."""
        return ""

    def _path(self, key: str) -> Path:
        return self._root / "objects" / checked(key)[:2] / key

    def _lock_path(self, key: str) -> Path:
        return self._root / "locks" / checked(key)[:2] / key

    @contextlib.contextmanager
    def _draft(self) -> Iterator[Path]:
        folder = self._root / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / secrets.token_hex(16)
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)


def _write(draft: Path, *, chunks: Iterable[bytes], bytes: int) -> None:
    left = bytes
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
        for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                raise UploadTooLong
            file.write(chunk)
        if left:
            raise UploadCutShort
        file.flush()
        os.fsync(file.fileno())


def _chunks(file: BinaryIO, *, start: int, stop: int | None) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = sys.maxsize if stop is None else stop - start
        while left > 0 and (chunk := file.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
