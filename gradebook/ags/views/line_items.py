"""Line items: list, create, read, replace, delete (AGS 3.2)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse

from gradebook import line_items
from gradebook.addresses import line_item_url
from gradebook.ags import media_types, parsing
from gradebook.ags.bindings import binding_of
from gradebook.ags.listing import listed
from gradebook.ags.rendering import as_line_item
from gradebook.ags.statuses import STATUSES
from gradebook.models import LineItem
from lti_platform.journal import clock
from lti_platform.roster.placements import links_of_tool
from lti_platform.tools import paging
from lti_platform.tools.resource_server import Caller, NotFound, ServiceRequest, service
from lti_platform.tools.scopes import LINEITEM, LINEITEM_READONLY

FILTERS = {"resource_id": "resource_id", "tag": "tag"}


@service(
    methods={"GET": {LINEITEM, LINEITEM_READONLY}, "POST": {LINEITEM}},
    produces=(media_types.LINE_ITEMS, media_types.LINE_ITEM),
    consumes=media_types.LINE_ITEM,
    errors=STATUSES,
)
def collection(request: ServiceRequest, tool: Caller, *, context_id: UUID) -> HttpResponse:
    """The tool's line items in the course, or a new one among them."""
    if request.method == "POST":
        definition = parsing.line_item(request.json, domains=tool.registration.domains)
        item = line_items.create(tool, definition, context_id=context_id, now=clock.now())
        return _shown(item, status=201, headers={"Location": line_item_url(item)})
    if not links_of_tool(tool, context_id=context_id).exists():
        raise NotFound
    asked = paging.asked(request.GET)
    found = _filtered(line_items.owned_by(tool, context_id=context_id), filters=asked.filters)
    return listed(request, found, asked=asked, render=as_line_item, media_type=media_types.LINE_ITEMS)


@service(
    methods={"GET": {LINEITEM, LINEITEM_READONLY}, "PUT": {LINEITEM}, "DELETE": {LINEITEM}},
    produces=media_types.LINE_ITEM,
    consumes=media_types.LINE_ITEM,
    errors=STATUSES,
)
def item(request: ServiceRequest, tool: Caller, *, context_id: UUID, line_item_id: UUID) -> HttpResponse:
    """One line item of the tool: read, replaced or deleted."""
    binding = binding_of(request)
    found = line_items.find(tool, context_id=context_id, line_item_id=line_item_id)
    if request.method == "DELETE":
        line_items.delete(found, now=clock.now())
        return HttpResponse(status=204)
    if request.method == "PUT":
        definition = parsing.line_item(request.json, domains=tool.registration.domains)
        found = line_items.replace(found, definition, now=clock.now())
    return _shown(found, binding=binding)


def _shown(
    item: LineItem, *, binding: str = "", status: int = 200, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    body = as_line_item(item, binding=binding)
    return JsonResponse(body, status=status, headers=headers, content_type=media_types.LINE_ITEM)


def _filtered(found: QuerySet[LineItem], *, filters: Mapping[str, str]) -> QuerySet[LineItem]:
    """Filters combine with AND; one that matches nothing gives an empty list (AGS 3.2.4)."""
    wanted: dict[str, Any] = {column: filters[name] for name, column in FILTERS.items() if filters.get(name)}
    if link := filters.get("resource_link_id"):
        try:
            wanted["resource_link_id"] = UUID(link)
        except ValueError:
            return found.none()
    return found.filter(**wanted)
