"""Which services the tool called after a launch: told from what was kept anyway, by each package for its own."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lti_platform.journal.models import Entry, EntryDetails
from lti_platform.launches.models import Launch
from lti_platform.tools.facts import TokenIssued
from lti_platform.tools.models import ServiceCall

WINDOW = timedelta(hours=4)
MOST = 40
MOST_OF_A_KIND = 20


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call: `of_launch` tells what names the launch's person or attempt from what only is the tool's, later on."""

    at: datetime
    title: str | Promise
    text: str | Promise = ""
    rule: str = ""
    of_launch: bool = False


Tellers = Callable[[Launch, datetime, datetime], Iterable[Call]]
TellerT = TypeVar("TellerT", bound=Tellers)
_tellers: list[Tellers] = []


def tells_calls(function: TellerT) -> TellerT:
    """Registers `(launch, since, until) -> [Call]`: the calls of a package's own services that belong to the launch."""
    _tellers.append(function)
    return function


def calls_after(launch: Launch) -> list[Call]:
    """What the tool called within `WINDOW` after it got its token, oldest first, at most `MOST`."""
    if launch.consumed_at is None:
        return []
    since, until = launch.consumed_at, launch.consumed_at + WINDOW
    found = [call for tell in _tellers for call in tell(launch, since, until)]
    return sorted(found, key=lambda call: call.at)[:MOST]


@tells_calls
def tokens(launch: Launch, since: datetime, until: datetime) -> Iterator[Call]:
    """Access tokens: they are the tool's, for all its launches."""
    issued = Entry.objects.filter(
        subject=f"tool:{launch.registration_id}",
        fact_type=TokenIssued.fact_type,
        recorded_at__range=(since, until),
    )
    for entry in issued.order_by("recorded_at", "id")[:MOST_OF_A_KIND]:
        names = ", ".join(scope.rpartition("/")[2] for scope in str(entry.payload.get("scopes", "")).split())
        yield Call(at=entry.recorded_at, title=_("Access token issued."), text=names)


@tells_calls
def token_refusals(launch: Launch, since: datetime, until: datetime) -> Iterator[Call]:
    """Token requests in the tool's name that a rule stopped; who makes them is proven only when they succeed."""
    path = reverse("lti-token")
    rows = EntryDetails.objects.select_related("entry").filter(
        entry__subject=f"tool:{launch.registration_id}",
        entry__fact_type="security.refused",
        entry__recorded_at__range=(since, until),
        note__startswith=path,
    )
    for row in rows.order_by("entry__recorded_at", "entry_id")[:MOST_OF_A_KIND]:
        rule, said = str(row.entry.payload.get("rule", "")), row.note.removeprefix(path).lstrip(": ")
        yield Call(at=row.entry.recorded_at, title=_("Access token refused."), text=said, rule=rule)


@tells_calls
def reads(launch: Launch, since: datetime, until: datetime) -> Iterator[Call]:
    """Line items, results and rosters that were read, of the launch's course."""
    rows = ServiceCall.objects.filter(registration_id=launch.registration_id, at__range=(since, until))
    rows = rows.filter(path__contains=str(launch.context_id)) if launch.context_id else rows.none()
    for row in rows.order_by("at", "id")[:MOST_OF_A_KIND]:
        yield Call(at=row.at, title=_("Service read."), text=f"GET {row.path}")


@tells_calls
def refusals(launch: Launch, since: datetime, until: datetime) -> Iterator[Call]:
    """Calls with the tool's token that a rule stopped."""
    rows = EntryDetails.objects.select_related("entry").filter(
        entry__organization_id=None,
        entry__recorded_at__range=(since, until),
        entry__fact_type="security.refused",
        entry__actor_kind="tool",
        entry__actor_id=launch.registration.client_id,
    )
    for row in rows.order_by("entry__recorded_at", "entry_id")[:MOST_OF_A_KIND]:
        rule = str(row.entry.payload.get("rule", ""))
        yield Call(at=row.entry.recorded_at, title=_("Service call refused."), text=row.note, rule=rule)
