from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from keys.answering import cacheable_json
from keys.publishing import document


@require_safe
def jwks(request: HttpRequest) -> HttpResponseBase:
    """Our key set (RFC 7517), cacheable; an unchanged one is answered 304."""
    found = document(now=timezone.now())
    return cacheable_json(request, found.body, etag=found.etag)
