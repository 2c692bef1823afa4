"""Detached JWS (RFC 7515, appendix F) over exact bytes: the signature travels beside what it signs."""

import json

from keys.jwk import base64url, from_base64url
from keys.signing import Purpose, Signature, sign_bytes, verify_bytes

TYPE = "proctored-credentials-seal"


def sign_detached(payload: bytes) -> str:
    """`<header>..<signature>`, RS256, by the sealing key, which the header names. Raises NoActiveKey."""
    kid = sign_bytes(b"", purpose=Purpose.SEAL).kid
    while True:
        header = _part({"alg": "RS256", "kid": kid, "typ": TYPE})
        signature = sign_bytes(_signing_input(header, payload), purpose=Purpose.SEAL)
        if signature.kid == kid:
            return f"{header}..{base64url(signature.value)}"
        kid = signature.kid  # the key was rotated between the two


def is_genuine(payload: bytes, *, jws: str) -> bool:
    """Whether a sealing key of ours, not revoked since, signed exactly these bytes."""
    header, _, signature = jws.partition("..")
    try:
        fields = json.loads(from_base64url(header))
        read = Signature(
            kid=str(fields["kid"]), algorithm=str(fields["alg"]), value=from_base64url(signature)
        )
    except (ValueError, KeyError, TypeError):
        return False
    return verify_bytes(_signing_input(header, payload), signature=read, purpose=Purpose.SEAL)


def key_of(jws: str) -> str:
    """The `kid` in the header."""
    return str(json.loads(from_base64url(jws.partition("..")[0]))["kid"])


def _part(fields: dict[str, str]) -> str:
    return base64url(json.dumps(fields, separators=(",", ":")).encode())


def _signing_input(header: str, payload: bytes) -> bytes:
    return f"{header}.{base64url(payload)}".encode()
