import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from keys.jwks import published_key_set

MAX_AGE_SECONDS = 300


@require_safe
def jwks(request: HttpRequest) -> HttpResponseBase:
    """Our key set (RFC 7517), cacheable; an unchanged one is answered 304."""
    body = json.dumps(published_key_set(now=timezone.now()), separators=(",", ":")).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": f"public, max-age={MAX_AGE_SECONDS}", "ETag": etag}
    response = HttpResponse(body, content_type="application/json", headers=headers)
    return get_conditional_response(request, etag=etag, response=response) or response
