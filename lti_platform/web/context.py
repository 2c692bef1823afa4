"""What every page knows: the platform's name, the person, where they may go, the time zone."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from lti_platform.web.navigation import LEARN, current, entries
from lti_platform.web.words import place_words, zone_words


def platform() -> dict[str, Any]:
    """What is known without a request or a database: for pages that say something broke."""
    first, _, rest = settings.PLATFORM_NAME.partition(" ")
    return {
        "name": settings.PLATFORM_NAME,
        "name_first": first,
        "name_rest": rest,
        "address": settings.PLATFORM_URL.partition("://")[2],
        "contact": settings.HELP_CONTACT,
        "languages": settings.LANGUAGES,
        "place": place_words(timezone.get_current_timezone()),
        "zone": zone_words(timezone.localtime()),
    }


def around(request: HttpRequest) -> dict[str, Any]:
    """The person and their ways: empty for someone not signed in."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"person": None, "navigation": [], "section": "", "only_learns": False}
    found = entries(person)
    match = request.resolver_match
    return {
        "person": person,
        "navigation": found,
        "section": current(found, path=request.path, page=(match and match.url_name) or ""),
        "only_learns": all(entry.permission == LEARN for entry in found),
    }


def house(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `house`, looked up only when a template asks for it."""
    return {"house": SimpleLazyObject(lambda: {**platform(), **around(request)})}
