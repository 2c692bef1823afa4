"""The groups service (LTI Course Groups Service 1.0): groups and sets of groups, read only."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpResponse, JsonResponse

from lti_platform.roster import groups as course_groups
from lti_platform.roster.placements import as_context, link_in
from lti_platform.tools import paging
from lti_platform.tools.resource_server import Caller, ServiceRequest, service
from lti_platform.tools.scopes import CONTEXT_GROUP_READONLY

GROUPS = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
SETS = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"
READ = {"GET": {CONTEXT_GROUP_READONLY}}
Row = TypeVar("Row", bound=Model)


@service(methods=READ, produces=GROUPS)
def groups(request: ServiceRequest, tool: Caller, *, context_id: UUID) -> HttpResponse:
    """The course's groups, page by page; `user_id` and `limit` narrow it."""
    user_id = paging.asked(request.GET).filters.get("user_id", "")
    found = course_groups.groups_of(context_id, user_id=user_id)
    body = _body(request, tool, context_id=context_id)
    return _listed(request, found, body=body, name="groups", render=course_groups.as_group)


# Clients ask for sets with the media type of groups.
@service(methods=READ, produces=(SETS, GROUPS))
def group_sets(request: ServiceRequest, tool: Caller, *, context_id: UUID) -> HttpResponse:
    """The course's sets of groups, page by page."""
    found = course_groups.sets_of(context_id)
    body = _body(request, tool, context_id=context_id)
    return _listed(request, found, body=body, name="sets", render=course_groups.as_set)


def _body(request: ServiceRequest, tool: Caller, *, context_id: UUID) -> dict[str, Any]:
    """The container's head. Raises NotFound in a course without a link of the tool."""
    link = link_in(tool, context_id=context_id)
    return {"id": f"{settings.PLATFORM_URL}{request.get_full_path()}", "context": as_context(link.context)}


def _listed(
    request: ServiceRequest,
    found: QuerySet[Row],
    *,
    body: dict[str, Any],
    name: str,
    render: Callable[[Row], dict[str, Any]],
) -> HttpResponse:
    asked = paging.asked(request.GET)
    page = paging.page(found, limit=asked.limit, cursor=asked.cursor)
    told = {**body, name: [render(item) for item in page.items]}
    response = JsonResponse(told, content_type=GROUPS if name == "groups" else SETS)
    params = {**asked.filters, paging.LIMIT: asked.limit}
    url = f"{settings.PLATFORM_URL}{request.path}"
    if link := paging.link_header(url, params=params, next_cursor=page.next_cursor):
        response["Link"] = link
    return response
