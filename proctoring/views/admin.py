"""Exams, for LMS admins: what there is, making one, changing its rules, and attempts that need a person."""

import json
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lti_platform.journal.clock import now
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.scoping import scoped
from proctoring import picking, releasing, tool_launches
from proctoring.attempts import settings_of
from proctoring.errors import IllegalMove
from proctoring.forms import NewExamForm, RulesForm
from proctoring.models import Attempt, Exam
from proctoring.moving import move
from proctoring.transitions import Event
from proctoring.views.attempt_page import state_in_list
from proctoring.views.picking import TOOLS, open_picker

SECTION = {"section": "exam-list"}


def exams_of(request: PersonRequest) -> QuerySet[Exam]:
    """The exams the viewer may manage."""
    rows = Exam.objects.select_related("context__organization").order_by("title", "pk")
    return scoped(rows, request.user, "manage_courses", organization="context__organization_id")


@permission_required("manage_courses")
def exam_list(request: PersonRequest) -> HttpResponse:
    """Every exam, its course, and how often it was attempted."""
    rows = exams_of(request).annotate(tried=Count("attempts"))
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "proctoring/admin/exam_list.html", {"page": page, "now": now(), **SECTION})


@permission_required("manage_courses")
def exam_new(request: PersonRequest) -> HttpResponse:
    """Makes an exam: course, two tools, rules."""
    form = NewExamForm(
        request.POST or None, viewer=request.user, initial={"context": request.GET.get("course")}
    )
    if form.is_valid():
        exam = form.create(now=now())
        if "pick" in request.POST and picking.can_pick(exam, tool=picking.ASSESSMENT):
            return open_picker(request, exam, tool=picking.ASSESSMENT)
        public = _("The exam is made. Learners of the course can take it.")
        draft = _("The exam is made. Nobody sees it before you publish it.")
        messages.success(request, public if exam.is_published else draft)
        return redirect("exam-detail", exam.pk)
    missing = {name: form.is_missing(name) for name in ("context", "assessment", "proctoring")}
    values = {"form": form, "missing": missing, **SECTION}
    return render(request, "proctoring/admin/exam_new.html", values)


@permission_required("manage_courses")
def exam_edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Changes the rules for attempts to come."""
    exam = get_object_or_404(exams_of(request), pk=pk)
    form = RulesForm(request.POST or None, instance=exam)
    if form.is_valid():
        form.change(now=now())
        messages.success(request, _("Saved. Attempts under way keep the rules they began with."))
        return redirect("exam-detail", pk)
    return render(request, "proctoring/admin/exam_edit.html", {"form": form, "exam": exam, **SECTION})


@permission_required("manage_courses")
def exam_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One exam: its rules, its tools, its attempts, those that wait for a decision first."""
    tools = ("assessment_link__deployment__registration", "proctoring_link__deployment__registration")
    exam = get_object_or_404(exams_of(request).select_related(*tools), pk=pk)
    attempts = exam.attempts.select_related("person", "review_case").order_by("-created_at", "id")
    page = Paginator(attempts, 50).get_page(request.GET.get("page"))
    values = {
        "exam": exam,
        "can_pick": {tool: picking.can_pick(exam, tool=tool) for tool in TOOLS},
        "takes_flags": tool_launches.may_flag(exam.proctoring_link.deployment.registration),
        "settings_sent": json.dumps(settings_of(exam)) if settings_of(exam) else "",
        "page": page,
        "rows": [(attempt, state_in_list(attempt)) for attempt in page],
        "interrupted": attempts.filter(state=Attempt.State.INTERRUPTED),
        "now": now(),
        **SECTION,
    }
    return render(request, "proctoring/admin/exam_detail.html", values)


@require_POST
@permission_required("manage_courses")
def reopen(request: PersonRequest, pk: UUID, attempt_id: UUID) -> HttpResponse:
    """Lets an interrupted attempt go on; it stays paused until the learner continues."""
    attempt = attempt_of(request, pk, attempt_id)
    try:
        move(attempt.id, Event.REOPEN, now=now(), reason_code="staff")
    except IllegalMove:
        messages.warning(request, _("Nothing was changed: the attempt is no longer interrupted."))
    else:
        messages.success(request, _("The learner can continue from the attempt page."))
    return redirect("exam-detail", pk)


@require_POST
@permission_required("manage_courses")
def void(request: PersonRequest, pk: UUID, attempt_id: UUID) -> HttpResponse:
    """Declares an attempt void, with a reason; it does not count."""
    attempt = attempt_of(request, pk, attempt_id)
    reason = request.POST.get("reason", "").strip()[:1000]
    if not reason:
        messages.error(request, _("Nothing was changed: say why the attempt should not count."))
        return redirect("exam-detail", pk)
    try:
        releasing.void(attempt.id, note=reason, now=now())
    except IllegalMove:
        messages.warning(request, _("Nothing was changed: the attempt is settled already."))
    else:
        messages.success(request, _("The attempt is void and does not count. The learner can start again."))
    return redirect("exam-detail", pk)


def attempt_of(request: PersonRequest, pk: UUID, attempt_id: UUID) -> Attempt:
    """An attempt at an exam that the viewer may manage; never the viewer's own: nobody gives themselves another try."""
    exam = get_object_or_404(exams_of(request), pk=pk)
    others = Attempt.objects.exclude(person=request.user)
    return get_object_or_404(others, exam=exam, pk=attempt_id)
