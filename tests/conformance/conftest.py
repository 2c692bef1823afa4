"""A line item of the tool, for the clauses about grades."""

import pytest

from gradebook.models import LineItem
from tests.calling import CallingTool
from tests.factories import make_line_item


@pytest.fixture
def item(tool: CallingTool) -> LineItem:
    return make_line_item(tool.link)
