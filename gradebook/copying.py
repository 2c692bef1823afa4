"""Line items go along with the links of a copied course."""

from datetime import datetime
from typing import Any

from gradebook.facts import LineItemCreated
from gradebook.models import LineItem
from lti_platform.courses.copying import CourseCopy, on_course_copied
from lti_platform.courses.models import ResourceLink
from lti_platform.journal.recording import record

KEPT = (
    *("label", "score_maximum", "resource_id", "tag", "grades_released", "submission_review"),
    *("is_coupled", "holds_results"),
)


@on_course_copied
def copy_line_items(copied: CourseCopy, /, *, now: datetime) -> list[LineItem]:
    """A new line item for each that stands on a copied link: same `resourceId` and `tag`, no dates (AGS 3.2.15)."""
    items = LineItem.objects.filter(resource_link__in=copied.links, deleted_at=None).order_by(
        "created_at", "id"
    )
    return [
        _copy(item, to=copied.links[item.resource_link_id], now=now)
        for item in items
        if item.resource_link_id
    ]


def _copy(item: LineItem, *, to: ResourceLink, now: datetime) -> LineItem:
    kept: dict[str, Any] = {name: getattr(item, name) for name in KEPT}
    copy = LineItem.objects.create(
        context=to.context, deployment_id=to.deployment_id, resource_link=to, **kept
    )
    fact = LineItemCreated(line_item_id=copy.pk, context_id=to.context_id)
    record(fact, now=now, subject=f"line_item:{copy.pk}", organization_id=to.context.organization_id)
    return copy
