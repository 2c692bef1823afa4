"""Where the service is."""

from uuid import UUID

from django.urls import reverse

from lti_platform.tools.addresses import absolute


def service_url(deployment_pk: UUID) -> str:
    """The deployment's own address of the Platform Notification Service."""
    return absolute(reverse("notice-handlers", kwargs={"pk": deployment_pk}))
