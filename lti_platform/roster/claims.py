"""What the roster adds to a launch."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from lti_platform.launches.contributing import contributes_claims
from lti_platform.launches.models import Launch
from lti_platform.tools.addresses import absolute
from lti_platform.tools.scopes import MEMBERSHIP_READONLY

CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


@contributes_claims
def names_and_roles(launch: Launch, /, *, now: datetime) -> dict[str, Any]:
    """Where the course's members are listed, for a tool with that scope and a link in the course."""
    if launch.resource_link_id is None or MEMBERSHIP_READONLY not in launch.registration.scopes:
        return {}
    address = absolute(reverse("nrps-memberships", kwargs={"context_id": launch.context_id}))
    return {CLAIM: {"context_memberships_url": address, "service_versions": ["2.0"]}}
