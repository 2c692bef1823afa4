"""The door of each page: signed in, allowed, or told so with a reference."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from lti_platform.journal.clock import now
from lti_platform.journal.recording import record_refusal
from lti_platform.people.models import Person
from lti_platform.people.roles import may
from lti_platform.people.standing import may_act

Params = ParamSpec("Params")
View = Callable[Concatenate[HttpRequest, Params], HttpResponseBase]


class PersonRequest(HttpRequest):
    """A request whose user is known to be a person; for annotations in views behind `permission_required`."""

    user: Person
    htmx: Any


def permission_required(
    permission: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Lets through who is signed in, in standing and holds `permission`; others go to sign-in or to a 403 page."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, Person):
                return _to_sign_in(request)
            today = now()
            in_standing = may_act(request.user, on=timezone.localdate(today))
            if not in_standing or not may(request.user, permission):
                record_refusal("permission_missing", now=today, note=f"{permission} {request.path}")
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())
