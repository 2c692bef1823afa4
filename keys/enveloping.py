"""Secrets at rest: each under a data key of its own, which only the custodian can unwrap."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keys.custodian import KEY_BYTES, NONCE_BYTES, current_custodian
from keys.errors import SealBroken

VERSION = b"\x01"
LENGTH_BYTES = 2


def seal(plaintext: bytes, *, context: str) -> bytes:
    """The plaintext encrypted (AES-256-GCM) and bound to `context`, a name such as `destination:<id>`.

    Layout: version, length of the wrapped key, wrapped key, nonce, ciphertext. Raises KmsUnavailable.
    """
    data_key = secrets.token_bytes(KEY_BYTES)
    wrapped = current_custodian().wrap(data_key, context=context)
    nonce = secrets.token_bytes(NONCE_BYTES)
    header = VERSION + len(wrapped).to_bytes(LENGTH_BYTES, "big") + wrapped
    return header + nonce + AESGCM(data_key).encrypt(nonce, plaintext, header + context.encode())


def open_sealed(sealed: bytes, *, context: str) -> bytes:
    """The plaintext. Raises SealBroken when altered, or sealed for another context; KmsUnavailable."""
    start = len(VERSION) + LENGTH_BYTES
    end = start + int.from_bytes(sealed[len(VERSION) : start], "big")
    if sealed[: len(VERSION)] != VERSION or len(sealed) < end + NONCE_BYTES:
        raise SealBroken(f"not a sealed value: {context}")
    data_key = current_custodian().unwrap(sealed[start:end], context=context)
    nonce, ciphertext = sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
    try:
        return AESGCM(data_key).decrypt(nonce, ciphertext, sealed[:end] + context.encode())
    except InvalidTag as error:
        raise SealBroken(f"altered, or sealed for something else: {context}") from error
