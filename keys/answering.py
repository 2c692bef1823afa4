"""Public JSON that others keep: with an entity tag, so that an unchanged one is not sent again."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

MAX_AGE_SECONDS = 300


def entity_tag(body: bytes) -> str:
    """The quoted tag of exactly these bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def cacheable_json(request: HttpRequest, body: bytes, *, etag: str = "") -> HttpResponseBase:
    """The bytes, good for five minutes; 304 for whoever has them already."""
    etag = etag or entity_tag(body)
    headers = {"Cache-Control": f"public, max-age={MAX_AGE_SECONDS}", "ETag": etag}
    response = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response
