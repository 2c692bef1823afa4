"""What every router of the HTTP API shares: tools prove themselves by bearer token, and errors are problem JSON."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security.base import AuthBase
from pydantic import ConfigDict, JsonValue

from lti_platform.journal import clock
from lti_platform.journal.actors import Actor, acting_as
from lti_platform.journal.recording import record_refusal
from lti_platform.tools import bearer
from lti_platform.tools.bearer import Caller
from lti_platform.tools.errors import TokenMissing, TokenRefused
from lti_platform.tools.resource_server import problem, refused
from lti_platform.tools.service_errors import ServiceError

MAX_DETAIL_CHARACTERS = 500
PROBLEM_TYPE = "application/problem+json"
EXAMPLE: dict[str, JsonValue] = {
    "type": "about:blank",
    "status": 404,
    "code": "session_unknown",
    "detail": "There is nothing here for this tool.",
}
Operation = TypeVar("Operation", bound=Callable[..., Any])


class Problem(Schema):
    """An error (RFC 9457); `code` is stable."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})
    type: str
    status: int
    code: str
    detail: str | None = None


class ToolBearer(AuthBase):
    """An access token of ours that carries `scope`, or `or_scope`; `request.auth` is then the Caller."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_bearerFormat = "JWT"  # noqa: N815  (the OpenAPI word)

    def __init__(self, *, scope: str, or_scope: str = "") -> None:
        self.scopes = frozenset({scope, or_scope or scope})
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller:
        caller = bearer.authenticate(request.headers.get("Authorization", ""), now=clock.now())
        with as_tool(caller):
            bearer.require_scope(caller, any_of=self.scopes)
        return caller


@contextmanager
def as_tool(caller: Caller) -> Iterator[None]:
    """Within the block, facts are recorded as done by the tool."""
    with acting_as(Actor(kind="tool", id=caller.registration.client_id)):
        yield


def spoken(
    refusal: type[Exception], *, told: Callable[[Any], ServiceError]
) -> Callable[[Operation], Operation]:
    """Wraps an operation: its facts are the tool's doing, and a `refusal` of the domain is `told` with its own code."""

    def decorate(operation: Operation) -> Operation:
        @functools.wraps(operation)
        def answered(request: HttpRequest, **kwargs: Any) -> Any:
            try:
                with as_tool(request.auth):  # type: ignore[attr-defined]
                    return operation(request, **kwargs)
            except refusal as error:
                raise told(error) from error

        return answered  # type: ignore[return-value]

    return decorate


class ToolAPI(NinjaAPI):
    """An API whose every refusal is problem JSON (RFC 9457), recorded, and described as such."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.add_exception_handler(TokenRefused, _token)
        self.add_exception_handler(ServiceError, _service)
        self.add_exception_handler(ValidationError, _invalid)
        self.add_exception_handler(HttpError, _unreadable)
        self.add_exception_handler(RequestDataTooBig, _too_big)
        self.add_exception_handler(Http404, _missing)

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The description, in which errors have the media type that they are sent with."""
        schema = super().get_openapi_schema(**where)
        for operation in (one for path in schema["paths"].values() for one in path.values()):
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {PROBLEM_TYPE: answer["content"]["application/json"]}
        return schema


def _token(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, TokenMissing):
        return problem(refused(error))  # nothing was presented, so there is nothing to note
    return _service(request, refused(error))


def _service(request: HttpRequest, error: Any) -> HttpResponse:
    caller = getattr(request, "auth", None)
    actor = Actor(kind="tool", id=caller.registration.client_id) if isinstance(caller, Caller) else None
    record_refusal(f"service.{error.code}", now=clock.now(), actor=actor)
    return problem(error)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    said = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors)
    return _service(request, ServiceError(422, "request_invalid", said[:MAX_DETAIL_CHARACTERS]))


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return _service(request, ServiceError(error.status_code, "request_unreadable", "The body is not JSON."))


def _too_big(request: HttpRequest, error: Any) -> HttpResponse:
    return _service(request, ServiceError(413, "body_too_large"))


def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return _service(request, ServiceError(404, "not_found"))
