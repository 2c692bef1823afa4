"""GET an object of evidence, in ranges, by the person whose access made the address."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from lti_platform.journal import clock
from lti_platform.journal.recording import record_refusal
from lti_platform.tools.resource_server import ServiceError, problem
from proctoring.evidence import playback, ranges
from proctoring.evidence.errors import AddressRefused, ObjectMissing
from proctoring.evidence.playback import Playable
from proctoring.evidence.stores.chosen import current_store


@require_safe
def play(request: HttpRequest, token: str) -> HttpResponseBase:
    """200, 206 or 416; where the store can be reached by browsers, a redirect to it."""
    now = clock.now()
    try:
        found = playback.playable(token, person_id=request.user.pk, now=now)
        url = playback.direct_url(found, now=now)
        response = HttpResponseRedirect(url) if url else _bytes(request, found=found)
    except (AddressRefused, ObjectMissing) as error:
        record_refusal(f"evidence.{error.code}", now=now)
        response = problem(ServiceError(404, error.code, str(error)))
    response["Cache-Control"] = "private, no-store"
    return response


def _bytes(request: HttpRequest, *, found: Playable) -> HttpResponseBase:
    try:
        part = ranges.wanted(request.headers.get("Range", ""), size=found.bytes)
    except ranges.RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.bytes}"})
    start, stop = part or (0, found.bytes)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(stop - start),
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
    }
    if part:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{found.bytes}"
    if request.method == "HEAD":
        return HttpResponse(content_type=found.media_type, headers=headers, status=206 if part else 200)
    chunks = current_store().open_stream(found.key, version=found.version, start=start, stop=stop)
    return StreamingHttpResponse(
        chunks, content_type=found.media_type, headers=headers, status=206 if part else 200
    )
