"""What the roster adds to a launch."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from lti_platform.launches.contributing import contributes_claims, contributes_variables
from lti_platform.launches.models import Launch
from lti_platform.roster.placements import is_placed
from lti_platform.tools.addresses import absolute
from lti_platform.tools.dynamic.advertising import advertise
from lti_platform.tools.scopes import CONTEXT_GROUP_READONLY, MEMBERSHIP_READONLY

CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
GROUPS_CLAIM = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
GROUP_SERVICES = {"groups": "course-groups-service", "groupsets": "course-group-sets-service"}
advertise(
    variables=[
        "ToolProxyBinding.memberships.url",
        "ToolProxyBinding.nrps.url",
        "LtiLink.memberships.url",
        *(f"ToolProxyBinding.{name}.url" for name in GROUP_SERVICES),
    ]
)


@contributes_claims
def names_and_roles(launch: Launch, /, *, now: datetime) -> dict[str, Any]:
    """Where the course's members are listed, for a tool with that scope and a link in the course."""
    if not _may(launch, scope=MEMBERSHIP_READONLY):
        return {}
    address = _address("nrps-memberships", launch)
    return {CLAIM: {"context_memberships_url": address, "service_versions": ["2.0"]}}


@contributes_claims
def course_groups(launch: Launch, /, *, now: datetime) -> dict[str, Any]:
    """Where the course's groups are listed, for a tool with that scope and a link in the course."""
    if not _may(launch, scope=CONTEXT_GROUP_READONLY):
        return {}
    return {
        GROUPS_CLAIM: {
            "context_groups_url": _address("course-groups-service", launch),
            "context_group_sets_url": _address("course-group-sets-service", launch),
            "scope": [CONTEXT_GROUP_READONLY],
            "service_versions": ["1.0"],
        }
    }


@contributes_variables
def service_variables(launch: Launch, /) -> dict[str, str]:
    """The services' addresses, by the names that clients know, for tools that may use them; empty without a link."""
    is_open = is_placed(launch)
    names: dict[str, str] = {}
    if MEMBERSHIP_READONLY in launch.registration.scopes:
        address = _address("nrps-memberships", launch) if is_open else ""
        names |= dict.fromkeys(("ToolProxyBinding.memberships.url", "ToolProxyBinding.nrps.url"), address)
        link = launch.resource_link_id
        names["LtiLink.memberships.url"] = f"{address}?rlid={link}" if link else ""
    if CONTEXT_GROUP_READONLY in launch.registration.scopes:
        for name, view in GROUP_SERVICES.items():
            names[f"ToolProxyBinding.{name}.url"] = _address(view, launch) if is_open else ""
    return names


def _may(launch: Launch, *, scope: str) -> bool:
    return scope in launch.registration.scopes and is_placed(launch)


def _address(name: str, launch: Launch) -> str:
    return absolute(reverse(name, kwargs={"context_id": launch.context_id}))
