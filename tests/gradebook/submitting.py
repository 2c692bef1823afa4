"""Scores for tests, as a tool would say them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gradebook.scores import ScoreSubmission
from lti_platform.people.models import Person


def submission(
    person: Person, *, at: datetime, given: int | str | None = 80, **fields: Any
) -> ScoreSubmission:
    """A final score out of 100 at the tool's time `at`."""
    return ScoreSubmission(
        **{
            "user_id": str(person.pk),
            "timestamp": at,
            "activity_progress": "Completed",
            "grading_progress": "FullyGraded",
            "score_given": None if given is None else Decimal(given),
            "score_maximum": None if given is None else Decimal(100),
            **fields,
        }
    )


def score_body(person: Person, *, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """The JSON of a final score of 8 out of 10; a change to None removes the member."""
    body: dict[str, Any] = {
        "userId": str(person.pk),
        "timestamp": (at or datetime.now(UTC)).isoformat(),
        "scoreGiven": 8,
        "scoreMaximum": 10,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not None}
