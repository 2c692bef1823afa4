"""What happened to a tool, as the journal has it, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from lti_platform.tools.facts import (
    DeploymentMade,
    DeploymentSwitched,
    TokenIssued,
    ToolActivated,
    ToolAsked,
    ToolChangeAsked,
    ToolChanged,
    ToolChangeSettled,
    ToolDeclined,
    ToolDisabled,
    ToolEnabled,
    ToolKeysOwned,
    ToolKeysShared,
    ToolRegistered,
)
from lti_platform.tools.models import Registration

WORDS: dict[str, tuple[str, str | Promise]] = {
    ToolRegistered.fact_type: ("proven", _("Registered")),
    ToolAsked.fact_type: ("waiting", _("Registered itself")),
    ToolActivated.fact_type: ("proven", _("Activated")),
    ToolDeclined.fact_type: ("ended", _("Declined")),
    ToolChangeAsked.fact_type: ("waiting", _("Asked for a change")),
    ToolChangeSettled.fact_type: ("open", _("The change asked for was settled")),
    ToolChanged.fact_type: ("open", _("Changed")),
    ToolEnabled.fact_type: ("proven", _("Enabled")),
    ToolDisabled.fact_type: ("ended", _("Disabled: its tokens stopped working")),
    ToolKeysOwned.fact_type: ("open", _("Given keys of its own")),
    ToolKeysShared.fact_type: ("open", _("Shares everybody’s keys again")),
    DeploymentMade.fact_type: ("open", _("Deployment made")),
    DeploymentSwitched.fact_type: ("open", _("Deployment switched on or off")),
}
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened; `who` is empty for the platform itself."""

    kind: str
    words: str | Promise
    more: str
    at: datetime
    who: str


def history(registration: Registration) -> list[Line]:
    """The latest changes, newest last; tokens issued are too many to tell."""
    rows = Entry.objects.filter(subject=_subject(registration), fact_type__in=WORDS)
    latest = list(rows.order_by("-recorded_at", "id")[:SHOWN])
    names = _names([entry.actor_id for entry in latest if entry.actor_kind == "person"])
    return [_line(entry, who=names.get(entry.actor_id, "")) for entry in reversed(latest)]


def last_token_at(registration: Registration) -> datetime | None:
    """When the tool last got an access token."""
    rows = Entry.objects.filter(subject=_subject(registration), fact_type=TokenIssued.fact_type)
    return rows.order_by("-recorded_at", "id").values_list("recorded_at", flat=True).first()


def _subject(registration: Registration) -> str:
    return f"tool:{registration.id}"


def _names(ids: list[str]) -> dict[str, str]:
    return {str(person.pk): str(person) for person in Person.objects.filter(pk__in=ids)}


def _line(entry: Entry, *, who: str) -> Line:
    kind, words = WORDS[entry.fact_type]
    said = entry.payload.get("fields") or entry.payload.get("outcome", "")
    more = str(said).replace(",", ", ").replace("_", " ")
    return Line(kind=kind, words=words, more=more, at=entry.recorded_at, who=who)
