"""What the rooms of this package add to launches themselves."""

from datetime import datetime
from typing import Any

from lti_platform.launches.contributing import contributes_claims
from lti_platform.launches.deep_linking import asking
from lti_platform.launches.models import Launch
from lti_platform.tools.dynamic.advertising import advertise

advertise(
    claims=["name", "given_name", "family_name", "email", "locale"],
    variables=[
        "User.id",
        "User.username",
        "Person.name.full",
        "Person.name.given",
        "Person.name.family",
        "Person.email.primary",
        "Person.sourcedId",
        "Context.id",
        "Context.label",
        "Context.title",
        "Context.type",
        "Context.id.history",
        "Membership.role",
        "ResourceLink.id",
        "ResourceLink.title",
        "ResourceLink.description",
        "ResourceLink.id.history",
        "Message.returnUrl",
        "Message.documentTarget",
        "Message.locale",
        "ToolPlatform.productFamilyCode",
        "ToolPlatformInstance.guid",
        "ToolPlatformInstance.name",
        "ToolPlatformInstance.url",
    ],
)


@contributes_claims
def deep_linking_settings(launch: Launch, /, *, now: datetime) -> dict[str, Any]:
    """The settings claim of a deep linking request (Deep Linking 2.0, 4.4). Raises LaunchRefused."""
    return asking.settings_claim(launch, now=now)
