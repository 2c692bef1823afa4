"""Names the actor of each request: the signed-in person, looked up only if a fact is recorded."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lti_platform.journal.actors import NOBODY, Actor, acting_as


def address_of(request: HttpRequest) -> str:
    """The caller's address; behind `ALLAUTH_TRUSTED_PROXY_COUNT` proxies, the one the outermost of them saw."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [
        part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
    ]
    if trusted and len(forwarded) >= trusted:
        return forwarded[-trusted]
    return str(request.META.get("REMOTE_ADDR", ""))


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def signed_in_person() -> Actor:
            return Actor("person", str(request.user.pk)) if request.user.is_authenticated else NOBODY

        with acting_as(signed_in_person, address=address_of(request)):
            return self.get_response(request)
