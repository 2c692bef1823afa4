"""Whether a tool signed this: verification against its key set, pasted or fetched by rule."""

import hashlib
import json
from datetime import datetime
from typing import Any

from keys.errors import JwtRefused, KeySetRefused, KidUnknown
from keys.jwks import KeySet, verify_tool_jwt
from lti_platform.tools import fetching
from lti_platform.tools.errors import KeySetUnavailable, SignatureRefused
from lti_platform.tools.models import FetchedKeySet, Registration

KEPT_SETS = 500
# Parsing a set costs more than verifying with it, so each text is parsed once per process.
_parsed: dict[bytes, KeySet] = {}


def verify(token: str, *, registration: Registration, now: datetime) -> dict[str, Any]:
    """The claims, proven to be signed by the tool. Call it outside a transaction: it may fetch.

    While the kept set is fresh it costs no parsing, and no query if the registration came with
    `select_related("fetched_key_set")`.

    An unknown kid fetches the set once more, at most once a minute (LTI Security Framework 6.4).
    Raises KeySetUnavailable, SignatureRefused.
    """
    try:
        if registration.jwks:
            return _verify_pasted(token, registration=registration)
        return _verify_fetched(token, registration=registration, now=now)
    except JwtRefused as error:
        raise SignatureRefused(str(error), code=error.code) from error
    except KeySetRefused as error:
        raise KeySetUnavailable("no key of the tool's key set can be used") from error


def parsed(text: str) -> KeySet:
    """The key set of this text, judged once per process. Raises KeySetRefused."""
    body = text.encode()
    digest = hashlib.sha256(body).digest()
    if digest not in _parsed:
        if len(_parsed) >= KEPT_SETS:
            _parsed.clear()
        _parsed[digest] = KeySet.parse(body)
    return _parsed[digest]


def pasted_text(registration: Registration) -> str:
    """The pasted key set, always the same text for the same keys."""
    return json.dumps(registration.jwks, sort_keys=True)


def kept(registration: Registration) -> FetchedKeySet | None:
    """What was fetched for the registration, if anything."""
    return getattr(registration, "fetched_key_set", None)


def _verify_pasted(token: str, *, registration: Registration) -> dict[str, Any]:
    # One pasted key cannot be mistaken for another, so its tokens need not name it.
    key_set = parsed(pasted_text(registration))
    return verify_tool_jwt(token, key_set=key_set, allow_missing_kid=True)


def _verify_fetched(token: str, *, registration: Registration, now: datetime) -> dict[str, Any]:
    row, just_fetched = _current(registration, now=now)
    if not fetching.is_usable(row, now=now):
        raise KeySetUnavailable("the tool's key set cannot be fetched")
    try:
        return verify_tool_jwt(token, key_set=parsed(row.body))
    except KidUnknown:
        if just_fetched or not fetching.claim_forced(registration, now=now):
            raise
    row = fetching.refresh(registration, now=now)
    return verify_tool_jwt(token, key_set=parsed(row.body))


def _current(registration: Registration, *, now: datetime) -> tuple[FetchedKeySet, bool]:
    """The kept set, renewed if it is time; and whether this very call renewed it."""
    row = kept(registration)
    if row and fetching.is_fresh(row, now=now):
        return row, False
    if row is None or fetching.claim_routine(registration, now=now):
        return fetching.refresh(registration, now=now), True
    row.refresh_from_db()  # another process is renewing it; a set not too old serves meanwhile
    return row, False
