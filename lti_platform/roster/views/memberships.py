"""The membership service (Names and Role Provisioning Services 2.0)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse

from lti_platform.courses.changes import position
from lti_platform.courses.models import Membership, ResourceLink
from lti_platform.journal import clock
from lti_platform.roster import asking, members
from lti_platform.roster.asking import RosterQuery
from lti_platform.roster.link_messages import messages
from lti_platform.roster.placements import as_context, link_in
from lti_platform.tools import paging
from lti_platform.tools.paging import Page
from lti_platform.tools.resource_server import Caller, ServiceRequest, service
from lti_platform.tools.scopes import CONTEXT_GROUP_READONLY, MEMBERSHIP_READONLY

CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


@service(methods={"GET": {MEMBERSHIP_READONLY}}, produces=CONTAINER)
def memberships(request: ServiceRequest, tool: Caller, *, context_id: UUID) -> HttpResponse:
    """The members of a course the tool is placed in, page by page; `role`, `rlid` and `limit` narrow it."""
    asked, now = paging.asked(request.GET), clock.now()
    # Where the log ends is read before the members: what changes in between is told twice, not never.
    query = asking.read(asked, context_id=context_id, position=position(context_id), now=now)
    link = link_in(tool, context_id=context_id, rlid=query.rlid)
    page = paging.page(_found(query, context_id=context_id), limit=asked.limit, cursor=asked.cursor)
    body = {
        "id": f"{settings.PLATFORM_URL}{request.get_full_path()}",
        "context": as_context(link.context),
        "members": _told(page.items, tool, query=query, link=link),
    }
    links = _links(request, page, query=query, limit=asked.limit, context_id=context_id, now=now)
    return JsonResponse(body, content_type=CONTAINER, headers={"Link": ", ".join(links)})


def _found(query: RosterQuery, *, context_id: UUID) -> QuerySet[Membership]:
    if query.since is None:
        return members.members_of(context_id, role=query.role)
    return members.changed_members_of(context_id, since=query.since)


def _told(
    items: Sequence[Membership], tool: Caller, *, query: RosterQuery, link: ResourceLink
) -> list[dict[str, Any]]:
    """Each member; with a link named what it would be told, with the scope for groups where they belong."""
    groups = members.groups_of(items) if CONTEXT_GROUP_READONLY in tool.registration.scopes else {}
    foretold = messages(items, link=link) if query.rlid else {}
    told = []
    for membership in items:
        if query.since is not None and not members.is_listed(membership, role=query.role):
            told.append(members.as_deleted(membership))
            continue
        member = members.as_member(membership, registration=tool.registration)
        if query.rlid:
            member["message"] = [foretold[membership.pk]]
        if enrolled := groups.get(membership.pk):
            member["group_enrollments"] = [{"group_id": str(group_id)} for group_id in enrolled]
        told.append(member)
    return told


def _links(
    request: ServiceRequest,
    page: Page[Membership],
    *,
    query: RosterQuery,
    limit: int,
    context_id: UUID,
    now: datetime,
) -> list[str]:
    """The next page, or after the last one where to ask what changed (NRPS 2.4.1, 2.4.3)."""
    url = f"{settings.PLATFORM_URL}{request.path}"
    if not page.next_cursor:
        return [asking.differences_header(url, query, context_id=context_id, now=now)]
    params = {**query.visible, paging.LIMIT: limit}
    return [paging.link_header(url, params=params, next_cursor=page.next_cursor, hidden=query.hidden)]
