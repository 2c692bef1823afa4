"""The only module that opens a private key."""

from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from keys.enveloping import open_sealed, seal
from keys.errors import KeyUnpublishable
from keys.jwk import public_jwk

MODULUS_BITS = 2048
PUBLIC_EXPONENT = 65537

# Parsing costs a hundred signatures, so each key is parsed once per process.
_opened: dict[str, rsa.RSAPrivateKey] = {}


@dataclass(frozen=True)
class NewKey:
    """A pair just made: the public half to publish, the private half already sealed."""

    kid: str
    public_jwk: dict[str, str]
    sealed_private: bytes


def make_key() -> NewKey:
    """A fresh RSA-2048 pair. Takes some 50 ms, so make it before opening a transaction."""
    private = rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=MODULUS_BITS)
    jwk = public_jwk(private.public_key())
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return NewKey(kid=jwk["kid"], public_jwk=jwk, sealed_private=seal(der, context=_context(jwk["kid"])))


def open_private_key(sealed: bytes, *, kid: str) -> rsa.RSAPrivateKey:
    """The private key, ready to sign. Raises SealBroken; KeyUnpublishable if kid is not its thumbprint."""
    if kid not in _opened:
        der = open_sealed(sealed, context=_context(kid))
        # The seal proves the bytes are ours, so the slow primality checks prove nothing more.
        private = serialization.load_der_private_key(der, password=None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(private, rsa.RSAPrivateKey) or public_jwk(private.public_key())["kid"] != kid:
            raise KeyUnpublishable(f"the private key does not belong to {kid}")
        _opened[kid] = private
    return _opened[kid]


def forget(kid: str) -> None:
    """Drop the parsed key from this process."""
    _opened.pop(kid, None)


def _context(kid: str) -> str:
    return f"signing-key:{kid}"
