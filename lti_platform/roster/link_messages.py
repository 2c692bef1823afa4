"""What a launch of a link would say of a member, told in advance (NRPS 2.4.2)."""

from collections.abc import Sequence
from typing import Any

from lti_platform.courses.models import Membership, ResourceLink
from lti_platform.launches import substitution
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import CLAIM, RESOURCE_LINK_REQUEST
from lti_platform.tools import privacy

# The variables that differ from member to member; the others are told at every launch.
OF_MEMBERS = ("$User.", "$Person.", "$Membership.")


def message(membership: Membership, *, link: ResourceLink, roles: Sequence[str]) -> dict[str, Any]:
    """The message section of a member: custom parameters that depend on them, with variables replaced."""
    launch = _imagined(membership, link=link)
    declared = substitution.declared(launch)
    theirs = {name: value for name, value in declared.items() if value.startswith(OF_MEMBERS)}
    told: dict[str, Any] = {f"{CLAIM}message_type": RESOURCE_LINK_REQUEST}
    if theirs:
        known = privacy.variables(membership.person, level=launch.registration.privacy)
        known["Membership.role"] = ",".join(roles)
        told[f"{CLAIM}custom"] = {
            name: substitution.substituted(value, variables=known) for name, value in theirs.items()
        }
    return told


def _imagined(membership: Membership, *, link: ResourceLink) -> Launch:
    """The launch this member would make of the link; never saved."""
    return Launch(
        person=membership.person,
        context=link.context,
        resource_link=link,
        deployment=link.deployment,
        registration=link.deployment.registration,
        message_type=RESOURCE_LINK_REQUEST,
    )
