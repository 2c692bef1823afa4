"""A tool as Mallory or an honest vendor would build one: its keys, its key set, its tokens."""

import base64
import json
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from keys.jwk import public_jwk
from keys.jwks import KeySet

CLAIMS = {"iss": "tool-1", "sub": "tool-1", "jti": "one"}


@cache
def _made(name: str, bits: int) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=bits)


def private_key(name: str = "honest", bits: int = 2048) -> RSAPrivateKey:
    return _made(name, bits)


def jwk(name: str = "honest", bits: int = 2048, **change: Any) -> dict[str, Any]:
    """The public JWK; a change to None leaves that member out."""
    members = public_jwk(private_key(name, bits).public_key()) | {"kid": name} | change
    return {member: value for member, value in members.items() if value is not None}


def body(*jwks: dict[str, Any]) -> bytes:
    return json.dumps({"keys": jwks}).encode()


def key_set(*jwks: dict[str, Any]) -> KeySet:
    return KeySet.parse(body(*(jwks or (jwk(),))))


def token(name: str = "honest", bits: int = 2048, **headers: Any) -> str:
    """A token signed RS256; a header of None is left out."""
    every = {"kid": name} | headers
    kept = {header: value for header, value in every.items() if value is not None}
    return jwt.encode(CLAIMS, private_key(name, bits), algorithm="RS256", headers=kept)


def public_pem(name: str = "honest") -> bytes:
    public = private_key(name).public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(alg: str = "none") -> str:
    return f"{part({'alg': alg, 'typ': 'JWT', 'kid': 'honest'})}.{part(CLAIMS)}."


def signed_with_public_pem_as_secret() -> str:
    """The algorithm confusion: HS256, with the text of the public key as the shared secret."""
    signed = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'honest'})}.{part(CLAIMS)}"
    mac = hmac.HMAC(public_pem(), hashes.SHA256())
    mac.update(signed.encode())
    return f"{signed}.{part(mac.finalize())}"


def raw(header: bytes, claims: bytes = b"{}") -> str:
    """A token of any bytes, with a signature that fits nothing."""
    return f"{part(header)}.{part(claims)}.{part(b'nothing')}"
