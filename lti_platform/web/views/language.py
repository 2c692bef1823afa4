"""The language of the pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from lti_platform.people.models import Person


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keeps the language of `language` with the person, or in this browser until someone signs in; back to `next`."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(way_back(request))
    if language not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        Person.objects.filter(pk=request.user.pk).update(locale=language)
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    else:
        keep_in_browser(response, language=language)
    return response


def way_back(request: HttpRequest) -> str:
    """The page the switch was used on, if it is one of ours; otherwise the start."""
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if ours else "/"


def keep_in_browser(response: HttpResponse, *, language: str) -> None:
    """Sets the language cookie until the browser is closed."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )
