"""PUT an item's bytes to the embedded store, from a page of the tool it was planned by."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lti_platform.journal import clock
from lti_platform.journal.actors import NOBODY
from lti_platform.journal.recording import record_refusal
from lti_platform.tools.resource_server import ServiceError, problem
from proctoring.evidence import arriving
from proctoring.evidence.arriving import Arrival
from proctoring.evidence.errors import (
    AddressRefused,
    EvidenceError,
    MediaTypeRefused,
    ObjectExists,
    UploadCutShort,
    UploadTooLong,
)
from proctoring.evidence.stores.contract import CHUNK_BYTES

STATUSES: tuple[tuple[type[EvidenceError], int], ...] = (
    (AddressRefused, 404),
    (ObjectExists, 409),
    (UploadTooLong, 413),
    (MediaTypeRefused, 415),
)


@csrf_exempt  # the address is the credential; no cookie is looked at
@require_http_methods(["PUT", "OPTIONS"])
def upload(request: HttpRequest, token: str) -> HttpResponse:
    """201 once the bytes are safe; 409 when they were before (a second PUT changes nothing)."""
    try:
        arrival = arriving.arrival_at(token, now=clock.now())
    except EvidenceError as error:
        return _refused(error)
    if request.method == "OPTIONS":
        return _shared(HttpResponse(status=204), request=request, arrival=arrival)
    try:
        arriving.take_in(
            arrival, chunks=_body(request), length=_length(request), media_type=request.content_type or ""
        )
    except EvidenceError as error:
        return _shared(_refused(error), request=request, arrival=arrival)
    return _shared(HttpResponse(status=201), request=request, arrival=arrival)


def _body(request: HttpRequest) -> Iterator[bytes]:
    try:
        while chunk := request.read(CHUNK_BYTES):
            yield chunk
    except UnreadablePostError as error:  # the browser went away
        raise UploadCutShort from error


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() else 0


def _refused(error: EvidenceError) -> HttpResponse:
    record_refusal(f"evidence.{error.code}", now=clock.now(), actor=NOBODY)
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 400)
    return problem(ServiceError(status, error.code, str(error)))


def _shared(response: HttpResponse, *, request: HttpRequest, arrival: Arrival) -> HttpResponse:
    """Readable by the tool's own pages, and by no other (Fetch standard, CORS protocol)."""
    response["Vary"] = "Origin"
    response["Cache-Control"] = "no-store"
    origin = request.headers.get("Origin", "")
    if origin in arrival.origins:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Methods"] = "PUT"
        response["Access-Control-Allow-Headers"] = "Content-Type, If-None-Match"
        response["Access-Control-Max-Age"] = "600"
    return response
