"""Pia's lists: what waits, what comes next, what was decided."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from proctoring.desk import levels, queueing, taking, words
from proctoring.desk.forms import DecidedFilter, QueueFilter
from proctoring.models import ReviewCase

PAGE_SIZE = 50


@require_safe
@permission_required("review_sessions")
def review_queue(request: PersonRequest) -> HttpResponse:
    """What waits for a person, the most severe and then the oldest first."""
    now = clock.now()
    form = QueueFilter(request.GET, viewer=request.user)
    page = Paginator(form.matching(queueing.waiting(request.user)), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    figures = queueing.figures(request.user, today=today, now=now)
    values = {
        "form": form,
        "page": page,
        "rows": [_row(case, viewer_id=request.user.pk, now=now) for case in page],
        "figures": figures,
        "oldest": now - figures.oldest if figures.oldest else None,
        "late": figures.late or None,
        "now": now,
    }
    return render(request, "desk/queue.html", values)


@require_POST
@permission_required("review_sessions")
def next_case(request: PersonRequest) -> HttpResponse:
    """Takes the first case that is nobody's or the reviewer's own, within the filters of the queue."""
    form = QueueFilter(request.POST, viewer=request.user)
    cases = form.matching(queueing.waiting(request.user))
    case = taking.take_next(cases, reviewer=request.user, now=clock.now())
    if case is None:
        messages.info(request, _("Nothing waits for you here."))
        return redirect("review-queue")
    return redirect("review-session", case.attempt.case_number)


@require_safe
@permission_required("review_sessions")
def review_decided(request: PersonRequest) -> HttpResponse:
    """What was decided, the newest first."""
    form = DecidedFilter(request.GET, viewer=request.user)
    page = Paginator(form.matching(queueing.decided(request.user)), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    values = {
        "form": form,
        "page": page,
        "rows": [_decided_row(case) for case in page],
        "now": clock.now(),
    }
    return render(request, "desk/decided.html", values)


def _row(case: ReviewCase, *, viewer_id: Any, now: Any) -> dict[str, Any]:
    return {
        "case": case,
        "bars": levels.bars(case.severity),
        "waiting": now - case.opened_at,
        "is_late": case.due_at < now,
        "is_mine": case.assigned_to_id == viewer_id,
    }


def _decided_row(case: ReviewCase) -> dict[str, Any]:
    verdict = next(reversed(case.verdicts.all()), None)
    kind, state = words.STATES.get(case.attempt.state, ("waiting", _("Being settled")))
    return {
        "case": case,
        "verdict": verdict,
        "kind": words.kind_of(verdict.outcome) if verdict else "",
        "state_kind": kind,
        "state": state,
    }
