"""Pages that post themselves to a tool, or again to us."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from lti_platform.people.models import Person
from lti_platform.tools.models import Registration
from lti_platform.web.context import platform
from lti_platform.web.headers import loosen

Response = TypeVar("Response", bound=HttpResponse)

# Our own attempt page frames tools, so what passes between it and them may stand in its frame.
FRAMED_BY_US = {"frame-ancestors": "'self'"}


def in_passing(response: Response) -> Response:
    """A response on the way to or from a tool: not kept, and its window goes on knowing the one that opened it.

    Any other opener policy would move the window to a group of its own (HTML, cross-origin opener policies).
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def post_to(
    registration: Registration, *, address: str, fields: Mapping[str, str], status: int = 200
) -> HttpResponse:
    """A page that posts `fields` to the tool's `address`; drawn without the person, so it asks the database nothing."""
    values = {"tool": registration.name, "action": address, "fields": fields, "house": platform()}
    response = in_passing(HttpResponse(render_to_string("web/auto_post.html", values), status=status))
    return loosen(response, csp={**FRAMED_BY_US, "form-action": form_action(registration, address=address)})


def form_action(registration: Registration, *, address: str) -> str | None:
    """Where the form may lead: Chromium holds the redirects that follow a post to it too. None where not declared."""
    if not registration.domains:
        return None
    hosts = {urlsplit(address).netloc, *(str(domain) for domain in registration.domains)}
    return " ".join(["'self'", *sorted(host for host in hosts if is_host(host))])


def is_host(text: str) -> bool:
    """Whether the text can stand in a policy without meaning something else there."""
    return bool(text) and all(
        letter.isascii() and (letter.isalnum() or letter in ".-:*[]") for letter in text
    )


def post_again(request: HttpRequest, *, fields: Iterable[tuple[str, str]]) -> HttpResponse:
    """A page of our own site that posts the same fields to us again, so that the Lax session cookie comes along."""
    return draw(request, "web/repost.html", {"action": request.path, "fields": [*fields, ("repost", "1")]})


def draw(
    request: HttpRequest, template: str, values: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page for an answer to a tool: not kept by the browser, and fit for our own frames.

    Where the session did not come along no cookie may be set, or it would replace the ones that stayed behind.
    """
    if isinstance(request.user, Person):
        page = render_to_string(template, dict(values), request)
    else:
        page = render_to_string(template, {**values, "house": platform()})
    return loosen(in_passing(HttpResponse(page, status=status)), csp=FRAMED_BY_US)
