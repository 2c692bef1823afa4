"""Line items that come with links picked in a tool (Deep Linking 2.0, 3.2)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from gradebook.errors import Malformed
from gradebook.line_items import LineItemDefinition, create_coupled, replace
from gradebook.models import SMALLEST_POINT, LineItem
from lti_platform.courses.models import ResourceLink

MOST_POINTS = Decimal(10**9)


@transaction.atomic
def couple(link: ResourceLink, *, wanted: Mapping[str, Any], now: datetime) -> LineItem:
    """The link's coupled line item, made or brought into line with what the tool wants; whether it holds results stays.

    `wanted` is a `lineItem` as Deep Linking names its members. Raises Malformed.
    """
    maximum = maximum_of(wanted)
    standing = LineItem.objects.filter(
        resource_link=link, deployment_id=link.deployment_id, is_coupled=True, deleted_at=None
    ).first()
    label = wanted.get("label") or (standing.label if standing else link.title)
    item = standing or create_coupled(link, label=label, score_maximum=maximum, holds_results=False)
    definition = LineItemDefinition(
        label=label,
        score_maximum=maximum,
        resource_id=wanted.get("resourceId", ""),
        tag=wanted.get("tag", ""),
        start_at=item.start_at,
        end_at=item.end_at,
        grades_released=wanted.get("gradesReleased", True),
        submission_review=wanted.get("submissionReview"),
    )
    return replace(item, definition, now=now)


def maximum_of(wanted: Mapping[str, Any]) -> Decimal:
    """`scoreMaximum` to a millionth. Raises Malformed unless it is a number above 0."""
    value = wanted.get("scoreMaximum")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed("scoreMaximum", "is required and above 0")
    maximum = Decimal(str(value))
    if not maximum.is_finite() or not SMALLEST_POINT <= maximum < MOST_POINTS:
        raise Malformed("scoreMaximum", "is required and above 0")
    return maximum.quantize(SMALLEST_POINT)
