"""Who is in the course (Names and Role Provisioning Services 2.0), and what the platform holds as results."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from pylti1p3.exception import LtiException
from pylti1p3.names_roles import NamesRolesProvisioningService

from tests.sandbox.lti import Tool

RESULT_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"


def members(tool: Tool, roster_url: str) -> list[dict[str, Any]]:
    """Every member, all pages. Raises LtiException, requests.RequestException."""
    service = NamesRolesProvisioningService(tool.connector, {"context_memberships_url": roster_url})
    return [dict(member) for member in service.get_members()]


def name_of(tool: Tool, attempt: dict[str, Any]) -> str:
    """The person's name: from the roster, else from the launch, else empty; asked for once."""
    known: str | None = tool.shelf.get("name", attempt["sub"])
    if known is not None:
        return known
    found = attempt["name"]
    if attempt["roster_url"]:
        try:
            listed = members(tool, attempt["roster_url"])
        except (LtiException, requests.RequestException) as trouble:
            print(f"roster not read: {trouble}", flush=True)
            return str(found)
        found = next((one.get("name") for one in listed if one["user_id"] == attempt["sub"]), None) or found
    tool.shelf.put("name", attempt["sub"], found, seconds=3600)
    return str(found)


def results(tool: Tool, line_item: str) -> dict[str, dict[str, Any]]:
    """Results by user id, all pages. Raises LtiException, requests.RequestException."""
    parts = urlsplit(line_item)
    url: str | None = urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/results"))
    found: dict[str, dict[str, Any]] = {}
    while url:
        page = tool.connector.make_service_request([RESULT_SCOPE], url, accept=RESULTS_TYPE)
        found |= {one["userId"]: one for one in page["body"] or []}
        url = page["next_page_url"]
    return found
