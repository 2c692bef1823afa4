"""Line items: made by the platform with a link (coupled), or by a tool through the service."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from gradebook.errors import LineItemCoupled, LineItemUnknown, LinkUnknown
from gradebook.facts import LineItemCreated, LineItemDeleted, LineItemReplaced
from gradebook.models import LineItem
from lti_platform.courses.models import ResourceLink
from lti_platform.journal.facts import Fact
from lti_platform.journal.recording import record
from lti_platform.roster.placements import links_of_tool
from lti_platform.tools.bearer import Caller


@dataclass(frozen=True, kw_only=True)
class LineItemDefinition:
    """What a tool may say about its line item (AGS 3.2). `resource_link_id` counts only when it is made."""

    label: str
    score_maximum: Decimal
    resource_id: str = ""
    tag: str = ""
    resource_link_id: str = ""
    start_at: datetime | None = None
    end_at: datetime | None = None
    grades_released: bool = True  # says nothing about an item that holds its results
    submission_review: dict[str, Any] | None = None  # as submission_reviews reads it


def create_coupled(
    link: ResourceLink, *, label: str, score_maximum: Decimal, holds_results: bool
) -> LineItem:
    """The line item of a link that the platform makes and keeps; its tool cannot delete it (AGS 4.3)."""
    return LineItem.objects.create(
        context_id=link.context_id,
        deployment_id=link.deployment_id,
        resource_link=link,
        label=label,
        score_maximum=score_maximum,
        is_coupled=True,
        holds_results=holds_results,
    )


def owned_by(tool: Caller, *, context_id: UUID) -> QuerySet[LineItem]:
    """The tool's line items in the course that still stand; those of removed links do not."""
    items = LineItem.objects.filter(
        context_id=context_id,
        deleted_at=None,
        resource_link__removed_at=None,  # of an item without a link too: an outer join finds nothing
        deployment__registration_id=tool.registration.pk,
        deployment__is_enabled=True,
    )
    return items.filter(deployment_id=tool.deployment_id) if tool.deployment_id else items


def find(tool: Caller, *, context_id: UUID, line_item_id: UUID) -> LineItem:
    """One line item of the tool. Raises LineItemUnknown, whether it is missing or another tool's."""
    for item in owned_by(tool, context_id=context_id).filter(pk=line_item_id):
        return item
    raise LineItemUnknown("there is no such line item for this tool")


@transaction.atomic
def create(tool: Caller, definition: LineItemDefinition, *, context_id: UUID, now: datetime) -> LineItem:
    """A line item of the tool's own making. Raises LinkUnknown: not its link, or not a course with one of its."""
    link = _link(tool, definition, context_id=context_id)
    item = LineItem(
        context_id=context_id,
        deployment_id=link.deployment_id,
        resource_link=link if definition.resource_link_id else None,
    )
    _apply(item, definition)
    item.save(force_insert=True)
    _record(LineItemCreated(line_item_id=item.pk, context_id=context_id), item=item, now=now)
    return item


@transaction.atomic
def replace(item: LineItem, definition: LineItemDefinition, *, now: datetime) -> LineItem:
    """Puts the definition in place of the old one, but for the link (AGS 3.2.6); results follow its maximum.

    Raises LineItemUnknown when it was deleted meanwhile.
    """
    _apply(item, definition)
    changed = {name: getattr(item, name) for name in REPLACEABLE}
    if not LineItem.objects.filter(pk=item.pk, deleted_at=None).update(**changed):
        raise LineItemUnknown("the line item has been deleted")
    _record(LineItemReplaced(line_item_id=item.pk, context_id=item.context_id), item=item, now=now)
    return item


@transaction.atomic
def delete(item: LineItem, *, now: datetime) -> None:
    """Takes the tool's own line item away; its scores are kept. Raises LineItemCoupled; LineItemUnknown."""
    if item.is_coupled:
        raise LineItemCoupled("the platform made this line item with its link and keeps it")
    if not LineItem.objects.filter(pk=item.pk, deleted_at=None).update(deleted_at=now):
        raise LineItemUnknown("the line item has been deleted")
    _record(LineItemDeleted(line_item_id=item.pk, context_id=item.context_id), item=item, now=now)


REPLACEABLE = (
    "label",
    "score_maximum",
    "resource_id",
    "tag",
    "start_at",
    "end_at",
    "grades_released",
    "submission_review",
)


def _link(tool: Caller, definition: LineItemDefinition, *, context_id: UUID) -> ResourceLink:
    """The link the item is for, or the tool's oldest in the course: it tells the deployment."""
    links = links_of_tool(tool, context_id=context_id)
    if definition.resource_link_id:
        links = links.filter(pk=_uuid(definition.resource_link_id))
    link = links.select_related("context").first()
    if link is None:
        raise LinkUnknown("there is no such resource link for this tool")
    return link


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise LinkUnknown("there is no such resource link for this tool") from error


def _apply(item: LineItem, definition: LineItemDefinition) -> None:
    for name in REPLACEABLE:
        setattr(item, name, getattr(definition, name))


def _record(fact: Fact, *, item: LineItem, now: datetime) -> None:
    record(fact, now=now, subject=f"line_item:{item.pk}", organization_id=item.context.organization_id)
