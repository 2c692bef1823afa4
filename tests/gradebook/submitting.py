"""Scores for tests, as a tool would say them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from gradebook.addresses import line_item_url
from gradebook.models import LineItem
from gradebook.scores import ScoreSubmission
from lti_platform.people.models import Person
from tests.calling import CallingTool

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


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


def send(tool: CallingTool, item: LineItem, learner: Person, second: int = 0, **changes: Any) -> int:
    """The status with which a score of so many seconds after `START` is answered."""
    body = score_body(learner, at=START + timedelta(seconds=second), **changes)
    return tool.post(f"{line_item_url(item)}/scores", body).status_code


def results(tool: CallingTool, item: LineItem, query: str = "") -> list[dict[str, Any]]:
    """What the tool is told about the item's results."""
    return list(tool.get(f"{line_item_url(item)}/results{query}").json())
