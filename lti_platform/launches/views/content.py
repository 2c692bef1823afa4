"""What tools give a course: Ada asks a tool for it, looks at what was picked, adds it, takes it away again."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lti_platform.courses.models import Context
from lti_platform.journal.clock import now
from lti_platform.launches.deep_linking import adding, looking, shelf
from lti_platform.launches.deep_linking.errors import AlreadySettled
from lti_platform.launches.errors import LaunchRefused
from lti_platform.launches.models import ContentItem, ContentRequest
from lti_platform.launches.views.redirect import open_tool
from lti_platform.launches.vocabulary import DEEP_LINKING_REQUEST
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.scoping import scoped
from lti_platform.tools.addresses import absolute

SECTION = {"section": "course-list"}


def course_of(request: PersonRequest, pk: UUID) -> Context:
    """A course that the viewer manages."""
    rows = scoped(Context.objects.all(), request.user, "manage_courses", organization="organization_id")
    return get_object_or_404(rows, pk=pk)


def requests_of(request: PersonRequest) -> QuerySet[ContentRequest]:
    """What was asked for in courses that the viewer manages, and answered."""
    rows = ContentRequest.objects.exclude(state=ContentRequest.State.OPEN)
    related = ("launch__context", "launch__registration", "launch__deployment", "launch__person", "link")
    return scoped(
        rows.select_related(*related),
        request.user,
        "manage_courses",
        organization="launch__context__organization_id",
    )


@require_safe
@permission_required("manage_courses")
def content(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What the course holds of what tools gave it, the tools to ask, and what waits for a look."""
    course = course_of(request, pk)
    waiting = requests_of(request).filter(launch__context=course, state=ContentRequest.State.WAITING)
    values = {
        "course": course,
        "tools": shelf.pickers_for(course),
        "items": shelf.content_of(course),
        "waiting": waiting.order_by("-used_at", "id")[:20],
        "now": now(),
        **SECTION,
    }
    return render(request, "launches/admin/content.html", values)


@require_POST
@permission_required("manage_courses")
def ask(request: PersonRequest, pk: UUID, deployment_id: UUID) -> HttpResponse:
    """Opens the tool, for something to be picked in it."""
    course = course_of(request, pk)
    tool = next((one for one in shelf.pickers_for(course) if one.pk == deployment_id), None)
    if tool is None:
        messages.warning(request, _("This tool gives no content here."))
        return redirect("course-content", pk)
    on = absolute(reverse("course-content", args=[pk]))
    return open_tool(
        request, deployment=tool, message_type=DEEP_LINKING_REQUEST, context=course, return_url=on
    )


@require_safe
@permission_required("manage_courses")
def review(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What came back, before it is added and after."""
    asked = get_object_or_404(requests_of(request), pk=pk)
    rows = looking.picked_in(asked)
    values = {"asked": asked, "rows": rows, "course": asked.launch.context, "now": now(), **SECTION}
    return render(request, "launches/admin/content_review.html", values)


@require_POST
@permission_required("manage_courses")
def add(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Adds what was picked."""
    asked = get_object_or_404(requests_of(request), pk=pk)
    try:
        added = adding.add(asked, now=now())
    except AlreadySettled:
        messages.warning(request, _("Nothing was changed: this was added or discarded before."))
        return redirect("content-review", pk)
    except LaunchRefused as error:
        messages.error(request, _("Nothing was added: %(reason)s.") % {"reason": error})
        return redirect("content-review", pk)
    messages.success(request, _("Added: %(count)s. People of the course see it now.") % {"count": len(added)})
    return redirect("course-content", asked.launch.context_id)


@require_POST
@permission_required("manage_courses")
def discard(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Adds nothing of it."""
    asked = get_object_or_404(requests_of(request), pk=pk)
    try:
        adding.discard(asked, now=now())
    except AlreadySettled:
        messages.warning(request, _("Nothing was changed: this was added or discarded before."))
        return redirect("content-review", pk)
    messages.success(request, _("Discarded. Nothing was added."))
    return redirect("course-content", asked.launch.context_id)


@require_POST
@permission_required("manage_courses")
def remove(request: PersonRequest, pk: UUID, item_id: UUID) -> HttpResponse:
    """Takes one item off the course's page."""
    course = course_of(request, pk)
    rows = ContentItem.objects.select_related("resource_link").filter(request__link=None)
    item = get_object_or_404(rows, context=course, pk=item_id)
    shelf.remove(item, now=now())
    messages.success(request, _("Removed. Scores and results that there are stay in the records."))
    return redirect("course-content", pk)
