"""The one door of the services tools call: token, scope, method, media types, size, JSON (RFC 6750)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from lti_platform.journal import clock
from lti_platform.journal.actors import NOBODY, Actor, acting_as
from lti_platform.journal.recording import record_refusal
from lti_platform.tools import bearer, calls, negotiation
from lti_platform.tools.bearer import Caller
from lti_platform.tools.errors import ScopeInsufficient, TokenMissing, TokenRefused
from lti_platform.tools.service_errors import BadRequest, Conflict, Forbidden, NotFound, ServiceError

__all__ = [
    "BadRequest",
    "Caller",
    "Conflict",
    "Forbidden",
    "NotFound",
    "ServiceError",
    "ServiceRequest",
    "problem",
    "refused",
    "service",
]

DEFAULT_MAX_BYTES = 64 * 1024
BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})


class ServiceRequest(HttpRequest):
    """A request that passed the door: `json` is the parsed body, empty for methods without one."""

    json: dict[str, Any]


# Called with (ServiceRequest, Caller) and the address's parameters by name, which differ from view to view.
ServiceView = Callable[..., HttpResponse]


@dataclass(frozen=True, kw_only=True)
class Door:
    """What one service asks of a request. `errors` gives errors of the domain, with their `code`, a status."""

    methods: Mapping[str, frozenset[str]]
    produces: Collection[str]
    consumes: Collection[str]
    max_bytes: int
    errors: Mapping[type[Exception], int]


def service(
    *,
    methods: Mapping[str, Collection[str]],
    produces: str | Collection[str] = (negotiation.JSON,),
    consumes: str | Collection[str] = (),
    max_bytes: int = DEFAULT_MAX_BYTES,
    errors: Mapping[type[Exception], int] | None = None,
) -> Callable[[ServiceView], Callable[..., HttpResponse]]:
    """Wraps `view(request, tool, **kwargs)`: bad input never reaches it, and no input makes it a 500.

    `methods` gives each method the scopes of which one is enough. Answers 405, 401, 403, 406, 415, 413, 400
    itself; a ServiceError, or an error named in `errors`, becomes problem JSON. Refusals are recorded.
    """
    door = Door(
        methods={method: frozenset(scopes) for method, scopes in methods.items()},
        produces=(produces,) if isinstance(produces, str) else tuple(produces),
        consumes=(consumes,) if isinstance(consumes, str) else tuple(consumes),
        max_bytes=max_bytes,
        errors=errors or {},
    )

    def decorate(view: ServiceView) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method not in door.methods:
                return problem(
                    ServiceError(405, "method_not_allowed", headers={"Allow": ", ".join(door.methods)})
                )
            return _answer(view, request, door=door, kwargs=kwargs)

        return guarded

    return decorate


def problem(error: ServiceError) -> HttpResponse:
    """The error as problem JSON (RFC 9457), never cached."""
    body = {"type": "about:blank", "status": error.status, "code": error.code}
    if error.detail:
        body["detail"] = error.detail
    headers = {"Cache-Control": "no-store", **error.headers}
    return JsonResponse(body, status=error.status, content_type="application/problem+json", headers=headers)


def refused(error: TokenRefused) -> ServiceError:
    """A refused token as 401, or 403 when only the scope is missing, with its WWW-Authenticate."""
    status = 403 if isinstance(error, ScopeInsufficient) else 401
    code = "invalid_token" if isinstance(error, TokenMissing) else error.code
    return ServiceError(status, code, str(error), headers={"WWW-Authenticate": bearer.challenge(error)})


def _answer(view: ServiceView, request: HttpRequest, *, door: Door, kwargs: dict[str, Any]) -> HttpResponse:
    actor = NOBODY
    try:
        tool = bearer.authenticate(request.headers.get("Authorization", ""), now=clock.now())
        actor = Actor(kind="tool", id=tool.registration.client_id)
        with acting_as(actor):
            _prepare(request, tool, door=door)
            response = view(cast(ServiceRequest, request), tool, **kwargs)
        if request.method == "GET":
            calls.note(tool.registration, path=request.path, now=clock.now())
        return response
    except TokenMissing as error:
        return problem(refused(error))  # nothing was presented, so there is nothing to note
    except TokenRefused as error:
        return _recorded(request, refused(error), actor=actor)
    except ServiceError as error:
        return _recorded(request, error, actor=actor)
    except tuple(door.errors) as error:
        return _recorded(request, _translated(error, door=door), actor=actor)


def _prepare(request: HttpRequest, tool: Caller, *, door: Door) -> None:
    method = str(request.method)
    bearer.require_scope(tool, any_of=door.methods[method])
    negotiation.require_acceptable(request.headers.get("Accept", ""), produces=door.produces)
    negotiation.require_storable_query(request)
    parsed: dict[str, Any] = {}
    if method in BODY_METHODS:
        body = negotiation.require_body(request, consumes=door.consumes, max_bytes=door.max_bytes)
        parsed = negotiation.parse_object(body)
    cast(ServiceRequest, request).json = parsed


def _translated(error: Exception, *, door: Door) -> ServiceError:
    status = next(status for kind, status in door.errors.items() if isinstance(error, kind))
    return ServiceError(status, str(getattr(error, "code", "refused")), str(error))


def _recorded(request: HttpRequest, error: ServiceError, *, actor: Actor) -> HttpResponse:
    note = f"{error.status} {request.method} {request.path}"
    record_refusal(error.code, now=clock.now(), actor=actor, note=note)
    return problem(error)
