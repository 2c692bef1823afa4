"""Our addresses that tools are given."""

from django.conf import settings
from django.urls import reverse

from lti_platform.launches.models import Launch


def return_url(launch: Launch) -> str:
    """Where the tool sends the person back to (LTI Core 5.4.4); it takes query parameters."""
    return f"{settings.PLATFORM_URL}{reverse('lti-return', args=[launch.reference])}"
