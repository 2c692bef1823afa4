"""The page of one case, and what is done with a case as a whole: taken, watched, given back, judged."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest
from lti_platform.web.headers import loosen
from proctoring import reviewing
from proctoring.desk import taking, watching, words
from proctoring.desk.case_page import ADVERSE, CasePage
from proctoring.desk.forms import ReasonForm, VerdictForm
from proctoring.desk.views.door import REFUSED, of_case, says_refusals, sentence
from proctoring.desk.views.standing import standing_of
from proctoring.evidence.models import Access
from proctoring.evidence.playback import media_origin
from proctoring.models import ReviewCase


@require_safe
@of_case
def review_session(request: PersonRequest, case: ReviewCase) -> HttpResponse:
    """The recordings, the incidents, what applies, and the verdict."""
    return _page(request, case)


@require_POST
@of_case
@says_refusals
def start(request: PersonRequest, case: ReviewCase) -> HttpResponse:
    """Takes a waiting case and opens its recordings; one that is decided is watched for a reason that is named."""
    now, reason = clock.now(), str(request.POST.get("reason", ""))
    if case.state == ReviewCase.State.WAITING:
        taking.take(case, reviewer=request.user, now=now, is_over="over" in request.POST)
        reason = Access.Reason.FIRST_REVIEW
    watching.open_recordings(case, viewer=request.user, reason=reason, now=now)
    return redirect("review-session", case.attempt.case_number)


@require_POST
@of_case
@says_refusals
def give_back(request: PersonRequest, case: ReviewCase) -> HttpResponse:
    """Puts the case back into the queue; decisions made so far stay."""
    taking.give_back(case, reviewer=request.user, now=clock.now())
    words_of_case = {"number": case.attempt.case_number}
    messages.success(
        request, _("Case %(number)s waits for anybody again. Your decisions stay.") % words_of_case
    )
    return redirect("review-queue")


@require_POST
@of_case
def give_verdict(request: PersonRequest, case: ReviewCase) -> HttpResponse:
    """Signs the verdict; one against the candidate is asked about once more."""
    form = VerdictForm(request.POST)
    outcome, note = str(request.POST.get("outcome", "")), str(request.POST.get("note", ""))
    if outcome in ADVERSE and not (form.is_valid() and form.cleaned_data["sure"]):
        return _page(request, case, form=form, asked=outcome, status=422)
    try:
        if case.state == ReviewCase.State.WAITING:
            taking.require_taken(case, reviewer=request.user)
        reviewing.give_verdict(case.pk, reviewer=request.user, outcome=outcome, note=note, now=clock.now())
    except REFUSED as refused:
        return _page(request, case, form=form, refused=sentence(refused), status=422)
    messages.success(request, str(words.next_of(outcome)))
    return redirect("review-session", case.attempt.case_number)


def _page(request: PersonRequest, case: ReviewCase, *, status: int = 200, **more: Any) -> HttpResponse:
    page = CasePage(case=case, viewer=request.user, now=clock.now(), current_id=incident_in(request))
    response = render(request, "desk/session.html", values_of(page, **more), status=status)
    origin = f" {media_origin()}".rstrip()
    return loosen(response, csp={"media-src": f"'self' blob:{origin}", "img-src": f"'self' data:{origin}"})


def values_of(page: CasePage, **more: Any) -> dict[str, Any]:
    """What the templates of a case lay out."""
    return {
        "page": page,
        "case": page.case,
        "attempt": page.attempt,
        "standing": standing_of(page),
        "streams": [(name, words.stream_of(name)) for name in page.streams],
        "outcomes": [
            (outcome, outcome.label, words.effect_of(outcome), outcome in ADVERSE)
            for outcome in page.outcomes
        ],
        "verdict_kind": words.kind_of(page.verdict.outcome) if page.verdict else "",
        "score": score_of(page),
        "reasons": ReasonForm(),
        "section": "review-queue" if page.is_waiting else "review-decided",
        "now": page.now,
        **more,
    }


def score_of(page: CasePage) -> str:
    """The score, once the case is decided; empty before, and where there is none."""
    percent = page.attempt.percent
    return "" if page.is_waiting or percent is None else f"{percent.normalize():f}\u00a0%"


def incident_in(request: PersonRequest) -> UUID | None:
    """The incident that the address asks for, if it is one."""
    try:
        return UUID(str(request.GET.get("incident", "")))
    except ValueError:
        return None
