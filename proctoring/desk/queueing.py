"""The queue as the desk shows it: one query for a page of cases, one for its figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from lti_platform.people.models import Organization, Person
from lti_platform.people.scoping import scoped
from lti_platform.tools.models import Registration
from proctoring import reviewing
from proctoring.models import Incident, ReviewCase, Session

TOOL = "attempt__exam__proctoring_link__deployment__registration"
ORGANIZATION = "attempt__person__organization"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How the whole queue stands, whatever the filters; `late` past their time, `oldest` since when."""

    total: int
    mine: int
    late: int
    oldest: datetime | None
    decided_today: int


def waiting(viewer: Person) -> QuerySet[ReviewCase]:
    """The queue in its order, each case with `tool_flags`, `our_flags` and `recorded` (percent)."""
    return reviewing.queue(viewer).annotate(
        tool_flags=_flags(Incident.Source.TOOL),
        our_flags=_flags(Incident.Source.PLATFORM),
        recorded=_recorded(),
    )


def decided(viewer: Person) -> QuerySet[ReviewCase]:
    """What was decided, the newest first, with verdicts and who signed them."""
    cases = reviewing.visible(viewer).filter(state=ReviewCase.State.DECIDED)
    return cases.prefetch_related("verdicts__reviewer").order_by("-decided_at", "pk")


def figures(viewer: Person, *, today: datetime, now: datetime) -> Figures:
    """Counted over all that the viewer may review; `today` is the moment the day began."""
    is_waiting = Q(state=ReviewCase.State.WAITING)
    is_new = Q(
        state=ReviewCase.State.DECIDED, decided_at__gte=today, decided_at__lt=today + timedelta(days=1)
    )
    found: dict[str, Any] = reviewing.visible(viewer).aggregate(
        total=Count("pk", filter=is_waiting),
        mine=Count("pk", filter=is_waiting & Q(assigned_to=viewer)),
        late=Count("pk", filter=is_waiting & Q(due_at__lt=now)),
        oldest=Min("opened_at", filter=is_waiting),
        decided_today=Count("pk", filter=is_new),
    )
    return Figures(**found)


def organizations(viewer: Person) -> QuerySet[Organization]:
    """Those whose people the viewer may review."""
    return scoped(Organization.objects.order_by("name"), viewer, reviewing.REVIEW, organization="id")


def tools(viewer: Person) -> QuerySet[Registration]:
    """The proctoring tools of the cases the viewer may see."""
    seen = reviewing.visible(viewer).values(f"{TOOL}_id")
    return Registration.objects.filter(pk__in=seen).order_by("name")


def _flags(source: str) -> Coalesce:
    rows = Incident.objects.filter(attempt=OuterRef("attempt_id"), needs_decision=True, source=source)
    counted = rows.order_by().values("attempt").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _recorded() -> Subquery:
    """Of several sessions, the one that shows least; nothing while one of them still collects."""
    started = Session.objects.filter(attempt=OuterRef("attempt_id"), started_at__isnull=False)
    least = F("coverage_percent").asc(nulls_first=True)
    return Subquery(started.order_by(least).values("coverage_percent")[:1])
