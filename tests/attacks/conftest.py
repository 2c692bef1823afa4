"""A tool in a course with a learner and a line item, for every attack on grades and rosters."""

from decimal import Decimal

import pytest

from gradebook.line_items import create_coupled
from gradebook.models import LineItem
from lti_platform.people.models import Person
from tests.attacks.grading import Posting, posting_items, posting_scores
from tests.calling import CallingTool


@pytest.fixture(autouse=True)
def case(request: pytest.FixtureRequest) -> str:
    """The number of the case, for the test's id."""
    return str(getattr(request, "param", ""))


@pytest.fixture
def item(tool: CallingTool) -> LineItem:
    return create_coupled(tool.link, label="Exam", score_maximum=Decimal(20), holds_results=False)


@pytest.fixture
def create(tool: CallingTool) -> Posting:
    """Posts a line item; a change to `...` leaves the member out."""
    return posting_items(tool)


@pytest.fixture
def score(tool: CallingTool, item: LineItem, learner: Person) -> Posting:
    """Posts a score for Lena; a change to `...` leaves the member out."""
    return posting_scores(tool, item, learner)
