"""A person opens a link of a course, and comes back from a tool."""

import logging
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from lti_platform.courses.models import ResourceLink
from lti_platform.journal.clock import now
from lti_platform.launches import returning
from lti_platform.launches.contributing import ToolReturn
from lti_platform.launches.models import Launch
from lti_platform.launches.views.failing import back_url
from lti_platform.launches.views.posting import draw, in_passing
from lti_platform.launches.views.reading import is_framed, is_from_a_tools_frame
from lti_platform.launches.views.redirect import open_tool
from lti_platform.launches.vocabulary import RESOURCE_LINK_REQUEST
from lti_platform.tools.addresses import absolute

log = logging.getLogger(__name__)


@login_required
@require_safe
def open_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Opens a resource link for a member of its course."""
    related = ("context", "deployment__registration", "deployment__of_course")
    link = get_object_or_404(ResourceLink.objects.select_related(*related), pk=pk)
    return open_tool(
        request, deployment=link.deployment, message_type=RESOURCE_LINK_REQUEST, resource_link=link
    )


@csrf_exempt
@require_safe
def tool_return(request: HttpRequest, rest: str) -> HttpResponse:
    """Hears a tool's words on the way back, and goes on to the page the launch was started from.

    Words that anybody else brings are neither kept nor shown: who gives away such an address could put any into it.
    """
    reference, words = returning.split(as_sent(request, rest=rest))
    launch = returning.launch_of(reference)
    if launch is None:
        raise Http404
    if request.user.is_anonymous and is_from_a_tools_frame(request):
        return once_more(request)
    if request.user.pk == launch.person_id:
        returning.hear(launch, words=words, now=now())
    else:
        words = ToolReturn()
    if words.log or words.error_log:
        log.warning("launch %s, the tool's log: %s %s", reference, words.log, words.error_log)
    on = onward(launch)
    if not words.message and not words.failed and on and not is_framed(request):
        return in_passing(HttpResponseRedirect(on))
    return say(request, launch=launch, words=words, on=on)


def as_sent(request: HttpRequest, *, rest: str) -> str:
    """The end of the address with its query; what a tool appended by "&" is in the path, which comes decoded."""
    query = request.META.get("QUERY_STRING", "")
    return "?".join(part for part in (quote(rest, safe="/&=+"), query) if part)


def once_more(request: HttpRequest) -> HttpResponse:
    """The same address asked for again by our own page, so that the Lax session cookie comes along."""
    response = draw(request, "web/message.html", {"kind": "live", "answer": _("One moment…")})
    response.headers["Refresh"] = f"0; url={request.get_full_path()}"
    return response


def onward(launch: Launch) -> str:
    """The page of ours that the launch names, for a test its steps; empty where it names none, or one elsewhere."""
    if launch.is_test:
        return absolute(reverse("launch-detail", args=[launch.reference]))
    host = settings.PLATFORM_URL.partition("://")[2]
    ours = url_has_allowed_host_and_scheme(launch.return_url, allowed_hosts={host})
    return launch.return_url if ours else ""


def say(request: HttpRequest, *, launch: Launch, words: ToolReturn, on: str) -> HttpResponse:
    """The tool's words, as plain text in quotation marks."""
    said = words.error or words.message
    answer = _("%(tool)s reported a problem.") if words.failed else _("You are back from %(tool)s.")
    values = {
        "kind": "act" if words.failed else "ended",
        "subject": launch.registration.name,
        "about": launch.context.title if launch.context and request.user.pk == launch.person_id else "",
        "answer": answer % {"tool": launch.registration.name},
        "more": _("It says: “%(words)s”") % {"words": said} if said else "",
        "reference": launch.reference if words.failed else "",
        "back_url": on or back_url(),
        "back_words": _("Continue"),
        "back_target": "_top" if is_framed(request) else "",
    }
    return draw(request, "web/message.html", values)
