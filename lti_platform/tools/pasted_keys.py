"""Keys that came by hand instead of by address."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keys.errors import KeySetRefused
from keys.jwks import KeySet
from keys.pem import jwks_from_pem
from lti_platform.tools.errors import Problem
from lti_platform.tools.key_troubles import Trouble, in_words, troubles_of

PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
WORDS: dict[str, str | Promise] = {
    "key_set_malformed": _("must be a JSON object with keys"),
    "key_set_too_big": _("holds more than we read"),
    "key_set_unusable": _("holds no key"),
    "private_key_pasted": _("holds a private key: send the public one, and replace it"),
}


def pasted_key_set(value: object) -> tuple[dict[str, Any] | None, Problem | None]:
    """The public keys of a pasted JWKS, or what is wrong with it. A lone JWK is taken as a set of one.

    A private key is refused and never stored: whoever pasted it has to make a new one.
    """
    jwks = {"keys": [value]} if isinstance(value, dict) and "kty" in value else value
    if not isinstance(jwks, dict):
        return None, _problem("key_set_malformed")
    if _has_private(jwks):
        return None, _problem("private_key_pasted")
    try:
        KeySet.parse(json.dumps(jwks, sort_keys=True).encode())
    except (KeySetRefused, ValueError) as error:
        troubles = troubles_of(getattr(error, "problems", ()))
        return None, _problem(getattr(error, "code", "key_set_malformed"), troubles=troubles)
    return {"keys": jwks["keys"]}, None


def from_pem(pem: str) -> dict[str, Any]:
    """A set of this one public key, without a name: a PEM has none, and the tool may call it what it likes.

    Raises PrivateKeyPasted, PemMalformed.
    """
    [key] = json.loads(jwks_from_pem(pem))["keys"]
    return {"keys": [{name: value for name, value in key.items() if name != "kid"}]}


def unusable(troubles: Iterable[Trouble]) -> str:
    """Why no key of a set can be used, in words."""
    return gettext("has no key we can use (%(why)s)") % {"why": in_words(troubles)}


def _has_private(jwks: dict[str, Any]) -> bool:
    keys = jwks.get("keys")
    found = keys if isinstance(keys, list) else []
    return any(isinstance(key, dict) and PRIVATE_MEMBERS & key.keys() for key in found)


def _problem(code: str, *, troubles: tuple[Trouble, ...] = ()) -> Problem:
    message = unusable(troubles) if troubles else WORDS[code]
    pairs = tuple((trouble.kid, trouble.code) for trouble in troubles)
    return Problem(field="jwks", code=code, message=message, troubles=pairs)
