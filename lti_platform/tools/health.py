"""How a tool's key set stands, for people: a kind of state, a sentence, and what is known."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from keys.errors import KeySetRefused
from lti_platform.tools import fetching, key_sets
from lti_platform.tools.models import Registration


@dataclass(frozen=True, kw_only=True)
class Health:
    """`kind` is a state of the design system; `keys` the number of usable ones, `refused` kid and code of others."""

    kind: str
    words: str | Promise
    keys: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    fetched_at: datetime | None = None
    error: str = ""


def key_set_health(registration: Registration, *, now: datetime) -> Health:
    """What we hold of the tool's keys; asks nobody. Costs no query after `select_related("fetched_key_set")`."""
    if registration.jwks:
        return _held("proven", _("Pasted here"), text=json.dumps(registration.jwks, sort_keys=True))
    row = key_sets.kept(registration)
    if row is None or not (row.body or row.last_error):
        return Health(kind="open", words=_("Not fetched yet"))
    if not fetching.is_usable(row, now=now):
        return Health(
            kind="act", words=_("Can't be fetched"), fetched_at=row.fetched_at, error=row.last_error
        )
    kind, words = ("waiting", _("Kept from before")) if row.last_error else ("proven", _("Fetched"))
    return _held(kind, words, text=row.body, fetched_at=row.fetched_at, error=row.last_error)


def _held(
    kind: str, words: str | Promise, *, text: str, fetched_at: datetime | None = None, error: str = ""
) -> Health:
    try:
        key_set = key_sets.parsed(text)
    except KeySetRefused as refusal:
        return Health(kind="act", words=_("No key can be used"), fetched_at=fetched_at, error=str(refusal))
    return Health(
        kind=kind,
        words=words,
        keys=len(key_set.keys) + len(key_set.unnamed),
        refused=tuple(key_set.refused.items()),
        fetched_at=fetched_at,
        error=error,
    )
