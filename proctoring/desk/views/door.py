"""The door of a case: found by its number, within what the viewer may review; refusals become words."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_platform.journal import clock
from lti_platform.journal.recording import record_refusal
from lti_platform.people.access import PersonRequest, permission_required
from proctoring import reviewing
from proctoring.desk import queueing, words
from proctoring.desk.errors import DeskError
from proctoring.errors import IncidentsUndecided, OwnSession, ProctoringError
from proctoring.evidence.errors import EvidenceError
from proctoring.models import ReviewCase

View = Callable[..., HttpResponseBase]
REFUSED = (ProctoringError, DeskError, EvidenceError)


def of_case(view: View) -> View:
    """Hands the view its case; 404 for one the viewer may not review, 403 in words for the viewer's own."""

    @permission_required("review_sessions")
    @wraps(view)
    def found(request: PersonRequest, number: int, **kwargs: Any) -> HttpResponseBase:
        case = (
            reviewing.visible(request.user)
            .select_related(queueing.TOOL)
            .filter(attempt__case_number=number)
            .first()
        )
        if case is not None:
            return view(request, case, **kwargs)
        if ReviewCase.objects.filter(attempt__case_number=number, attempt__person=request.user).exists():
            return _own_session(request)
        raise Http404

    return found


def says_refusals(view: View) -> View:
    """A rule that stops what a form asked for is said on the case's page."""

    @wraps(view)
    def spoken(request: PersonRequest, case: ReviewCase, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, case, **kwargs)
        except REFUSED as refused:
            messages.error(request, sentence(refused))
            return redirect("review-session", case.attempt.case_number)

    return spoken


def sentence(refused: Exception) -> str:
    """A refusal in words for the reviewer."""
    if isinstance(refused, IncidentsUndecided):
        return ngettext(
            "Decide the open incident first. Nothing was signed.",
            "Decide the %(count)s open incidents first. Nothing was signed.",
            refused.count,
        ) % {"count": refused.count}
    return str(words.refusal(getattr(refused, "code", "")))


def _own_session(request: PersonRequest) -> HttpResponse:
    record_refusal(OwnSession.code, now=clock.now(), note=request.path)
    values = {
        "kind": "act",
        "answer": _("This is your own exam."),
        "more": _("Nobody reviews themselves. Another reviewer decides this case."),
        "reference": request.id,  # type: ignore[attr-defined]
        "rule": OwnSession.code,
    }
    return render(request, "web/message.html", values, status=403)
