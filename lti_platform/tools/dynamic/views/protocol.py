"""What tools call: our configuration, the registration endpoint, and each tool's own registration."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from keys.answering import cacheable_json
from lti_platform.journal import clock
from lti_platform.journal.actors import NOBODY, acting_as
from lti_platform.journal.recording import record_refusal
from lti_platform.tools import bearer, negotiation
from lti_platform.tools.dynamic import discovery, echoing, links, managing, taking_in
from lti_platform.tools.dynamic.refusal_words import MAX_BYTES
from lti_platform.tools.errors import (
    OtherClient,
    Problem,
    RegistrationRefused,
    TokenMissing,
    TokenRefused,
    ToolsError,
)
from lti_platform.tools.models import RegistrationLink
from lti_platform.tools.service_errors import ServiceError

NEVER_CACHED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
Answer = Callable[[str], HttpResponse]


@require_safe
def openid_configuration(request: HttpRequest) -> HttpResponseBase:
    """Who we are and what we support; the same for everybody, so kept by whoever asks (RFC 8414 section 3.2)."""
    return cacheable_json(request, json.dumps(discovery.configuration(), separators=(",", ":")).encode())


@csrf_exempt
def register(request: HttpRequest) -> HttpResponse:
    """A tool registers itself, with an admin's one-time token (RFC 7591 section 3)."""

    def answer(token: str) -> HttpResponse:
        taken = _taken_in(request, links.open_link(token, now=clock.now()))
        body = echoing.echo(taken.registration, access_token=taken.access_token)
        return JsonResponse(body, status=201, headers=NEVER_CACHED)

    return _answered(request, {"POST": answer})


def _taken_in(request: HttpRequest, link: RegistrationLink) -> taking_in.TakenIn:
    """What `taking_in` says; a refusal is noted with the link, where its admin waits."""
    try:
        return taking_in.take_in(link, _json(request), now=clock.now())
    except RegistrationRefused as error:
        links.note_refusal(link, error.problems, now=clock.now())
        raise
    except ServiceError as error:
        problem = Problem(field="", code=error.code, message=error.detail or error.code)
        links.note_refusal(link, [problem], now=clock.now())
        raise


@csrf_exempt
def registration(request: HttpRequest, client_id: str) -> HttpResponse:
    """A tool reads or changes its own registration (RFC 7592 section 2)."""

    def read(token: str) -> HttpResponse:
        row = managing.own(client_id, token=token)
        return JsonResponse(echoing.echo(row, access_token=token), headers=NEVER_CACHED)

    def change(token: str) -> HttpResponse:
        row = managing.own(client_id, token=token)
        row = managing.ask(row, _json(request), now=clock.now())
        return JsonResponse(echoing.echo(row, access_token=token), headers=NEVER_CACHED)

    return _answered(request, {"GET": read, "PUT": change})


def _answered(request: HttpRequest, methods: dict[str, Answer]) -> HttpResponse:
    if request.method not in methods:
        allowed = ", ".join(methods)
        return _error("invalid_request", f"use {allowed}", status=405, headers={"Allow": allowed})
    with acting_as(NOBODY), translation.override("en"):
        try:
            token = bearer.presented(request.headers.get("Authorization", ""))
            return methods[str(request.method)](token)
        except TokenMissing as error:
            return _refused(error)  # nothing was presented, so there is nothing to note
        except ToolsError as error:
            record_refusal(error.code, now=clock.now(), note=f"{request.path}: {error}")
            return _refused(error)
        except ServiceError as error:
            record_refusal(error.code, now=clock.now(), note=request.path)
            return _error("invalid_client_metadata", error.detail or error.code, status=error.status)


def _json(request: HttpRequest) -> dict[str, Any]:
    return negotiation.parse_object(negotiation.require_body(request, consumes=[], max_bytes=MAX_BYTES))


def _refused(error: ToolsError) -> HttpResponse:
    if isinstance(error, RegistrationRefused):
        return _error(_code(error), str(error))
    if isinstance(error, OtherClient):
        return _error("access_denied", str(error), status=403)
    challenge = bearer.challenge(error) if isinstance(error, TokenRefused) else ""
    return _error("invalid_token", str(error), status=401, headers={"WWW-Authenticate": challenge})


def _code(error: RegistrationRefused) -> str:
    """RFC 7591 section 3.2.2 has a word of its own for redirect addresses that break a rule."""
    broken = any(problem.field == "redirect_uris" and problem.code != "missing" for problem in error.problems)
    return "invalid_redirect_uri" if broken else "invalid_client_metadata"


def _error(
    code: str, description: str, *, status: int = 400, headers: dict[str, str] | None = None
) -> HttpResponse:
    body = {"error": code, "error_description": description}
    return JsonResponse(body, status=status, headers={**NEVER_CACHED, **(headers or {})})
