"""Where tools find and register with us."""

from django.urls import reverse

from lti_platform.tools.addresses import absolute


def configuration() -> str:
    """Our OpenID configuration."""
    return absolute(reverse("openid-configuration"))


def registration_endpoint() -> str:
    """Where a tool posts its registration."""
    return absolute(reverse("lti-register"))


def client_configuration(client_id: str) -> str:
    """Where a tool reads and changes its registration (RFC 7592)."""
    return absolute(reverse("lti-registration", args=[client_id]))


def vendor_page(token: str) -> str:
    """Where a vendor uses a link that an admin sent."""
    return absolute(reverse("registration-by-vendor", args=[token]))
