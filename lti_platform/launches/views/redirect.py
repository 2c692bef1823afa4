"""Opening a tool: what every page that starts a launch calls."""

from typing import Unpack

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from lti_platform.journal.clock import now
from lti_platform.journal.recording import record_refusal
from lti_platform.launches.errors import LaunchNotStarted
from lti_platform.launches.starting import Opening, as_address, login_initiation, start
from lti_platform.launches.views.failing import could_not_open
from lti_platform.launches.views.posting import in_passing, post_to
from lti_platform.people.models import Person


def open_tool(request: HttpRequest, **opening: Unpack[Opening]) -> HttpResponse:
    """Starts a launch for the person signed in and sends their browser to the tool's login address.

    A GET is redirected; a POST is answered by a page that posts itself, because a browser holds the page before
    to its own form-action through every redirect. A launch that cannot start is a page with a reference.
    """
    if not isinstance(request.user, Person):
        return redirect_to_login(request.get_full_path())
    registration, key = opening["deployment"].registration, request.session.session_key or ""
    try:
        launch, hint = start(person=request.user, session_key=key, now=now(), **opening)
    except LaunchNotStarted as error:
        return not_started(request, error=error, tool=registration.name)
    address, parameters = login_initiation(launch, hint=hint)
    if request.method == "POST":
        return post_to(registration, address=address, fields=parameters)
    return in_passing(HttpResponseRedirect(as_address(address, parameters=parameters)))


def not_started(request: HttpRequest, *, error: LaunchNotStarted, tool: str) -> HttpResponse:
    """Says why, and keeps the refusal under the reference of this request."""
    reference = str(getattr(request, "id", ""))
    record_refusal(error.code, now=now(), note=f"{reference} {tool}")
    return could_not_open(request, error=error, tool=tool, reference=reference, status=403)
