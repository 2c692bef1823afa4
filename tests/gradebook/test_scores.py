"""What a score does to the times of a submission, and when two scores say the same."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gradebook.scores import ScoreSubmission, submission_times

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
ELEVEN = NINE + timedelta(hours=2)


def said(activity_progress: str = "Completed", **fields: Any) -> ScoreSubmission:
    return ScoreSubmission(
        **{
            "user_id": "b5b1a5f0-0000-4000-8000-000000000001",
            "timestamp": ELEVEN,
            "activity_progress": activity_progress,
            "grading_progress": "FullyGraded",
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("submission", "before", "after"),
    [
        pytest.param(said("Started"), (None, None), (ELEVEN, None), id="the first sign of work starts it"),
        pytest.param(said("InProgress"), (NINE, None), (NINE, None), id="what is known stays"),
        pytest.param(said("Started", started_at=TEN), (NINE, None), (TEN, None), id="what is said wins"),
        pytest.param(said("Initialized"), (NINE, TEN), (None, None), id="a reset clears both"),
        pytest.param(
            said("InProgress", started_at=NINE, submitted_at=TEN),
            (None, None),
            (NINE, TEN),
            id="AGS 3.4.3.2 a draft that says when it was handed in",
        ),
        pytest.param(
            said("Initialized", started_at=NINE), (None, None), (None, None), id="a reset takes no times"
        ),
        pytest.param(said("InProgress"), (NINE, TEN), (NINE, None), id="going on withdraws the submission"),
        pytest.param(said("Submitted"), (NINE, None), (NINE, ELEVEN), id="handing in submits it"),
        pytest.param(said("Completed"), (NINE, TEN), (NINE, TEN), id="grading later keeps the submission"),
        pytest.param(
            said(submitted_at=TEN), (None, None), (None, TEN), id="a start never seen stays unknown"
        ),
    ],
)
def test_submission_times_follow_the_progress(
    submission: ScoreSubmission,
    before: tuple[datetime | None, datetime | None],
    after: tuple[datetime | None, datetime | None],
) -> None:
    times = submission_times(submission, started_at=before[0], submitted_at=before[1])
    assert (times["started_at"], times["submitted_at"]) == after


def test_the_same_score_spelt_differently_is_the_same_score() -> None:
    plus_two = ELEVEN.astimezone(tz=None)
    one = said(score_given=Decimal("7.50"), score_maximum=Decimal(10))
    other = said(timestamp=plus_two, score_given=Decimal("7.5"), score_maximum=Decimal("10.000000"))
    assert one.digest == other.digest


@pytest.mark.parametrize(
    "change", [{"score_given": Decimal(0)}, {"comment": "well done"}, {"submitted_at": TEN}], ids=str
)
def test_a_score_that_says_anything_else_is_another(change: dict[str, Any]) -> None:
    assert said().digest != said(**change).digest


@pytest.mark.parametrize("user_id", ["lena", "", "B5B1A5F0-0000-4000-8000-000000000001", "{b5b1a5f0}"])
def test_only_an_id_as_we_write_it_can_be_a_person(user_id: str) -> None:
    assert said(user_id=user_id).person_id is None
