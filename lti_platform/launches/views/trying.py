"""Ada tries a tool as somebody who is in no roster."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from lti_platform.journal.clock import now
from lti_platform.launches import inspecting, telling, trying
from lti_platform.launches.forms import TryForm
from lti_platform.launches.storing import PARENT, storage_for
from lti_platform.launches.views.admin import state_of
from lti_platform.launches.views.redirect import open_tool
from lti_platform.launches.vocabulary import RESOURCE_LINK_REQUEST
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools import overseeing

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
        "tests": [(launch, *state_of(launch, moment=moment)) for launch in tests],
        "tellings": telling.tellings(overseeing.visible_deployments(request.user, registration=tool)),
        "storage": storage_for(tool, session_key=request.session.session_key or ""),
        "section": "tool-list",
    }
    return render(request, "launches/admin/try.html", values)


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
