"""What a learner reads of the gradebook: their own results, once they are final and given out."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from gradebook.results import visible_to_learner
from lti_platform.courses.memberships import courses_of
from lti_platform.people.access import PersonRequest, permission_required

PAGE_SIZE = 50


@require_safe
@permission_required("learn")
def own_results(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One's own results in a course, newest first."""
    course = get_object_or_404(courses_of(request.user), pk=pk)
    own = visible_to_learner(request.user).filter(line_item__context=course, line_item__deleted_at=None)
    page = Paginator(own.order_by("-updated_at", "id"), PAGE_SIZE).get_page(request.GET.get("page"))
    values = {"section": "learner-home", "course": course, "page": page}
    return render(request, "gradebook/learner/results.html", values)
