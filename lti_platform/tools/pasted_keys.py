"""Keys that came by hand instead of by address."""

import json
from typing import Any

from keys.errors import KeySetRefused
from keys.jwks import KeySet
from keys.pem import jwks_from_pem
from lti_platform.tools.errors import Problem
from lti_platform.tools.key_troubles import troubles_of

PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def pasted_key_set(value: object) -> tuple[dict[str, Any] | None, Problem | None]:
    """The public keys of a pasted JWKS, or what is wrong with it. A lone JWK is taken as a set of one.

    A private key is refused and never stored: whoever pasted it has to make a new one.
    """
    jwks = {"keys": [value]} if isinstance(value, dict) and "kty" in value else value
    if not isinstance(jwks, dict):
        return None, _problem("key_set_malformed", "must be a JSON object with keys")
    if _has_private(jwks):
        return None, _problem(
            "private_key_pasted", "holds a private key: send the public one, and replace it"
        )
    try:
        KeySet.parse(json.dumps(jwks, sort_keys=True).encode())
    except (KeySetRefused, ValueError) as error:
        code = getattr(error, "code", "key_set_malformed")
        return None, _problem(code, f"has no key we can use: {_why(error)}")
    return {"keys": jwks["keys"]}, None


def from_pem(pem: str) -> dict[str, Any]:
    """A set of this one public key, without a name: a PEM has none, and the tool may call it what it likes.

    Raises PrivateKeyPasted, PemMalformed.
    """
    [key] = json.loads(jwks_from_pem(pem))["keys"]
    return {"keys": [{name: value for name, value in key.items() if name != "kid"}]}


def _why(error: Exception) -> str:
    """The trouble with each key, in words; else what the set says of itself."""
    troubles = troubles_of(getattr(error, "problems", ()))
    said = [
        f"“{trouble.kid}”: {trouble.words}" if trouble.kid else str(trouble.words) for trouble in troubles
    ]
    return " ".join(said) or str(error)


def _has_private(jwks: dict[str, Any]) -> bool:
    keys = jwks.get("keys")
    found = keys if isinstance(keys, list) else []
    return any(isinstance(key, dict) and PRIVATE_MEMBERS & key.keys() for key in found)


def _problem(code: str, message: str) -> Problem:
    return Problem(field="jwks", code=code, message=message)
