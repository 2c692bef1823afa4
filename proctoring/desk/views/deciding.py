"""Judging one incident; with htmx only the parts that changed come back, so the player keeps its place."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest
from proctoring import reviewing
from proctoring.desk import taking
from proctoring.desk.case_page import CasePage
from proctoring.desk.views.door import REFUSED, of_case, sentence
from proctoring.desk.views.session import values_of
from proctoring.errors import CaseNotOpen, IncidentUnknown
from proctoring.models import ReviewCase


@require_POST
@of_case
def decide(request: PersonRequest, case: ReviewCase, incident_id: UUID) -> HttpResponse:
    """Confirms, dismisses or reopens an incident of the case."""
    refused = ""
    try:
        _decide(request, case, incident_id=incident_id)
    except REFUSED as error:
        refused = sentence(error)
    if request.htmx:
        return _parts(request, case, incident_id=incident_id, refused=refused)
    if refused:
        messages.error(request, refused)
    address = reverse("review-session", args=[case.attempt.case_number])
    return redirect(f"{address}?incident={incident_id}#i-{incident_id}")


def _decide(request: PersonRequest, case: ReviewCase, *, incident_id: UUID) -> None:
    if case.state != ReviewCase.State.WAITING:
        raise CaseNotOpen(str(case.pk))
    taking.require_taken(case, reviewer=request.user)
    if not case.attempt.incidents.filter(pk=incident_id, needs_decision=True).exists():
        raise IncidentUnknown(str(incident_id))
    reviewing.decide_incident(
        incident_id,
        reviewer=request.user,
        judgement=str(request.POST.get("judgement", "")),
        reason=str(request.POST.get("reason", "")),
        now=clock.now(),
    )


def _parts(request: PersonRequest, case: ReviewCase, *, incident_id: UUID, refused: str) -> HttpResponse:
    page = CasePage(case=case, viewer=request.user, now=clock.now(), current_id=incident_id)
    return render(request, "desk/decided_parts.html", values_of(page, refused_decision=refused))
