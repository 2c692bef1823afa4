"""Line items and results as tools read them."""

from decimal import Decimal
from typing import Any

from gradebook.addresses import line_item_url, result_url
from gradebook.ags.times import as_text
from gradebook.models import LineItem, Result
from gradebook.submission_reviews import FIELD


def as_line_item(item: LineItem, *, binding: str = "") -> dict[str, Any]:
    """A line item; its `id` keeps the binding it was asked with, so that scores sent to it do too."""
    said = {
        "resourceId": item.resource_id,
        "tag": item.tag,
        "resourceLinkId": str(item.resource_link_id or ""),
    }
    return {
        "id": line_item_url(item, binding=binding),
        "label": item.label,
        "scoreMaximum": as_number(item.score_maximum),
        **{name: value for name, value in said.items() if value},
        "startDateTime": as_text(item.start_at),
        "endDateTime": as_text(item.end_at),
        "gradesReleased": item.shows_grades,
        **({FIELD: item.submission_review} if item.submission_review else {}),
    }


def as_result(result: Result, *, binding: str = "") -> dict[str, Any]:
    """A result; without `resultScore` while there is no final one.

    Needs `line_item`, `score` and `override` selected.
    """
    told: dict[str, Any] = {
        "id": result_url(result.line_item, result=result),
        "scoreOf": line_item_url(result.line_item, binding=binding),
        "userId": str(result.person_id),
        "resultMaximum": as_number(result.result_maximum),
    }
    if result.result_score is not None:
        told["resultScore"] = as_number(result.result_score)
    said = {"comment": result.shown_comment, "scoringUserId": result.scoring_user_id}
    told |= {name: value for name, value in said.items() if value}
    return told


def as_number(value: Decimal) -> int | float:
    """A JSON number: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
