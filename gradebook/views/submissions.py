"""What was handed in, opened in the tool where it was: for who instructs, and for learners their own."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from gradebook import reviewing, sheet
from gradebook.errors import NothingToReview, SubmissionNotVisible
from gradebook.models import Result
from lti_platform.courses.memberships import courses_of
from lti_platform.journal.clock import now
from lti_platform.journal.recording import record_refusal
from lti_platform.launches.views.redirect import open_tool
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools.addresses import absolute

PAGE_SIZE = 50


@require_safe
@permission_required("learn")
def submissions(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The submissions of a course that the viewer may see."""
    course = get_object_or_404(courses_of(request.user), pk=pk)
    rows = reviewing.submissions(request.user, course=course)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    moment = now()
    values = {
        "section": "learner-home",
        "course": course,
        "page": page,
        "rows": [(result, reviewing.is_reviewable(result)) for result in page],
        "not_begun": reviewing.not_begun(request.user, course=course, now=moment),
        "is_ever_shown": reviewing.shown_again(course).exists(),
        "is_grader": reviewing.is_grader(request.user, context_id=course.pk),
        "now": moment,
    }
    return render(request, "gradebook/submissions.html", values)


@require_POST
@permission_required("learn")
def review(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Opens one submission in its tool; who may not see it gets no launch (LtiSubmissionReviewRequest)."""
    related = (
        "line_item__deployment__registration",
        "line_item__context",
        "line_item__resource_link__context",
    )
    result = get_object_or_404(Result.objects.select_related("person", *related), pk=pk)
    return _opened(request, result)


@require_POST
@permission_required("learn")
def review_of(request: PersonRequest, pk: UUID, line_item_id: UUID, person_id: UUID) -> HttpResponse:
    """Opens what a learner did, or has not begun to do, on a line item, in its tool; as `review` does."""
    course = get_object_or_404(courses_of(request.user), pk=pk)
    related = ("deployment__registration", "context", "resource_link__context")
    item = get_object_or_404(sheet.items_of(course).select_related(*related), pk=line_item_id)
    member = get_object_or_404(sheet.learners_of(course), person_id=person_id)
    return _opened(request, reviewing.result_of(item, member.person))


def _opened(request: PersonRequest, result: Result) -> HttpResponse:
    try:
        opening = reviewing.opening(result, viewer=request.user)
    except (SubmissionNotVisible, NothingToReview) as error:
        record_refusal(error.code, now=now(), note=f"{request.path}")
        raise PermissionDenied(error.code) from error
    opening["return_url"] = absolute(reverse("submissions", args=[result.line_item.context_id]))
    return open_tool(request, **opening)
