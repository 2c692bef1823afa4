"""Ada picks an exam's questions, or its proctoring, in the tool."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lti_platform.launches.views.redirect import open_tool
from lti_platform.launches.vocabulary import DEEP_LINKING_REQUEST
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.people.scoping import scoped
from lti_platform.tools.addresses import absolute
from proctoring import picking
from proctoring.errors import ExamUnderWay
from proctoring.models import Exam

TOOLS = (picking.ASSESSMENT, picking.PROCTORING)


@require_POST
@permission_required("manage_courses")
def pick(request: PersonRequest, pk: UUID, tool: str) -> HttpResponse:
    """Opens the exam's tool, for one of its items to be picked."""
    related = (f"{name}_link__deployment__registration" for name in TOOLS)
    rows = Exam.objects.select_related("context", *related)
    managed = scoped(rows, request.user, "manage_courses", organization="context__organization_id")
    exam = get_object_or_404(managed, pk=pk)
    if tool not in TOOLS or not picking.can_pick(exam, tool=tool):
        raise Http404
    return open_picker(request, exam, tool=tool)


def open_picker(request: HttpRequest, exam: Exam, *, tool: str) -> HttpResponse:
    """The tool, or the exam's page where somebody is taking the exam."""
    try:
        subject = picking.subject_of(exam, tool=tool)
    except ExamUnderWay:
        messages.warning(request, _("Somebody is taking this exam now. Pick again when nobody is."))
        return redirect("exam-detail", exam.pk)
    return open_tool(
        request,
        deployment=picking.link_of(exam, tool=tool).deployment,
        message_type=DEEP_LINKING_REQUEST,
        context=exam.context,
        subject=subject,
        return_url=absolute(reverse("exam-detail", args=[exam.pk])),
    )
