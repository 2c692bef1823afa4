"""Key sets of others, judged. Bytes in, no network."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from keys.errors import (
    AlgorithmRefused,
    KeyRefused,
    KeySetMalformed,
    KeySetTooBig,
    KeySetUnusable,
    KidMissing,
    KidUnknown,
)
from keys.jose import json_object, read_jwt, verify_signature
from keys.jwk import ALGORITHM, MIN_MODULUS_BITS, public_key

MAX_KEY_SET_BYTES = 256 * 1024
MAX_KEYS = 100
MISSING_KID = "missing_kid"


@dataclass(frozen=True)
class KeySetProblem:
    """What is wrong with one key: `code` is stable; `kid` is empty if the key has none."""

    code: str
    kid: str


@dataclass(frozen=True)
class ToolKey:
    """A public key that may verify; `algorithm` is what its JWK asks for, empty if it does not say."""

    kid: str
    algorithm: str
    key: RSAPublicKey


@dataclass(frozen=True)
class KeySet:
    """A tool's key set, judged once: `keys` by kid, `unnamed` without; `refused` is kid to problem code."""

    keys: Mapping[str, ToolKey]
    unnamed: tuple[ToolKey, ...]
    refused: Mapping[str, str]
    problems: tuple[KeySetProblem, ...]

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Judge the bytes of a JWKS (RFC 7517). Raises KeySetTooBig, KeySetMalformed, KeySetUnusable."""
        jwks = _members(body)
        shared = _shared_kids(jwks)
        good: list[ToolKey] = []
        problems: list[KeySetProblem] = []
        for jwk in jwks:
            key, found = _judged(jwk, shared=shared)
            problems += [KeySetProblem(code, _kid(jwk)) for code in found]
            good += [key] if key else []
        if not good:
            said = ", ".join(sorted({problem.code for problem in problems})) or "no keys"
            raise KeySetUnusable(said, problems=problems)
        return cls(
            keys={key.kid: key for key in good if key.kid},
            unnamed=tuple(key for key in good if not key.kid),
            refused=_refused(problems),
            problems=tuple(problems),
        )

    def only_key(self) -> ToolKey | None:
        """The key, if the set has just one that may verify and no other."""
        every = (*self.keys.values(), *self.unnamed)
        is_alone = all(problem.code == MISSING_KID for problem in self.problems)
        return every[0] if len(every) == 1 and is_alone else None


def verify_tool_jwt(token: str, *, key_set: KeySet, allow_missing_kid: bool = False) -> dict[str, Any]:
    """The claims of a token signed by a key of the set; judging the claims is the caller's part.

    `allow_missing_kid` is for one pasted key: a token without kid is then tried with it, and one with any kid where
    the key has none itself.
    Raises JwtMalformed, AlgorithmRefused, KidMissing, KidUnknown, KeyRefused, SignatureInvalid.
    """
    read = read_jwt(token)
    key = _chosen(read.kid, key_set=key_set, allow_missing_kid=allow_missing_kid)
    if key.algorithm not in ("", ALGORITHM):
        raise AlgorithmRefused(f"the key is for {key.algorithm}")
    return verify_signature(read, key=key.key)


def _chosen(kid: str, *, key_set: KeySet, allow_missing_kid: bool) -> ToolKey:
    if not kid:
        only = key_set.only_key() if allow_missing_kid else None
        if only is None:
            raise KidMissing("the token names no key (LTI Security Framework 6.3)")
        return only
    if kid in key_set.keys:
        return key_set.keys[kid]
    if allow_missing_kid and (only := key_set.only_key()) and not only.kid:
        return only  # pasted without a name: whatever the tool calls it, there is no other it could mean
    if kid in key_set.refused:
        raise KeyRefused(key_set.refused[kid])
    raise KidUnknown("the key set has no such key")


def _members(body: bytes) -> list[dict[str, Any]]:
    if len(body) > MAX_KEY_SET_BYTES:
        raise KeySetTooBig(f"more than {MAX_KEY_SET_BYTES} bytes")
    try:
        keys = json_object(body).get("keys")
    except ValueError as error:
        raise KeySetMalformed(str(error)) from error
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise KeySetMalformed("keys must be a list of objects")
    if len(keys) > MAX_KEYS:
        raise KeySetTooBig(f"more than {MAX_KEYS} keys")
    return keys


def _kid(jwk: Mapping[str, Any]) -> str:
    kid = jwk.get("kid")
    return kid if isinstance(kid, str) else ""


def _shared_kids(jwks: list[dict[str, Any]]) -> set[str]:
    # Keys of other types may share a kid (RFC 7517 section 4.5), and the same key listed twice is no riddle.
    different = {(_kid(jwk), repr(jwk.get("n"))) for jwk in jwks if not _fault(jwk, is_shared=False)}
    return {kid for kid, count in Counter(kid for kid, _ in different).items() if kid and count > 1}


def _judged(jwk: Mapping[str, Any], *, shared: set[str]) -> tuple[ToolKey | None, list[str]]:
    kid, algorithm = _kid(jwk), jwk.get("alg") or ""
    remarks = [] if kid else [MISSING_KID]
    if fault := _fault(jwk, is_shared=kid in shared):
        return None, [*remarks, fault]
    try:
        key = public_key(jwk)
    except ValueError:
        return None, [*remarks, "unreadable_key"]
    if key.key_size < MIN_MODULUS_BITS:
        return None, [*remarks, "weak_modulus"]
    return ToolKey(kid=kid, algorithm=str(algorithm), key=key), remarks


def _fault(jwk: Mapping[str, Any], *, is_shared: bool) -> str:
    if jwk.get("kty") != "RSA":
        return "not_rsa"
    if "d" in jwk:  # a private key the whole world may read proves nothing
        return "private_key_published"
    if (jwk.get("use") or "sig") != "sig":
        return "use_not_signature"
    if not _may_verify(jwk.get("key_ops") or ["verify"]):
        return "key_ops_not_verify"
    return "duplicate_kid" if is_shared else ""


def _may_verify(operations: object) -> bool:
    return isinstance(operations, list) and "verify" in operations


def _refused(problems: list[KeySetProblem]) -> dict[str, str]:
    return {problem.kid: problem.code for problem in problems if problem.kid}
