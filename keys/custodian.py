"""Who holds the key-encryption key: a file of ours now, a cloud key service behind the same two verbs."""

import contextlib
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from keys.errors import KmsUnavailable, SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12


class Custodian(Protocol):
    """Wraps 32-byte data keys. `context` is authenticated, not secret (KMS: encryption context)."""

    def wrap(self, data_key: bytes, *, context: str) -> bytes:
        """The data key, encrypted under the key-encryption key and bound to `context`."""
        ...

    def unwrap(self, wrapped: bytes, *, context: str) -> bytes:
        """The data key. Raises SealBroken when altered, or wrapped under another key or context."""
        ...


class LocalCustodian:
    """AES-256-GCM under a key file of this machine, made at first need and readable by its owner alone."""

    def __init__(self, key_file: Path) -> None:
        self._aead = AESGCM(key_encryption_key(key_file))

    def wrap(self, data_key: bytes, *, context: str) -> bytes:
        """Nonce and ciphertext, 60 bytes for a 32-byte key."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, data_key, context.encode())

    def unwrap(self, wrapped: bytes, *, context: str) -> bytes:
        """The data key; raises SealBroken."""
        try:
            return self._aead.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"sealed under another key, or altered: {context}") from error


def key_encryption_key(key_file: Path) -> bytes:
    """The 32 bytes in the file, which is made if absent. Raises SealBroken if it holds anything else."""
    if not key_file.exists():
        _create_once(key_file)
    key = key_file.read_bytes()
    if len(key) != KEY_BYTES:
        raise SealBroken(f"{key_file} does not hold a key of {KEY_BYTES} bytes")
    return key


def _create_once(key_file: Path) -> None:
    # Written aside and linked into place: of two processes one wins, and neither reads half a key.
    key_file.parent.mkdir(parents=True, exist_ok=True)
    draft = key_file.with_name(f"{key_file.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        with contextlib.suppress(FileExistsError):  # another process was first, and its key is the key
            os.link(draft, key_file)
    finally:
        draft.unlink()


def current_custodian() -> Custodian:
    """The custodian the settings name. Raises KmsUnavailable rather than fall back to a file."""
    if settings.KMS_KEY_ID:
        raise KmsUnavailable("KMS_KEY_ID is set, but no cloud key service is built in")
    return _local(Path(settings.KEY_FILE))


@lru_cache(maxsize=4)
def _local(key_file: Path) -> LocalCustodian:
    return LocalCustodian(key_file)
