"""The line item that comes with a link (Deep Linking 2.0, 3.2; Submission Review 1.0)."""

from typing import Any

from lti_platform.launches.deep_linking import members
from lti_platform.launches.deep_linking.errors import ItemRefused
from lti_platform.launches.deep_linking.members import Json
from lti_platform.tools.models import Registration

NAME = "lineItem"
STATUSES = frozenset({"None", "Initialized", "Started", "InProgress", "Submitted", "Completed"})


def line_item(item: Json, *, registration: Registration) -> dict[str, Any]:
    """`scoreMaximum`, and label, resourceId, tag, gradesReleased and submissionReview where told. Empty when absent."""
    given = members.mapping(item, NAME)
    if not given:
        if item.get(NAME) is not None:
            raise ItemRefused(f"{NAME}.scoreMaximum", "missing")
        return {}
    maximum = members.number(given, "scoreMaximum", within=NAME)
    if maximum is None:
        raise ItemRefused(f"{NAME}.scoreMaximum", "missing")
    found: dict[str, Any] = {"scoreMaximum": maximum}
    for name, longest in (("label", 255), ("resourceId", 256), ("tag", 256)):
        found[name] = members.text(given, name, longest=longest, within=NAME)
    if (released := members.flag(given, "gradesReleased", within=NAME)) is not None:
        found["gradesReleased"] = released
    if review := submission_review(given, registration=registration):
        found["submissionReview"] = review
    return found


def submission_review(given: Json, *, registration: Registration) -> dict[str, Any]:
    """When a submission may be reviewed, under which label, where. Empty when absent."""
    if given.get("submissionReview") is None:
        return {}
    review = members.mapping(given, "submissionReview")
    statuses = review.get("reviewableStatus")
    if not isinstance(statuses, list) or not all(
        isinstance(one, str) and one in STATUSES for one in statuses
    ):
        raise ItemRefused("submissionReview.reviewableStatus", "not_a_list")
    found: dict[str, Any] = {"reviewableStatus": list(dict.fromkeys(statuses))}
    if label := members.text(review, "label", longest=255, within="submissionReview"):
        found["label"] = label
    if url := members.own_address(review, "url", registration=registration, within="submissionReview"):
        found["url"] = url
    if custom := members.texts(review, "custom"):
        found["custom"] = custom
    return found
