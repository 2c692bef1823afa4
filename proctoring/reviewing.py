"""People judge: incidents one by one with a reason, then the whole session with a verdict."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from lti_platform.people.models import Person
from lti_platform.people.scoping import scoped
from proctoring.cases import open_case, open_incidents, undecided_incidents, weigh
from proctoring.errors import (
    CaseNotOpen,
    IncidentsUndecided,
    IncidentUnknown,
    OutcomeUnknown,
    OwnSession,
    ReasonMissing,
)
from proctoring.facts import IncidentDecided, VerdictGiven
from proctoring.incidents import digest_of
from proctoring.models import Attempt, Incident, IncidentDecision, ReviewCase, Verdict
from proctoring.moving import locked, tell
from proctoring.releasing import CLEAR, UNCOUNTED, reject
from proctoring.transitions import SETTLED, State

__all__ = [
    "decide_incident",
    "give_verdict",
    "incidents_digest",
    "open_case",
    "open_incidents",
    "queue",
    "visible",
]

REVIEW = "review_sessions"


def visible(viewer: Person) -> QuerySet[ReviewCase]:
    """The cases of people whose organization the viewer may review; never the viewer's own."""
    cases = ReviewCase.objects.select_related(
        "attempt__exam__context", "attempt__person__organization", "assigned_to"
    )
    mine = scoped(cases, viewer, REVIEW, organization="attempt__person__organization_id")
    return mine.exclude(attempt__person=viewer)


def queue(viewer: Person) -> QuerySet[ReviewCase]:
    """The cases that wait for a person, the most severe and then the oldest first, with `flags` and `open_flags`."""
    flags = Count("attempt__incidents", filter=Q(attempt__incidents__needs_decision=True), distinct=True)
    undecided = Q(attempt__incidents__needs_decision=True, attempt__incidents__decisions=None)
    return (
        visible(viewer)
        .filter(state=ReviewCase.State.WAITING)
        .annotate(flags=flags, open_flags=Count("attempt__incidents", filter=undecided, distinct=True))
        .order_by("-severity", "opened_at", "pk")
    )


@transaction.atomic
def decide_incident(
    incident_id: UUID, *, reviewer: Person, judgement: str, reason: str, now: datetime
) -> IncidentDecision:
    """Confirms, dismisses or reopens an incident; the last decision counts, all are kept. Dismissing takes a reason.

    Raises IncidentUnknown, OwnSession, ReasonMissing, OutcomeUnknown.
    """
    if judgement not in IncidentDecision.Judgement:
        raise OutcomeUnknown(judgement)
    if judgement == IncidentDecision.Judgement.DISMISSED and not reason.strip():
        raise ReasonMissing
    incident = Incident.objects.filter(pk=incident_id).first()
    if incident is None:
        raise IncidentUnknown(str(incident_id))
    attempt = _judged_by_another(incident.attempt_id, reviewer)
    decision = IncidentDecision.objects.create(
        incident=incident, reviewer=reviewer, judgement=judgement, reason=reason.strip()[:1000], at=now
    )
    fact = IncidentDecided(attempt_id=attempt.id, incident_id=incident.id, judgement=judgement)
    tell(attempt, fact, now=now, note=reason.strip())
    if case := ReviewCase.objects.filter(attempt=attempt).first():
        weigh(attempt, case, is_needed=False, now=now)
    return decision


@transaction.atomic
def give_verdict(case_id: UUID, *, reviewer: Person, outcome: str, note: str, now: datetime) -> Verdict:
    """Signs a judgement of the session. Clear lets the result be released; anything else voids it, even a late one.

    Every incident must be judged first, and a note is required unless the outcome is plainly clear. Raises CaseNotOpen,
    OwnSession, OutcomeUnknown, ReasonMissing, IncidentsUndecided.
    """
    if outcome not in Verdict.Outcome:
        raise OutcomeUnknown(outcome)
    if outcome != Verdict.Outcome.CLEAR and not note.strip():
        raise ReasonMissing
    case = ReviewCase.objects.filter(pk=case_id).first()
    if case is None:
        raise CaseNotOpen(str(case_id))
    attempt = _judged_by_another(case.attempt_id, reviewer)
    case.refresh_from_db(fields=["state"])  # as it is under the attempt's lock
    _require_open(attempt, case, outcome=outcome)
    if count := undecided_incidents(attempt).count():
        raise IncidentsUndecided(count=count)
    verdict = _sign(attempt, case, reviewer=reviewer, outcome=outcome, note=note.strip(), now=now)
    if outcome not in CLEAR:
        reject(attempt.id, outcome=outcome, now=now)
    return verdict


def _judged_by_another(attempt_id: UUID, reviewer: Person) -> Attempt:
    attempt = locked(attempt_id)
    if attempt.person_id == reviewer.pk:
        raise OwnSession
    return attempt


def _require_open(attempt: Attempt, case: ReviewCase, *, outcome: str) -> None:
    """Until the attempt is settled a verdict may be replaced; after a release, a rejection is left.

    A case that came back after the release may be cleared again.
    """
    if attempt.state not in SETTLED:
        return
    is_waiting = case.state == ReviewCase.State.WAITING
    is_possible = outcome not in UNCOUNTED and (outcome not in CLEAR or is_waiting)
    if attempt.state != State.RELEASED or not is_possible:
        raise CaseNotOpen(f"the attempt is {attempt.state}")


def _sign(
    attempt: Attempt, case: ReviewCase, *, reviewer: Person, outcome: str, note: str, now: datetime
) -> Verdict:
    seen = incidents_digest(attempt)
    verdict = Verdict.objects.create(
        case=case, reviewer=reviewer, outcome=outcome, note=note, incidents_digest=seen, at=now
    )
    case.state, case.decided_at = ReviewCase.State.DECIDED, now
    case.save(update_fields=["state", "decided_at"])
    fact = VerdictGiven(attempt_id=attempt.id, case_id=case.id, verdict_id=verdict.id, outcome=outcome)
    tell(attempt, fact, now=now, note=note)
    return verdict


def incidents_digest(attempt: Attempt) -> str:
    """SHA-256 (hex) of the incidents and the decisions on them: what a reviewer had before their eyes."""
    rows = (
        Incident.objects.filter(attempt=attempt).prefetch_related("decisions").order_by("received_at", "pk")
    )
    return digest_of([_row(incident) for incident in rows])


def _row(incident: Incident) -> list[Any]:
    decisions = [[decision.judgement, decision.reason] for decision in incident.decisions.all()]
    return [str(incident.pk), incident.message_digest, decisions]
