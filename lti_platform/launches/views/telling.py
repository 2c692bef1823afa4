"""Pages of tools about themselves, for the people who use them and for who manages them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lti_platform.launches import telling
from lti_platform.launches.views.redirect import open_tool
from lti_platform.people.access import PersonRequest, permission_required
from lti_platform.tools import overseeing
from lti_platform.tools.addresses import absolute
from lti_platform.tools.models import Deployment


@require_safe
@permission_required("learn")
def own_tools(request: PersonRequest) -> HttpResponse:
    """The tools of one's courses that tell their terms, or what they keep of one."""
    values = {"tellings": telling.tellings(telling.deployments_for(request.user))}
    return render(request, "launches/learner/tools.html", values)


@require_POST
@permission_required("learn")
def tool_tells(request: PersonRequest, pk: UUID, about: str) -> HttpResponse:
    """Opens the tool's page, by a message that speaks of no course and no link."""
    deployment = deployment_of(request, pk)
    message = telling.message_for(deployment.registration, about=about) if about in telling.MESSAGES else ""
    if not message:
        raise Http404
    return open_tool(
        request,
        deployment=deployment,
        message_type=message,
        target_link_uri=deployment.registration.target_for(message),
        return_url=absolute(reverse("own-tools")),
    )


def deployment_of(request: PersonRequest, pk: UUID) -> Deployment:
    """A deployment in one's courses, or one that the person manages; else 404."""
    own = telling.deployments_for(request.user).filter(pk=pk).first()
    if own:
        return own
    found = Deployment.objects.select_related("registration").filter(pk=pk).first()
    managed = found and overseeing.visible_deployments(request.user, registration=found.registration)
    if not found or not managed or not managed.filter(pk=pk).exists():
        raise Http404
    return found
