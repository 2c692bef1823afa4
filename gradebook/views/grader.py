"""A course's gradebook, for who manages or teaches it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gradebook import sheet, spreadsheets
from gradebook.errors import GradebookError
from gradebook.forms import OverrideForm
from gradebook.grading import gradable_by
from gradebook.models import LineItem, Override, Result, Score
from gradebook.overriding import override
from gradebook.results import of_line_item, with_graders
from gradebook.reviewing import before_any_score, may_open
from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.roles import may

LEARNERS_A_PAGE = 50
ITEMS_A_PAGE = 6
RECENT = 50


@require_safe
@permission_required("learn")
def gradebook(request: PersonRequest, pk: UUID) -> HttpResponse:
    course = get_object_or_404(gradable_by(request.user), pk=pk)
    items = Paginator(sheet.items_of(course), ITEMS_A_PAGE).get_page(request.GET.get("items"))
    learners = Paginator(sheet.learners_of(course), LEARNERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "course": course,
        "items": items,
        "page": learners,
        "rows": sheet.rows(list(learners), items=list(items)),
        **_surroundings(request),
    }
    return render(request, "gradebook/grader/sheet.html", context)


@require_safe
@permission_required("learn")
def gradebook_csv(request: PersonRequest, pk: UUID) -> StreamingHttpResponse:
    course = get_object_or_404(gradable_by(request.user), pk=pk)
    day = timezone.localdate(clock.now()).isoformat()
    return StreamingHttpResponse(
        spreadsheets.csv_lines(sheet.lines(course)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="gradebook-{day}.csv"'},
    )


@permission_required("learn")
def result_detail(request: PersonRequest, pk: UUID, line_item_id: UUID, person_id: UUID) -> HttpResponse:
    course = get_object_or_404(gradable_by(request.user), pk=pk)
    item = get_object_or_404(sheet.items_of(course), pk=line_item_id)
    member = get_object_or_404(sheet.learners_of(course), person_id=person_id)
    result = of_line_item(item).filter(person_id=person_id).first()
    form = OverrideForm(request.POST or None, initial=_said(result))
    if form.is_valid() and _saved(request, item, person_id=person_id, form=form):
        messages.success(request, _("Saved. The tool sees it when it next reads the results."))
        return redirect("course-gradebook", course.pk)
    scores = Score.objects.filter(line_item=item, person_id=person_id).order_by("-received_at", "id")[:RECENT]
    context = {
        "course": course,
        "item": item,
        "person": member.person,
        "result": result,
        "may_open": may_open(result or before_any_score(item, member.person), viewer=request.user),
        "form": form,
        "scores": with_graders(scores, course=course),
        "overrides": Override.objects.filter(result=result)
        .select_related("grader")
        .order_by("-made_at", "id"),
        **_surroundings(request),
    }
    return render(request, "gradebook/grader/result.html", context)


def _said(result: Result | None) -> dict[str, object]:
    """What the form begins with: the word in force."""
    standing = result.override if result else None
    return {"points": standing.points, "comment": standing.comment} if standing else {}


def _saved(request: PersonRequest, item: LineItem, *, person_id: UUID, form: OverrideForm) -> bool:
    """Whether the grader's word stands now; else the form says why not."""
    try:
        override(item, person_id, word=form.word, grader=request.user, now=clock.now())
    except GradebookError as error:
        form.add_error(None, str(error))
        return False
    return True


def _surroundings(request: PersonRequest) -> dict[str, object]:
    """What pages of admins and of instructors have around them."""
    manages = may(request.user, "manage_courses")
    return {"manages": manages, "section": "course-list" if manages else "learner-home", "now": clock.now()}
