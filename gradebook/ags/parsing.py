"""What a tool sends over AGS, read strictly. Everything here raises Malformed, naming the member."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from gradebook import submission_reviews
from gradebook.ags.times import end, moment
from gradebook.errors import Malformed
from gradebook.line_items import LineItemDefinition
from gradebook.models import SMALLEST_POINT
from gradebook.scores import ACTIVITY_PROGRESS, GRADING_PROGRESS, ScoreSubmission

Json = Mapping[str, Any]
MOST_POINTS = Decimal(10**9)
# Extra credit is allowed (AGS 3.4.4); a hundredfold is a mistaken maximum.
MOST_EXTRA_CREDIT = 100
LABEL_CHARACTERS = 255
TAG_CHARACTERS = 256
ID_CHARACTERS = 255


def line_item(body: Json, *, domains: list[str]) -> LineItemDefinition:
    """The body of a POST or PUT (AGS 3.2.5) of the tool that lives in `domains`.

    `id` and members we do not know, extensions of other platforms among them, are ignored (AGS 3.1.2).
    """
    start_at = moment(body.get("startDateTime"), field="startDateTime")
    end_at = end(body.get("endDateTime"), field="endDateTime")
    if start_at and end_at and end_at < start_at:
        raise Malformed("endDateTime", "is before startDateTime")
    return LineItemDefinition(
        label=_filled(body, "label", longest=LABEL_CHARACTERS),
        score_maximum=_maximum(body),
        resource_id=_text(body, "resourceId", longest=TAG_CHARACTERS),
        tag=_text(body, "tag", longest=TAG_CHARACTERS),
        resource_link_id=_text(body, "resourceLinkId", longest=ID_CHARACTERS),
        start_at=start_at,
        end_at=end_at,
        grades_released=_boolean(body, "gradesReleased", default=True),
        submission_review=submission_reviews.read(body.get(submission_reviews.FIELD), domains=domains),
    )


def score(body: Json) -> ScoreSubmission:
    """The body of a POST to `/scores` (AGS 3.4)."""
    timestamp = moment(body.get("timestamp"), field="timestamp")
    if timestamp is None:
        raise Malformed("timestamp", "is required")
    score_given = _given(body)
    times = _submission(body.get("submission"))
    return ScoreSubmission(
        user_id=_filled(body, "userId", longest=ID_CHARACTERS),
        timestamp=timestamp,
        activity_progress=_one_of(body, "activityProgress", words=ACTIVITY_PROGRESS),
        grading_progress=_one_of(body, "gradingProgress", words=GRADING_PROGRESS),
        score_given=score_given,
        score_maximum=_maximum_for(score_given, body),
        comment=_text(body, "comment", longest=None),
        scoring_user_id=_scoring_user(body),
        started_at=moment(times.get("startedAt"), field="submission.startedAt"),
        submitted_at=_submitted(times),
    )


def _text(body: Json, field: str, *, longest: int | None) -> str:
    """A string; absent, null and blank are alike (AGS 3.2.9 to 3.2.11)."""
    value = body.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(field, "is not a string")
    if longest is not None and len(value) > longest:
        raise Malformed(field, f"is longer than {longest} characters")
    return value


def _boolean(body: Json, field: str, *, default: bool) -> bool:
    value = body.get(field)
    if value is not None and not isinstance(value, bool):
        raise Malformed(field, "is neither true nor false")
    return default if value is None else value


def _filled(body: Json, field: str, *, longest: int) -> str:
    value = _text(body, field, longest=longest)
    if not value.strip():
        raise Malformed(field, "is required")
    return value


def _one_of(body: Json, field: str, *, words: Collection[str]) -> str:
    value = body.get(field)
    if not isinstance(value, str) or value not in words:
        raise Malformed(field, f"is one of {', '.join(words)}")
    return value


def _points(body: Json, field: str) -> Decimal | None:
    """A number as a decimal to a millionth; None when absent or null."""
    value = body.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed(field, "is not a number")
    number = Decimal(str(value))
    if not number.is_finite() or not 0 <= number < MOST_POINTS:
        raise Malformed(field, f"is not between 0 and {MOST_POINTS}")
    return number.quantize(SMALLEST_POINT)


def _maximum(body: Json) -> Decimal:
    maximum = _points(body, "scoreMaximum")
    if not maximum:
        raise Malformed("scoreMaximum", "is required and above 0")
    return maximum


def _given(body: Json) -> Decimal | None:
    """Zero is a score; None is none (AGS 3.4.4)."""
    return _points(body, "scoreGiven")


def _maximum_for(score_given: Decimal | None, body: Json) -> Decimal | None:
    if score_given is None and body.get("scoreMaximum") is None:
        return None
    maximum = _maximum(body)
    if score_given is not None and score_given > maximum * MOST_EXTRA_CREDIT:
        raise Malformed("scoreGiven", f"is more than {MOST_EXTRA_CREDIT} times scoreMaximum")
    return maximum


def _scoring_user(body: Json) -> str:
    """Optional, but neither null nor empty (AGS 3.4.6)."""
    if "scoringUserId" not in body:
        return ""
    if not (said := _text(body, "scoringUserId", longest=ID_CHARACTERS)).strip():
        raise Malformed("scoringUserId", "is null or empty: leave it out")
    return said


def _submission(value: Any) -> Json:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed("submission", "is not an object")
    return value


def _submitted(times: Json) -> Any:
    started_at = moment(times.get("startedAt"), field="submission.startedAt")
    submitted_at = moment(times.get("submittedAt"), field="submission.submittedAt")
    if started_at and submitted_at and submitted_at < started_at:  # AGS 3.4.10.2
        raise Malformed("submission.submittedAt", "is before startedAt")
    return submitted_at
