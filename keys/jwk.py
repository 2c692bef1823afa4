"""RSA public keys as JSON Web Keys (RFC 7517, RFC 7518 section 6.3)."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

ALGORITHM = "RS256"
MIN_MODULUS_BITS = 2048  # RFC 7518 section 3.3
MAX_MODULUS_BITS = 8192  # beyond this, verifying is a way to keep us busy
MAX_EXPONENT_BITS = 64
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+\Z")


def base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes. Padding is tolerated, as the LTI examples show it; raises ValueError for anything else."""
    bare = text.rstrip("=")
    if not _BASE64URL.match(bare):
        raise ValueError("not base64url")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def public_jwk(key: RSAPublicKey) -> dict[str, str]:
    """kty, n, e, kid, use and alg of the key; kid is its RFC 7638 thumbprint."""
    numbers = key.public_numbers()
    modulus, exponent = _encoded(numbers.n), _encoded(numbers.e)
    kid = _thumbprint(modulus=modulus, exponent=exponent)
    return {"kty": "RSA", "n": modulus, "e": exponent, "kid": kid, "use": "sig", "alg": ALGORITHM}


def public_key(jwk: Mapping[str, object]) -> RSAPublicKey:
    """The key object. Raises ValueError when n or e is absent, not base64url, or no RSA key."""
    modulus, exponent = jwk.get("n"), jwk.get("e")
    if not isinstance(modulus, str) or not isinstance(exponent, str):
        raise ValueError("n and e must be strings")
    n, e = (int.from_bytes(from_base64url(text), "big") for text in (modulus, exponent))
    if n.bit_length() > MAX_MODULUS_BITS or e.bit_length() > MAX_EXPONENT_BITS:
        raise ValueError("larger than we are willing to compute with")
    return RSAPublicNumbers(e=e, n=n).public_key()


def _encoded(number: int) -> str:
    return base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _thumbprint(*, modulus: str, exponent: str) -> str:
    # RFC 7638 section 3: the required members alone, in this order, without white space.
    canonical = json.dumps({"e": exponent, "kty": "RSA", "n": modulus}, separators=(",", ":"))
    return base64url(hashlib.sha256(canonical.encode()).digest())
