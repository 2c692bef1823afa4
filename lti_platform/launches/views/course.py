"""A course as its people see it: the links placed in it, and what tools gave it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lti_platform.courses.memberships import courses_of
from lti_platform.journal.clock import now
from lti_platform.launches.deep_linking import shelf
from lti_platform.launches.placed import placed_on
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.web.headers import loosen


@require_safe
@permission_required("learn")
def course_page(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The links and the content of a course in which the person has a place; it may hold none yet."""
    course = get_object_or_404(courses_of(request.user), pk=pk)
    items = [*placed_on(course), *shelf.content_of(course)]
    moment = now()
    rows = shelf.shown_to(request.user, items, course=course, now=moment)
    values = {"course": course, "rows": rows, "now": moment, "section": "learner-home"}
    page = render(request, "launches/learner/course.html", values)
    needed = {"img-src": f"'self' data: {shelf.image_sources(items)}".strip()}
    if frames := shelf.frame_sources(items):
        needed["frame-src"] = frames
    return loosen(page, csp=needed)
