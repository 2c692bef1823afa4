"""A link's page: its tool in our page, or behind it in a window; what the tool stores stays with this page."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lti_platform.courses.models import ResourceLink
from lti_platform.journal.clock import now
from lti_platform.launches.errors import LaunchNotStarted
from lti_platform.launches.starting import judge
from lti_platform.launches.storing import PARENT, storage_for
from lti_platform.launches.views.posting import FRAMED_BY_US, form_action
from lti_platform.launches.views.redirect import not_started, open_tool
from lti_platform.launches.vocabulary import RESOURCE_LINK_REQUEST
from lti_platform.people.access import PersonRequest
from lti_platform.tools.addresses import absolute
from lti_platform.tools.models import Registration
from lti_platform.web.headers import loosen


@login_required
@require_safe
def link_page(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The page around a link of one's course."""
    link = link_of(pk)
    registration, message = link.deployment.registration, RESOURCE_LINK_REQUEST
    try:
        judge(
            {"deployment": link.deployment, "message_type": message, "resource_link": link},
            person=request.user, context=link.context, now=now(),
        )  # fmt: skip
    except LaunchNotStarted as error:
        return not_started(request, error=error, tool=registration.name)
    values = {
        "section": "learner-home",
        "link": link,
        "tool": registration.name,
        "is_framed": link.document_target == ResourceLink.DocumentTarget.IFRAME,
        "storage": storage_for(registration, session_key=request.session.session_key or ""),
    }
    return framing(render(request, "launches/learner/link.html", values), registration)


@login_required
@require_safe
def open_framed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The link's tool in the frame of its page; asked for anywhere else, the page itself."""
    if request.headers.get("Sec-Fetch-Dest", "iframe") not in ("iframe", "frame"):
        return HttpResponseRedirect(reverse("link-page", args=[pk]))
    return loosen(open_from_page(request, pk, document_target="iframe"), csp=FRAMED_BY_US)


@login_required
@require_safe
def open_beside(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The link's tool in a window that its page opened."""
    return open_from_page(request, pk, document_target="window")


def open_from_page(request: HttpRequest, pk: UUID, *, document_target: str) -> HttpResponse:
    """Starts the launch; the page keeps values for the tool, and the way back leads to it."""
    link = link_of(pk)
    return open_tool(
        request,
        deployment=link.deployment,
        message_type=RESOURCE_LINK_REQUEST,
        resource_link=link,
        document_target=document_target,
        storage_target=PARENT,
        return_url=absolute(reverse("link-page", args=[pk])),
    )


def link_of(pk: UUID) -> ResourceLink:
    """The link with its course and tool, or 404."""
    related = ("context", "deployment__registration", "deployment__of_course")
    return get_object_or_404(ResourceLink.objects.select_related(*related), pk=pk)


def framing(response: HttpResponse, registration: Registration) -> HttpResponse:
    """The page, free to frame this tool's declared hosts: any over HTTPS where it declared none."""
    hosts = form_action(registration, address=registration.initiate_login_uri)
    return loosen(response, csp={"frame-src": hosts or "'self' https:"})
