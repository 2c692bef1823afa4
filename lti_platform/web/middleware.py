"""A reference for every request, the person's language, and the headers of every page."""

import logging
import secrets
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from lti_platform.web.headers import frame_options, permissions_header, policy_header

Handler = Callable[[HttpRequest], HttpResponseBase]

# No vowels, so that no word appears; no 0, 1, I, L, O, so that it can be read aloud.
REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
# Where programs call, and nobody looks at a page.
SERVICES = ("/api/", "/lti/contexts/", "/lti/proctoring/sessions/")
# What a visitor did, not what we failed to do.
ANSWERED = (Http404, PermissionDenied, SuspiciousOperation)
log = logging.getLogger(__name__)


def new_reference() -> str:
    """'7K3-QF2': short enough to say on the phone, one of 480 million."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
    return f"{letters[:3]}-{letters[3:]}"


class RequestIdMiddleware:
    """Gives the request its reference as `request.id`, and the answer the same as X-Request-ID."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.id = new_reference()  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Writes the reference beside the kind of error, so that what a person reads out can be found."""
        level = logging.INFO if isinstance(exception, ANSWERED) else logging.ERROR
        log.log(level, "reference %s: %s at %s", request.id, type(exception).__name__, request.path)  # type: ignore[attr-defined]


class MachineErrorsMiddleware:
    """Answers programs in their own words: an error page at a service's address becomes problem JSON (RFC 9457)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = "json" not in response.headers.get("Content-Type", "")
        if response.status_code >= 400 and is_page and request.path.startswith(SERVICES):
            return problem(response)
        return response


def problem(page: HttpResponseBase) -> HttpResponse:
    """What the page says, for programs; which methods are allowed goes with it."""
    status = HTTPStatus(page.status_code)
    body = {"type": "about:blank", "status": status.value, "code": status.name.lower()}
    headers = {name: page.headers[name] for name in ("Allow", "Retry-After") if name in page.headers}
    headers["Cache-Control"] = "no-store"
    return JsonResponse(body, status=status, content_type="application/problem+json", headers=headers)


class PersonLocaleMiddleware:
    """Speaks the language of the person signed in, unless one was chosen in this browser before signing in.

    The choice of a person signed in is kept with the person (see `views.language`), so that it follows them.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if not chosen and settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            language = request.user.locale
            if language != translation.get_language() and language in dict(settings.LANGUAGES):
                translation.activate(language)
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class SecurityHeadersMiddleware:
    """A strict policy on every answer; a view asks for more with `lti_platform.web.headers.loosen`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        asked = getattr(response, "csp", {})
        response.headers.setdefault("Content-Security-Policy", policy_header(asked))
        response.headers.setdefault(
            "Permissions-Policy", permissions_header(getattr(response, "permissions", {}))
        )
        if options := frame_options(asked):
            response.headers.setdefault("X-Frame-Options", options)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # What a person sees signed in stays in no cache: the next one at the same device must not go back to it.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
