"""Where an exam starts whose proctoring tool knows only ordinary links: our start address, and the learner's button."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lti_platform.journal.clock import now
from lti_platform.people.access import PersonRequest, permission_required
from proctoring import linked
from proctoring.errors import AttemptOver, StartRefused
from proctoring.messages import Visitor
from proctoring.views.starting import over, refused
from proctoring.words import title_of


@permission_required("learn")
@require_http_methods(["GET", "POST"])
def start(request: PersonRequest, session_id: UUID, token: str) -> HttpResponse:
    """The proctoring tool opens this address: a page with one button, so that no prefetch starts a clock."""
    visitor, moment = visitor_of(request), now()
    try:
        if request.method == "POST":
            return to_exam(linked.start_by_tool(session_id, token=token, visitor=visitor, now=moment).id)
        session = linked.session_at(session_id, token=token, visitor=visitor)
    except AttemptOver as error:
        return over(error)
    except StartRefused as error:
        return refused(request, code=error.code, said=str(error))
    values = {"attempt": session.attempt, "title": title_of(session.attempt.exam)}
    response = render(request, "proctoring/learner/linked_start.html", values)
    response.headers["Cache-Control"] = "no-store"
    return response


@permission_required("learn")
@require_POST
def start_here(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The learner starts from the attempt page, once the proctoring tool is open."""
    try:
        return to_exam(linked.start_by_learner(pk, visitor=visitor_of(request), now=now()).id)
    except AttemptOver as error:
        return over(error)
    except StartRefused as error:
        return refused(request, code=error.code, said=str(error))


def visitor_of(request: PersonRequest) -> Visitor:
    """Whose browser this is."""
    return Visitor(person=request.user, session_key=request.session.session_key or "")


def to_exam(attempt_id: UUID) -> HttpResponse:
    """On to the attempt page."""
    return HttpResponseRedirect(reverse("attempt", args=[attempt_id]), status=303)
