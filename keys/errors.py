"""What can be wrong with a key, a signature or a one-time value.

KeysError
├── KmsUnavailable          a cloud key service is configured, and none is built in
├── SealBroken              a sealed value was altered, or sealed for something else
├── KeyUnpublishable        the signing key has no kid, or does not match what is published
├── HeaderRefused           a caller tried to set a header that custody decides
├── PurposeRefused          a key that signs tokens was asked to sign something else
├── NoActiveKey             nothing can sign for this purpose
├── SigningKeyUnknown       no signing key has this kid
├── KeyAlreadyRevoked       revocation is final
├── RotationRaced           another process moved the key first
├── AlreadyUsed             a one-time value came back
├── KeySetRefused
│   ├── KeySetTooBig
│   ├── KeySetMalformed
│   ├── KeySetUnusable      not one key in it may verify anything
│   ├── PemMalformed
│   └── PrivateKeyPasted    a private key where a public one belongs
└── JwtRefused
    ├── JwtMalformed
    ├── AlgorithmRefused
    ├── KidMissing
    ├── KidUnknown          the caller may fetch the key set once more
    ├── KeyRefused          the key is in the set but may not be used
    └── SignatureInvalid
        ├── TokenExpired
        └── AudienceMismatch
"""

from collections.abc import Sequence
from typing import Any


class KeysError(Exception):
    """Base of this package. `code` is stable; the message is for logs, never for the wire."""

    code = "keys"


class KmsUnavailable(KeysError):
    code = "kms_unavailable"


class SealBroken(KeysError):
    code = "seal_broken"


class KeyUnpublishable(KeysError):
    code = "key_unpublishable"


class HeaderRefused(KeysError):
    code = "header_refused"


class PurposeRefused(KeysError):
    code = "purpose_refused"


class NoActiveKey(KeysError):
    code = "no_active_key"


class SigningKeyUnknown(KeysError):
    code = "signing_key_unknown"


class KeyAlreadyRevoked(KeysError):
    code = "key_already_revoked"


class RotationRaced(KeysError):
    code = "rotation_raced"


class AlreadyUsed(KeysError):
    code = "already_used"


class KeySetRefused(KeysError):
    """`problems` are those of single keys, as `keys.jwks.KeySetProblem`, where it came to looking at them."""

    code = "key_set_refused"

    def __init__(self, message: str = "", *, problems: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class KeySetTooBig(KeySetRefused):
    code = "key_set_too_big"


class KeySetMalformed(KeySetRefused):
    code = "key_set_malformed"


class KeySetUnusable(KeySetRefused):
    code = "key_set_unusable"


class PemMalformed(KeySetRefused):
    code = "pem_malformed"


class PrivateKeyPasted(KeySetRefused):
    code = "private_key_pasted"


class JwtRefused(KeysError):
    code = "jwt_refused"


class JwtMalformed(JwtRefused):
    code = "jwt_malformed"


class AlgorithmRefused(JwtRefused):
    code = "algorithm_refused"


class KidMissing(JwtRefused):
    code = "kid_missing"


class KidUnknown(JwtRefused):
    code = "kid_unknown"


class KeyRefused(JwtRefused):
    code = "key_refused"


class SignatureInvalid(JwtRefused):
    code = "signature_invalid"


class TokenExpired(SignatureInvalid):
    code = "token_expired"


class AudienceMismatch(SignatureInvalid):
    code = "audience_mismatch"
