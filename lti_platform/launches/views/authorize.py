"""The authorization endpoint (OpenID Connect Core 3.1.2, LTI Security Framework 5.1.1)."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from keys.errors import KeysError
from lti_platform.journal.clock import now
from lti_platform.launches import authorization, refusing
from lti_platform.launches.authentication_request import Asked
from lti_platform.launches.authorization import Request
from lti_platform.launches.errors import NoSession, RequestRefused, RequestUnanswerable
from lti_platform.launches.starting import storage_fields
from lti_platform.launches.views.failing import could_not_open
from lti_platform.launches.views.posting import post_again, post_to
from lti_platform.launches.views.reading import asked_of, may_repost, visitor_of
from lti_platform.web.views.errors import server_error

log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Answers a tool's authentication request, by GET or POST: never without a validated address to answer to."""
    found = Request(asked=Asked(), method=str(request.method))
    try:
        found = authorization.look_up(asked_of(request), method=str(request.method))
        redirect = authorization.validated_redirect(found)
    except RequestUnanswerable as error:
        return refuse_here(request, error=error, found=found)
    return answer(request, found=found, redirect=redirect)


def answer(request: HttpRequest, *, found: Request, redirect: str) -> HttpResponse:
    """The token, the error, or the page that asks again with the session, for a request whose address is good."""
    if found.registration is None:
        raise LookupError("an address is only good for a registration")
    try:
        token = authorization.authorize(found, visitor=visitor_of(request), now=now())
    except RequestRefused as error:
        if isinstance(error, NoSession) and may_repost(request, asked=found.asked):
            return post_again(request, fields=found.asked.known.items())
        fields = refusal_fields(request, error=error, found=found)
    except KeysError as error:
        log.critical("cannot sign a launch: %s (reference %s)", error.code, reference_of(request))
        return server_error(request)
    else:
        fields = {"id_token": token}
    return post_to(found.registration, address=redirect, fields={**fields, **came_with(found)})


def refuse_here(request: HttpRequest, *, error: RequestUnanswerable, found: Request) -> HttpResponse:
    """A page of ours, status 400, for want of anyone to answer (RFC 6749 4.1.2.1)."""
    reference = refusing.keep(error, request=found, reference=reference_of(request), now=now())
    tool = found.launch.registration.name if found.launch else ""
    return could_not_open(request, error=error, tool=tool, reference=reference, status=400)


def refusal_fields(request: HttpRequest, *, error: RequestRefused, found: Request) -> dict[str, str]:
    """The error response (OpenID Connect Core 3.1.2.6); the description is for the vendor's log."""
    reference = refusing.keep(error, request=found, reference=reference_of(request), now=now())
    return {"error": error.error, "error_description": f"{error} (reference {reference})"}


def came_with(found: Request) -> dict[str, str]:
    """The state as it came, nothing where none came, or two; and where the tool can find what it stored."""
    state = found.asked.value("state")
    own = found.launch if found.launch and found.launch.registration == found.registration else None
    return {**({"state": state} if state else {}), **(storage_fields(own) if own else {})}


def reference_of(request: HttpRequest) -> str:
    """The reference of this request."""
    return str(getattr(request, "id", ""))
