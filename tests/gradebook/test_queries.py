"""What requests cost, whether ten or ten thousand are in the gradebook."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gradebook.addresses import line_item_url, line_items_url
from gradebook.line_items import create_coupled
from gradebook.models import LineItem, Result, Score
from tests.calling import CallingTool, make_tool
from tests.counting import analyze, counted, enrol_many
from tests.factories import lena, make_membership
from tests.gradebook.submitting import score_body

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 10_000
SCORE_QUERIES = 8


@pytest.fixture
def tool() -> CallingTool:
    """A tool that has called before: our public keys are in memory."""
    calling = make_tool()
    calling.get(line_items_url(calling.context.pk))
    return calling


@pytest.fixture
def item(tool: CallingTool) -> LineItem:
    return create_coupled(tool.link, label="Exam", score_maximum=Decimal(100), holds_results=True)


def grade_many(item: LineItem, count: int) -> None:
    """That many learners with a result each."""
    now = datetime.now(UTC) - timedelta(hours=1)
    common = {"activity_progress": "Completed", "grading_progress": "FullyGraded", "score_given": 8}
    people = enrol_many(item.context, count)
    scores = Score.objects.bulk_create(
        [
            Score(line_item=item, person=each, timestamp=now, received_at=now, score_maximum=10, **common)
            for each in people
        ]
    )
    Result.objects.bulk_create(
        [
            Result(
                line_item=item,
                person_id=score.person_id,
                score=score,
                last_timestamp=now,
                updated_at=now,
                score_maximum=10,
                **common,
            )
            for score in scores
        ]
    )
    analyze(Score, Result)


def add_items(item: LineItem, count: int) -> None:
    LineItem.objects.bulk_create(
        LineItem(context=item.context, deployment=item.deployment, label="Quiz", score_maximum=10)
        for _each in range(count)
    )
    analyze(LineItem)


def cost(tool: CallingTool, url: str) -> tuple[int, int]:
    """Queries, and how much was listed."""
    with counted() as queries:
        response = tool.get(url)
    assert response.status_code == 200
    return len(queries), len(response.json())


def score_cost(tool: CallingTool, item: LineItem) -> int:
    """Queries of the first score of somebody new in the course."""
    person = lena()
    make_membership(person, item.context)
    with counted() as queries:
        assert tool.post(f"{line_item_url(item)}/scores", score_body(person)).status_code == 200
    return len(queries)


def test_line_items_cost_the_same_with_many(tool: CallingTool, item: LineItem) -> None:
    address = line_items_url(item.context_id)
    add_items(item, FEW)
    few, _listed = cost(tool, address)
    add_items(item, MANY - FEW)
    assert cost(tool, f"{address}?limit=1000") == (few, 1000)
    assert few <= 3


def test_results_and_scores_cost_the_same_with_many(tool: CallingTool, item: LineItem) -> None:
    address = f"{line_item_url(item)}/results"
    grade_many(item, FEW)
    cost(tool, address)  # the first reading of a minute is noted
    few, _listed = cost(tool, address)
    first = score_cost(tool, item)
    grade_many(item, MANY - FEW)
    assert cost(tool, f"{address}?limit=1000") == (few, 1000)
    assert few <= 3
    assert score_cost(tool, item) == first <= SCORE_QUERIES


def test_every_kind_of_score_keeps_to_its_queries(tool: CallingTool, item: LineItem) -> None:
    person = lena()
    make_membership(person, item.context)
    now = datetime.now(UTC)
    for second, binding in enumerate(["one", "one", "two", "one", "three"]):
        body = score_body(person, at=now - timedelta(seconds=60 - second), comment=f"{second}")
        with counted() as queries:
            url = f"{line_item_url(item)}/scores?attempt={binding}"
            assert tool.post(url, body).status_code == 200
        assert len(queries) <= SCORE_QUERIES
    assert (Result.objects.count(), Score.objects.count()) == (3, 5)
