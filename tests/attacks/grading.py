"""What attacks on grades have in common."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gradebook.addresses import line_item_url, line_items_url
from gradebook.models import LineItem, Result, Score
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from tests.calling import CallingTool
from tests.gradebook.submitting import score_body

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

Body = dict[str, Any]
Posting = Callable[..., "Answer"]
QUIZ: Body = {"label": "Quiz 3", "scoreMaximum": 20, "resourceId": "Quiz-3", "tag": "Grade"}


def numbered(*cases: str) -> pytest.MarkDecorator:
    """Puts the numbers of the cases it shows into the test's id."""
    return pytest.mark.parametrize("case", cases, indirect=True)


def without_gaps(body: Mapping[str, Any]) -> Body:
    """The members that are not `...`."""
    return {name: value for name, value in body.items() if value is not ...}


def posting_items(tool: CallingTool) -> Posting:
    """Posts the quiz with changes."""
    return lambda **changes: tool.post(line_items_url(tool.context.pk), without_gaps({**QUIZ, **changes}))


def posting_scores(tool: CallingTool, item: LineItem, learner: Person) -> Posting:
    """Posts a score with changes."""
    url = f"{line_item_url(item)}/scores"
    return lambda **changes: tool.post(url, without_gaps({**score_body(learner), **changes}))


def stored() -> tuple[int, ...]:
    """How much there is of everything that a refusal must leave alone."""
    facts = Entry.objects.exclude(fact_type="security.refused").count()
    return LineItem.objects.count(), Score.objects.count(), Result.objects.count(), facts


def assert_refused(response: "Answer", status: int, *, before: tuple[int, ...] | None = None) -> None:
    """Refused with a code, noted as a security entry, and nothing else changed since `before`."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"]
    assert Entry.objects.filter(fact_type="security.refused").exists()
    if before:
        assert stored() == before


def instant(offset_seconds: float = 0) -> str:
    """A moment from now, as tools write it."""
    return (datetime.now(UTC) + timedelta(seconds=offset_seconds)).isoformat()
