"""Reading and verifying a compact JWS (RFC 7515) under one policy: RS256, and nothing the token suggests."""

import json
import math
from dataclasses import dataclass
from typing import Any, NoReturn

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from keys.errors import AlgorithmRefused, JwtMalformed, SignatureInvalid
from keys.jwk import ALGORITHM, from_base64url

MAX_TOKEN_CHARACTERS = 128 * 1024
_JWS = jwt.PyJWS(algorithms=[ALGORITHM])


@dataclass(frozen=True)
class UnverifiedJwt:
    """A token taken apart and held to the header policy; `claims` mean nothing before `verify_signature`."""

    token: str
    kid: str
    claims: dict[str, Any]


def read_jwt(token: str) -> UnverifiedJwt:
    """The token taken apart; `kid` is empty if absent.

    `jku`, `jwk`, `x5u` and `x5c` are never looked at (LTI Security Framework 5.4).
    Raises JwtMalformed; AlgorithmRefused for anything but RS256.
    """
    parts = token.split(".")
    if len(token) > MAX_TOKEN_CHARACTERS or not token.isascii() or len(parts) != 3:
        raise JwtMalformed("not a compact JWS of a size we read")
    header, claims = (_part(part) for part in parts[:2])
    if header.get("alg") != ALGORITHM:
        raise AlgorithmRefused(f"alg must be {ALGORITHM}")
    if "crit" in header:  # RFC 7515 section 4.1.11: an extension not understood is a refusal
        raise JwtMalformed("critical extensions are not supported")
    kid = header.get("kid", "")
    if not isinstance(kid, str):
        raise JwtMalformed("kid is not a string")
    return UnverifiedJwt(token=token, kid=kid, claims=claims)


def verify_signature(read: UnverifiedJwt, *, key: RSAPublicKey) -> dict[str, Any]:
    """The claims, proven to be signed by the key. Raises SignatureInvalid."""
    try:
        _JWS.decode_complete(read.token, key=key, algorithms=[ALGORITHM])
    except jwt.PyJWTError as error:
        raise SignatureInvalid("the signature does not fit the key") from error
    return read.claims


def json_object(data: bytes) -> dict[str, Any]:
    """A JSON object. Raises ValueError for other JSON, repeated names, non-numbers, absurd nesting."""
    try:
        value = json.loads(
            data, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_without_repetition
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _part(text: str) -> dict[str, Any]:
    try:
        return json_object(from_base64url(text))
    except ValueError as error:
        raise JwtMalformed("a part is not a base64url JSON object") from error


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number out of range")
    return number


def _no_number(text: str) -> NoReturn:
    # Python reads NaN and Infinity, which JSON does not have; an `exp` of Infinity would never expire.
    raise ValueError(f"{text} is not JSON")
