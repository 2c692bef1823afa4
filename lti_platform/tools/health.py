"""How a tool's key set stands, for people: a kind of state, a sentence, and what is known."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_platform.tools import fetching, key_sets
from lti_platform.tools.key_troubles import Trouble, troubles_of_pasted, troubles_of_text
from lti_platform.tools.models import Registration

MOST_TOOLS = 500  # judged for one page: the keys of each are read


@dataclass(frozen=True, kw_only=True)
class Health:
    """`kind` is a state of the design system; `keys` the number of usable ones, `troubles` are those of all."""

    kind: str
    words: str | Promise
    keys: int = 0
    troubles: tuple[Trouble, ...] = ()
    fetched_at: datetime | None = None
    error: str = ""


def key_set_health(registration: Registration, *, now: datetime) -> Health:
    """What we hold of the tool's keys; asks nobody. Costs no query after `select_related("fetched_key_set")`."""
    if registration.jwks:
        return _held("proven", _("Pasted here"), found=troubles_of_pasted(key_sets.pasted_text(registration)))
    row = key_sets.kept(registration)
    if row is None or not (row.body or row.last_error):
        return Health(kind="open", words=_("Not fetched yet"))
    if not fetching.is_usable(row, now=now):
        words = _("Too old: not fetched for two days") if row.body else _("Can't be fetched")
        return Health(kind="act", words=words, fetched_at=row.fetched_at, error=row.last_error)
    kind, words = ("waiting", _("Kept from before")) if row.last_error else ("proven", _("Fetched"))
    found = troubles_of_text(row.body)
    return _held(kind, words, found=found, fetched_at=row.fetched_at, error=row.last_error)


def _held(
    kind: str,
    words: str | Promise,
    *,
    found: tuple[int, tuple[Trouble, ...]],
    fetched_at: datetime | None = None,
    error: str = "",
) -> Health:
    keys, troubles = found
    if not keys:
        kind, words, error = "act", _("No key can be used"), error or str(_("No key in the set may sign."))
    elif troubles and kind == "proven":
        kind, words = "waiting", _("Trouble with a key")
    return Health(kind=kind, words=words, keys=keys, troubles=troubles, fetched_at=fetched_at, error=error)
