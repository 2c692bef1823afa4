"""Signing by purpose, never by key; and verifying what we signed ourselves."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from keys import custody
from keys.errors import (
    AudienceMismatch,
    HeaderRefused,
    JwtRefused,
    KeyUnpublishable,
    NoActiveKey,
    PurposeRefused,
    SignatureInvalid,
    TokenExpired,
)
from keys.jose import read_jwt, verify_signature
from keys.jwk import ALGORITHM, public_jwk, public_key
from keys.models import SigningKey
from keys.publishing import forget_published
from keys.purposes import Purpose

__all__ = [
    "Purpose",
    "Signature",
    "forget_cached_keys",
    "sign_bytes",
    "sign_jwt",
    "verify_bytes",
    "verify_jwt",
]

DEFAULT_CACHE_SECONDS = 30.0
# An unknown kid may mean that another process just rotated; a stranger may not make us ask more often.
RELOAD_PAUSE_SECONDS = 1.0
# LTI Security Framework 5.4 warns of key-bearing headers; the others are ours to set.
_RESERVED_HEADERS = frozenset({"alg", "kid", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64"})
_TOKEN_PURPOSES = frozenset({Purpose.ID_TOKEN, Purpose.ACCESS_TOKEN})


@dataclass(frozen=True)
class Signature:
    """RSASSA-PKCS1-v1_5 with SHA-256 over the exact bytes; `value` is the raw signature."""

    kid: str
    algorithm: str
    value: bytes


@dataclass(frozen=True)
class _Signer:
    kid: str
    key: RSAPrivateKey
    read_at: float


@dataclass(frozen=True)
class _Verifiers:
    keys: Mapping[str, tuple[str, RSAPublicKey]]
    read_at: float


_signers: dict[tuple[Purpose, str], _Signer] = {}
_verifiers: dict[str, _Verifiers] = {}


def sign_jwt(
    claims: Mapping[str, Any], *, purpose: Purpose, headers: Mapping[str, str] | None = None, owner: str = ""
) -> str:
    """A compact JWT: RS256, typ JWT, kid always (LTI Security Framework 6.3). `headers` may set typ.

    With an `owner`, the key is one that signs for nobody else.

    Raises NoActiveKey, KeyUnpublishable, HeaderRefused.
    """
    extra = dict(headers or {})
    if refused := _RESERVED_HEADERS & extra.keys():
        raise HeaderRefused(f"not for callers to set: {', '.join(sorted(refused))}")
    signer = _signer(purpose, owner=owner)
    return jwt.encode(dict(claims), signer.key, algorithm=ALGORITHM, headers={**extra, "kid": signer.kid})


def verify_jwt(
    token: str, *, purpose: Purpose, audience: str | None, now: datetime, leeway_seconds: int = 0
) -> dict[str, Any]:
    """The claims of a token we signed for this purpose with a key not revoked since.

    `exp` is required of id and access tokens; `audience` None means the caller judges it.
    Raises SignatureInvalid, of which TokenExpired and AudienceMismatch are kinds.
    """
    try:
        read = read_jwt(token)
    except JwtRefused as error:
        raise SignatureInvalid(str(error)) from error
    key_purpose, key = _verifier(read.kid) or ("", None)
    if key is None or key_purpose != purpose:
        raise SignatureInvalid("not signed by a key of ours for this purpose")
    claims = verify_signature(read, key=key)
    # A seal or a credential is a record and may be timeless; what grants something may not.
    end = None if purpose in _TOKEN_PURPOSES else float("inf")
    _judge_times(claims, moment=now.timestamp(), leeway_seconds=leeway_seconds, default_end=end)
    if audience is not None and audience not in _audiences(claims):
        raise AudienceMismatch("meant for someone else")
    return claims


def sign_bytes(data: bytes, *, purpose: Purpose) -> Signature:
    """A detached signature over the bytes. Raises NoActiveKey, KeyUnpublishable, PurposeRefused."""
    if purpose in _TOKEN_PURPOSES:
        raise PurposeRefused("keys that sign tokens sign nothing else")
    signer = _signer(purpose)
    return Signature(kid=signer.kid, algorithm=ALGORITHM, value=signer.key.sign(data, PKCS1v15(), SHA256()))


def verify_bytes(data: bytes, *, signature: Signature, purpose: Purpose | None = None) -> bool:
    """Whether a key of ours, not revoked since, signed exactly these bytes (for the purpose, if named)."""
    key_purpose, key = _verifier(signature.kid) or ("", None)
    wanted = {purpose} if purpose else set(Purpose) - _TOKEN_PURPOSES
    if key is None or signature.algorithm != ALGORITHM or key_purpose not in wanted:
        return False
    try:
        key.verify(signature.value, data, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def forget_cached_keys() -> None:
    """Read keys afresh at the next use in this process; others notice within the cache's seconds."""
    _signers.clear()
    _verifiers.clear()
    forget_published()


def _cache_seconds() -> float:
    return float(getattr(settings, "KEY_CACHE_SECONDS", DEFAULT_CACHE_SECONDS))


def _signer(purpose: Purpose, *, owner: str = "") -> _Signer:
    found = _signers.get((purpose, owner))
    if found is None or time.monotonic() - found.read_at >= _cache_seconds():
        found = _signers[purpose, owner] = _read_signer(purpose, owner=owner)
    return found


def _read_signer(purpose: Purpose, *, owner: str) -> _Signer:
    read_at = time.monotonic()
    row = SigningKey.objects.filter(purpose=purpose, owner=owner, state=SigningKey.State.ACTIVE).first()
    if row is None or row.sealed_private is None:
        raise NoActiveKey(f"no active key for {purpose}")
    if not row.kid or public_jwk(_public(row))["kid"] != row.kid or row.public_jwk.get("kid") != row.kid:
        raise KeyUnpublishable("the active key is not published under its own kid")
    key = custody.open_private_key(bytes(row.sealed_private), kid=row.kid)
    return _Signer(kid=row.kid, key=key, read_at=read_at)


def _public(row: SigningKey) -> RSAPublicKey:
    try:
        return public_key(row.public_jwk)
    except ValueError as error:
        raise KeyUnpublishable("the active key has no public half to publish") from error


def _verifier(kid: str) -> tuple[str, RSAPublicKey] | None:
    known = _verifiers.get("ours")
    age = time.monotonic() - known.read_at if known else float("inf")
    if known is None or age >= _cache_seconds() or (kid not in known.keys and age >= RELOAD_PAUSE_SECONDS):
        known = _verifiers["ours"] = _read_verifiers()
    return known.keys.get(kid)


def _read_verifiers() -> _Verifiers:
    # Upcoming keys are included: they have signed nothing yet, and another process may promote one.
    read_at = time.monotonic()
    rows = SigningKey.objects.exclude(state=SigningKey.State.REVOKED).values_list(
        "kid", "purpose", "public_jwk"
    )
    return _Verifiers(keys={kid: (purpose, public_key(jwk)) for kid, purpose, jwk in rows}, read_at=read_at)


def _judge_times(
    claims: Mapping[str, Any], *, moment: float, leeway_seconds: int, default_end: float | None
) -> None:
    if moment >= _number(claims.get("exp", default_end)) + leeway_seconds:
        raise TokenExpired("expired")
    if moment < _number(claims.get("nbf", 0)) - leeway_seconds:
        raise SignatureInvalid("not valid yet")


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SignatureInvalid("exp is required, and times are numbers (RFC 7519 section 2)")
    return value


def _audiences(claims: Mapping[str, Any]) -> list[Any]:
    audience = claims.get("aud", [])
    return audience if isinstance(audience, list) else [audience]
