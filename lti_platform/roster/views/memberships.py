"""The membership service (Names and Role Provisioning Services 2.0)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.roster.members import as_member, members_of
from lti_platform.roster.placements import links_of_tool
from lti_platform.tools import paging
from lti_platform.tools.resource_server import Caller, NotFound, ServiceRequest, service
from lti_platform.tools.scopes import MEMBERSHIP_READONLY

CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
# All that is member-specific about a link's launch and may be told in advance.
LINK_MESSAGE = [{"https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest"}]


@service(methods={"GET": {MEMBERSHIP_READONLY}}, produces=CONTAINER)
def memberships(request: ServiceRequest, tool: Caller, *, context_id: UUID) -> HttpResponse:
    """The members of a course the tool is placed in, page by page; `role`, `rlid` and `limit` narrow it."""
    asked = paging.asked(request.GET)
    rlid = asked.filters.get("rlid", "")
    link = _link(tool, context_id=context_id, rlid=rlid)
    found = members_of(context_id, role=asked.filters.get("role", ""))
    page = paging.page(found, limit=asked.limit, cursor=asked.cursor)
    message = {"message": LINK_MESSAGE} if rlid else {}
    body = {
        "id": f"{settings.PLATFORM_URL}{request.get_full_path()}",
        "context": _context(link.context),
        "members": [as_member(each, registration=tool.registration) | message for each in page.items],
    }
    response = JsonResponse(body, content_type=CONTAINER)
    params = {**asked.filters, "limit": asked.limit}
    address = f"{settings.PLATFORM_URL}{request.path}"
    if next_link := paging.link_header(address, params=params, next_cursor=page.next_cursor):
        response["Link"] = next_link
    return response


def _link(tool: Caller, *, context_id: UUID, rlid: str) -> ResourceLink:
    """The link named, or any of the tool in the course. Raises NotFound: not its link, or not its course."""
    links = links_of_tool(tool, context_id=context_id).select_related("context")
    if rlid:
        links = links.filter(pk=_uuid(rlid))
    link = links.first()
    if link is None:
        raise NotFound
    return link


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _context(context: Context) -> dict[str, Any]:
    told = {"id": str(context.pk), "label": context.label.strip(), "title": context.title.strip()}
    return {name: value for name, value in told.items() if value}
