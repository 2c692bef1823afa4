"""Our own addresses, as tools are told them."""

from django.conf import settings
from django.urls import reverse


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
