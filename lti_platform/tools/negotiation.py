"""Media types and bodies of service requests, judged before a view sees them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import UnreadablePostError

from keys.jose import json_object
from lti_platform.tools.service_errors import BadRequest, ServiceError

JSON = "application/json"


def media_type(value: str) -> str:
    """'application/json' of 'Application/JSON; charset=utf-8': parameters are ignored."""
    return value.partition(";")[0].strip().lower()


def require_acceptable(accept: str, *, produces: Iterable[str]) -> None:
    """Nothing, if the Accept header admits what we send, or plain JSON. Raises ServiceError 406."""
    ranges = {media_type(part) for part in accept.split(",") if not _is_refused(part)} - {""}
    if not accept.strip() or ranges & {"*/*", "application/*", JSON, *produces}:
        return
    raise ServiceError(406, "not_acceptable", f"This service answers {', '.join(produces)}.")


def require_body(request: HttpRequest, *, consumes: Iterable[str], max_bytes: int) -> bytes:
    """The body, of a media type and size we read. Raises ServiceError 413 or 415; BadRequest if it broke off."""
    if media_type(request.headers.get("Content-Type", "")) not in {JSON, *consumes}:
        raise ServiceError(
            415, "unsupported_media_type", f"This service reads {', '.join(consumes) or JSON}."
        )
    try:
        body = b"" if _announced_bytes(request) > max_bytes else request.body
    except RequestDataTooBig:
        body = b""
    except UnreadablePostError as error:
        raise BadRequest("body_broken_off", "The body ended early.") from error
    if _announced_bytes(request) > max_bytes or (not body and _announced_bytes(request)):
        raise ServiceError(413, "body_too_large", f"A body of more than {max_bytes} bytes is not read.")
    return body


def parse_object(body: bytes) -> dict[str, Any]:
    """A JSON object whose text can be stored.

    Raises BadRequest for other JSON, a repeated name, NaN, a lone surrogate or a NUL character.
    """
    try:
        body.decode()
        value = json_object(body)
        if b"\\u" in body:  # only an escape can smuggle in what UTF-8 and the JSON grammar keep out
            _require_storable(value)
    except ValueError as error:
        raise BadRequest("body_not_json", "The body is not one JSON object.") from error
    return value


def require_storable_query(request: HttpRequest) -> None:
    """Nothing, unless the query carries a NUL, which a database refuses. Raises BadRequest."""
    if any("\x00" in value for _, values in request.GET.lists() for value in values):
        raise BadRequest("query_not_text", "A query parameter holds a NUL character.")


def _is_refused(part: str) -> bool:
    parameters = (parameter.strip() for parameter in part.lower().split(";")[1:])
    return any(parameter in {"q=0", "q=0.0", "q=0.00", "q=0.000"} for parameter in parameters)


def _announced_bytes(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isascii() and text.isdigit() else 0


def _require_storable(value: object) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, str) and ("\x00" in item or not _is_unicode(item)):
            raise ValueError("text that cannot be stored")


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
