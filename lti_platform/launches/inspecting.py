"""A launch as its inspector shows it: the steps in order, the difference, what was sent."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lti_platform.journal.models import EntryDetails
from lti_platform.launches import steps
from lti_platform.launches.afterwards import Call, calls_after
from lti_platform.launches.models import Launch, LaunchStep
from lti_platform.launches.wording import OURS, THEIRS, CheckWords, for_admin
from lti_platform.people.finding import goes_by
from lti_platform.people.models import Person
from lti_platform.people.roles import grants_of, may
from lti_platform.people.scoping import scoped
from lti_platform.tools import overseeing
from lti_platform.tools.models import Registration

MAX_STEPS = 60
SAME_FAILURE_HOURS = 24
TITLES: dict[str, str | Promise] = {
    steps.LOGIN_STARTED: gettext_lazy("Login started."),
    steps.REQUEST_RECEIVED: gettext_lazy("Tool answered."),
    steps.CHECKED: gettext_lazy("Request checked."),
    steps.TOKEN_SIGNED: gettext_lazy("Identity token signed."),
    steps.TOOL_RETURNED: gettext_lazy("Tool sent the person back."),
    steps.SCORE_TRIED: gettext_lazy("Tool sent a score."),
    steps.CONTENT_RETURNED: gettext_lazy("Tool sent content."),
}
TEXTS: dict[str, str | Promise] = {
    steps.LOGIN_STARTED: gettext_lazy("We sent the browser to their login page."),
    steps.REQUEST_RECEIVED: gettext_lazy("It asked for a token."),
    steps.CHECKED: gettext_lazy("Every check passed."),
    steps.TOKEN_SIGNED: gettext_lazy("The browser posts it to the tool."),
    steps.TOOL_RETURNED: gettext_lazy("The person came back to our page."),
    steps.SCORE_TRIED: gettext_lazy("It was taken for this test and kept in no gradebook."),
    steps.CONTENT_RETURNED: gettext_lazy("Its answer passed every check."),
}
HIDDEN_PERSON = gettext_lazy("Not shown to you")
AFTERWARDS = len(steps.PLANNED) + 1
# Opaque ids of people: left out of what is sent to a vendor.
ABOUT_PEOPLE = ("sub", "for_user", "role_scope_mentor")
LOOKUPS = {
    "tool": "registration_id",
    "state": "state",
    "rule": "refusal__iexact",
    "since": "created_at__gte",
    "before": "created_at__lt",
}
_OURS = {steps.LOGIN_STARTED, steps.CHECKED, steps.TOKEN_SIGNED}


class Filters(TypedDict, total=False):
    """What a list of launches may be narrowed by; each may be empty."""

    tool: str
    state: str
    rule: str
    since: datetime | None
    before: datetime | None


@dataclass(frozen=True)
class Seen:
    """One line of the timeline; `at` is None for a step not reached."""

    number: int
    kind: str
    title: str | Promise
    text: str | Promise = ""
    at: datetime | None = None
    side: str | Promise = ""
    rule: str = ""
    milliseconds: int | None = None
    sent: list[tuple[str, str]] = field(default_factory=list)
    is_tools: bool = False  # of the tool, for whichever of its launches


@dataclass(frozen=True)
class Difference:
    """What was asked against the nearest of what would have passed; `asked` in runs, marked where they differ."""

    asked: list[tuple[str, bool]]
    nearest: str
    of: int


@dataclass(frozen=True)
class Sight:
    """Of which organizations a viewer may know the people; None is all."""

    organizations: set[UUID] | None

    def knows(self, person: Person) -> bool:
        """Whether the viewer may know who this is."""
        return self.organizations is None or person.organization_id in self.organizations

    def name(self, person: Person) -> str | Promise:
        """Who it is, or that it may not be known."""
        return str(person) if self.knows(person) else HIDDEN_PERSON


def sight_of(viewer: Person) -> Sight:
    """Who may see launches may not always know the people in them."""
    none_at_all: set[UUID] = set()
    allowed = may(viewer, "view_people")
    return Sight(grants_of(viewer).organizations("view_people") if allowed else none_at_all)


def identity(launch: Launch, *, sight: Sight) -> dict[str, str]:
    """The identity claims by the name under which the steps hold them, as the roster has them now."""
    person = launch.user
    if not launch.is_test and not sight.knows(person):
        return {}
    named = {"name": person.full_name, "given_name": person.given_name, "family_name": person.family_name}
    return {f"claims.{name}": value for name, value in {**named, "email": person.email or ""}.items()}


def seen_by(viewer: Person) -> QuerySet[Launch]:
    """The launches of people the viewer administers, newest first."""
    related = ("registration", "person", "for_person", "deployment", "context", "resource_link")
    rows = Launch.objects.select_related(*related).order_by("-created_at", "id")
    return scoped(rows, viewer, "manage_tools", organization="person__organization_id")


def tools_seen_by(viewer: Person) -> QuerySet[Registration]:
    """The tools whose launches the viewer may see, and those the viewer administers, by name."""
    launched = seen_by(viewer).order_by().values("registration_id")
    theirs = overseeing.visible_registrations(viewer).order_by().values("pk")
    return Registration.objects.filter(Q(pk__in=launched) | Q(pk__in=theirs)).order_by(
        "name", "created_at", "id"
    )


def matching(
    rows: QuerySet[Launch], *, sight: Sight, words: str = "", **filters: Unpack[Filters]
) -> QuerySet[Launch]:
    """The rows that fit every filter given; words are looked for in reference, tool, and people one may know."""
    given = {LOOKUPS[name]: value for name, value in filters.items() if value}
    known = Q() if sight.organizations is None else Q(person__organization__in=sight.organizations)
    for word in words.split()[:5]:
        person = goes_by(word, person="person__") & known
        rows = rows.filter(Q(reference__iexact=word) | person | Q(registration__name__icontains=word))
    return rows.filter(**given)


def refusal_without_launch(reference: str, *, viewer: Person) -> EntryDetails | None:
    """The security entry of a refused request that named no launch of ours, by the reference it was shown under."""
    if len(reference.strip()) != len("7K3-QF2"):
        return None
    found = EntryDetails.objects.select_related("entry").filter(
        note__startswith=f"{reference.strip().upper()} ", entry__fact_type="security.refused"
    )
    return scoped(found, viewer, "manage_tools", organization="entry__organization_id").first()


def timeline(launch: Launch, *, known: Mapping[str, str] = MappingProxyType({})) -> list[Seen]:
    """What happened and what the tool called afterwards, oldest first, then the planned steps not reached.

    `known` puts `identity` in the place of what is hidden.
    """
    rows = list(launch.steps.all()[:MAX_STEPS])
    told = [seen(row, after=before, known=known) for before, row in zip([None, *rows], rows, strict=False)]
    happened = sorted(
        [*told, *map(called, calls_after(launch))], key=lambda line: line.at or launch.created_at
    )
    reached = {row.name for row in rows}
    missing = [name for name in steps.PLANNED if name not in reached]
    return happened + [Seen(number=number_of(name), kind="open", title=TITLES[name]) for name in missing]


def number_of(name: str) -> int:
    """The step's place in the plan, from 1; 5 for what comes after it."""
    return steps.PLANNED.index(name) + 1 if name in steps.PLANNED else AFTERWARDS


def called(call: Call) -> Seen:
    """One call of a service as a line of the timeline."""
    return Seen(
        number=AFTERWARDS,
        kind="act" if call.rule else "open",
        title=call.title,
        text=call.text,
        at=call.at,
        side=THEIRS,
        rule=call.rule,
        is_tools=not call.of_launch,
    )


def seen(row: LaunchStep, *, after: LaunchStep | None, known: Mapping[str, str]) -> Seen:
    """One recorded step."""
    words = None if row.succeeded or row.name != steps.CHECKED else for_admin(row.details.get("check", ""))
    return Seen(
        number=number_of(row.name),
        kind="proven" if row.succeeded else "act",
        title=_("Authorization refused.") if words else TITLES[row.name],
        text=text_of(row, words=words),
        at=row.at,
        side=words.side if words else (OURS if row.name in _OURS else THEIRS),
        rule=row.rule,
        milliseconds=int((row.at - after.at) / timedelta(milliseconds=1)) if after else None,
        sent=[(name, known.get(name) or value) for name, value in flattened(row.details)],
    )


def text_of(row: LaunchStep, *, words: CheckWords | None) -> str | Promise:
    """What happened in a sentence."""
    if words:
        return _("Stopped: %(failed)s.") % {"failed": words.failed}
    return TEXTS[row.name]


def flattened(details: Mapping[str, Any], *, under: str = "") -> Iterator[tuple[str, str]]:
    """Names and values of nested details, one line each: ("parameters.scope", "openid")."""
    for name, value in details.items():
        path = f"{under}.{name}" if under else name
        if isinstance(value, Mapping) and value and not name.startswith("http"):
            yield from flattened(value, under=path)
        elif isinstance(value, str):
            yield path, value
        else:
            yield path, json.dumps(value, ensure_ascii=False)


def failure(launch: Launch) -> LaunchStep | None:
    """The check that stopped the launch, the last if several did; None once it was sent."""
    if launch.state != Launch.State.REFUSED:
        return None
    return launch.steps.filter(name=steps.CHECKED, succeeded=False).last()


def difference(step: LaunchStep) -> Difference | None:
    """Where what was asked differs from the nearest value that would have passed; None where nothing can be shown."""
    expected = [str(value) for value in step.details.get("expected", [])]
    asked = str(step.details.get("asked", ""))
    if not expected:
        return None
    nearest = max(expected, key=lambda value: SequenceMatcher(None, asked, value, autojunk=False).ratio())
    return Difference(asked=runs(asked, nearest=nearest), nearest=nearest, of=len(expected))


def runs(asked: str, *, nearest: str) -> list[tuple[str, bool]]:
    """`asked` in pieces, True where a piece is not in `nearest`."""
    matcher = SequenceMatcher(None, asked, nearest, autojunk=False)
    pieces = [(asked[start:end], tag != "equal") for tag, start, end, _from, _to in matcher.get_opcodes()]
    return [(text, differs) for text, differs in pieces if text]


def stopped_lately(viewer: Person, *, now: datetime) -> int:
    """How many launches of people the viewer administers were stopped in the last day."""
    since = now - timedelta(hours=SAME_FAILURE_HOURS)
    return seen_by(viewer).filter(state=Launch.State.REFUSED, created_at__gte=since).count()


def same_failures(launch: Launch, *, viewer: Person, now: datetime) -> int:
    """How many launches of this tool were stopped by the same rule in the last day."""
    if not launch.refusal:
        return 0
    since = now - timedelta(hours=SAME_FAILURE_HOURS)
    rows = seen_by(viewer).filter(registration_id=launch.registration_id, refusal=launch.refusal)
    return rows.filter(created_at__gte=since).count()


def as_text(launch: Launch, *, lines: list[Seen]) -> str:
    """The page without personal data, to send to a vendor."""
    head = [
        f"Launch {launch.reference}",
        f"Client {launch.registration.client_id}",
        f"Message {launch.message_type}",
    ]
    for line in lines:
        when = line.at.isoformat(timespec="milliseconds") if line.at else "not reached"
        head.append(f"{line.number}. {when} {line.title} {line.rule}".rstrip())
        head += [f"   {name} = {value}" for name, value in line.sent if not name.endswith(ABOUT_PEOPLE)]
    return "\n".join(head)
