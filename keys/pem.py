"""A public key pasted as PEM, for tools that publish no key set."""

import json

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from keys.errors import PemMalformed, PrivateKeyPasted
from keys.jwk import public_jwk

MAX_PEM_CHARACTERS = 16 * 1024


def jwks_from_pem(pem: str) -> str:
    """The JSON of a key set holding this one key, for `KeySet.parse`; its kid is the RFC 7638 thumbprint.

    Takes a public key or a certificate. Raises PrivateKeyPasted; PemMalformed, also for keys not RSA.
    """
    if "PRIVATE KEY" in pem:
        raise PrivateKeyPasted("a private key was pasted: it must be considered lost")
    if len(pem) > MAX_PEM_CHARACTERS:
        raise PemMalformed("longer than any public key")
    key = _public_key(pem.strip().encode())
    if not isinstance(key, RSAPublicKey):
        raise PemMalformed("not an RSA key")
    return json.dumps({"keys": [public_jwk(key)]})


def _public_key(pem: bytes) -> object:
    try:
        if b"BEGIN CERTIFICATE" in pem:
            return x509.load_pem_x509_certificate(pem).public_key()
        return serialization.load_pem_public_key(pem)
    except Exception as error:  # the parsers raise several unrelated kinds for bad input
        raise PemMalformed("not a PEM public key") from error
