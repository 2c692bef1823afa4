"""Our own addresses, as tools are told them."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from lti_platform.tools.models import Registration

NOBODY = "00000000-0000-0000-0000-000000000000"


def absolute(path: str) -> str:
    """The full address of a path of ours."""
    return f"{settings.PLATFORM_URL}{path}"


def token_endpoint() -> str:
    """Where tools ask for access tokens; also an audience of their assertions."""
    return absolute(reverse("lti-token"))


def authorization_endpoint() -> str:
    """Where tools send the browser in the second step of a launch."""
    return absolute(reverse("lti-authorize"))


def key_set() -> str:
    """Where our public keys are."""
    return absolute(reverse("jwks"))


def key_set_of(registration: Registration) -> str:
    """Where the keys are that sign for this tool: at its own address, if it has keys of its own."""
    if not registration.has_own_keys:
        return key_set()
    return absolute(reverse("tool-key-set", args=[registration.client_id]))


def audiences() -> tuple[str, str]:
    """What we go by, any of which an assertion may be made out to; the best first (LTI Security Framework 4.1.1)."""
    return token_endpoint(), settings.PLATFORM_URL


def pattern(name: str) -> str:
    """The address of another package's service, with {id} for what a launch names; "" where it is not built in."""
    try:
        return absolute(reverse(name, args=[NOBODY])).replace(NOBODY, "{id}")
    except NoReverseMatch:
        return ""
