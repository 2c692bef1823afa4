"""Ada tries a tool as somebody who is in no roster."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lti_platform.journal.clock import now
from lti_platform.launches import inspecting, telling, trying
from lti_platform.launches.forms import TrialForm, TryForm
from lti_platform.launches.storing import PARENT, storage_for
from lti_platform.launches.views.admin import state_of
from lti_platform.launches.views.redirect import open_tool
from lti_platform.launches.vocabulary import RESOURCE_LINK_REQUEST
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools import overseeing
from lti_platform.tools.models import Deployment

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("manage_tools")
def tool_try(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Asks which link and as whom; a POST opens the tool, in a window of its own."""
    tool = get_object_or_404(overseeing.visible_registrations(request.user), pk=pk)
    links = trying.links_of(tool, viewer=request.user)
    form = TryForm(request.POST or None, links=links, initial={"link": request.GET.get("link")})
    if form.is_valid():
        return opened(request, form.cleaned_data)
    moment = now()
    tests = inspecting.seen_by(request.user).filter(registration=tool, is_test=True)[:SHOWN]
    values = {
        "tool": tool,
        "form": form,
        "has_links": links.exists(),
        "trial": TrialForm(organizations=trying.may_have_trial(tool, viewer=request.user)),
        "tests": [(launch, *state_of(launch, moment=moment)) for launch in tests],
        "tellings": telling.tellings(overseeing.visible_deployments(request.user, registration=tool)),
        "storage": storage_for(tool, session_key=request.session.session_key or ""),
        "section": "tool-list",
    }
    return render(request, "launches/admin/try.html", values)


@require_POST
@permission_required("manage_courses")
def trial_course(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Makes a course without people that holds the tool, so that it can be tried at once."""
    tool = get_object_or_404(overseeing.visible_registrations(request.user), pk=pk)
    form = TrialForm(request.POST, organizations=trying.may_have_trial(tool, viewer=request.user))
    try:
        if not form.is_valid():
            raise Deployment.DoesNotExist
        link = trying.make_trial(tool, organization=form.cleaned_data["organization"], now=now())
    except Deployment.DoesNotExist:
        messages.error(request, _("No course was made: the tool is not deployed for that organization."))
        return redirect("tool-try", pk)
    messages.success(request, _("A course to try it in is made. It has no people, and shows under Courses."))
    return redirect(f"{reverse('tool-try', args=[pk])}?link={link.pk}")


def opened(request: PersonRequest, chosen: dict[str, Any]) -> HttpResponse:
    """The tool, told of a person whom the admin pretends to be."""
    link = chosen["link"]
    return open_tool(
        request,
        deployment=link.deployment,
        message_type=RESOURCE_LINK_REQUEST,
        resource_link=link,
        document_target="window",
        storage_target=PARENT,
        pretends=chosen["pretends"],
    )
