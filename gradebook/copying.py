"""Line items go along when a course is copied."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from gradebook.facts import LineItemCreated
from gradebook.models import LineItem
from lti_platform.courses.copying import CourseCopy, on_course_copied
from lti_platform.journal.recording import record

KEPT = (
    *("label", "score_maximum", "resource_id", "tag", "grades_released", "submission_review"),
    *("start_at", "end_at", "is_coupled", "holds_results", "deployment_id"),
)


@on_course_copied
def copy_line_items(copied: CourseCopy, /, *, now: datetime) -> list[LineItem]:
    """A new line item for each that goes along, all of it as it was but the link and the scores (AGS 3.2.15).

    That of a link goes with the link's copy; one without a link goes where its tool has a link in the copy.
    """
    tools = {link.deployment_id for link in copied.links.values()}
    loose = Q(resource_link=None, context=copied.origin, deployment__in=tools)
    items = LineItem.objects.filter(loose | Q(resource_link__in=copied.links), deleted_at=None)
    return [_copy(item, copied=copied, now=now) for item in items.order_by("created_at", "id")]


def _copy(item: LineItem, *, copied: CourseCopy, now: datetime) -> LineItem:
    kept: dict[str, Any] = {name: getattr(item, name) for name in KEPT}
    link = copied.links[item.resource_link_id] if item.resource_link_id else None
    copy = LineItem.objects.create(context=copied.course, resource_link=link, **kept)
    fact = LineItemCreated(line_item_id=copy.pk, context_id=copied.course.pk)
    organization_id = copied.course.organization_id
    record(fact, now=now, subject=f"line_item:{copy.pk}", organization_id=organization_id)
    return copy
