"""What a launch tells a tool about grades."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from gradebook.addresses import line_item_url, line_items_url
from gradebook.claims import CLAIM, assignment_and_grade_services, line_item_variables
from gradebook.line_items import create_coupled
from gradebook.models import LineItem
from lti_platform.tools.scopes import LINEITEM_READONLY, MEMBERSHIP_READONLY, RESULT_READONLY, SCORE
from tests.calling import CallingTool, make_tool
from tests.factories import make_context, make_line_item
from tests.launching import make_launch

pytestmark = pytest.mark.django_db
ATTEMPT = "3f0c1c9e-0000-4000-8000-000000000001"


@pytest.fixture
def tool() -> CallingTool:
    return make_tool(scopes=[SCORE, RESULT_READONLY, LINEITEM_READONLY, MEMBERSHIP_READONLY])


@pytest.fixture
def item(tool: CallingTool) -> LineItem:
    return create_coupled(tool.link, label="Exam", score_maximum=Decimal(100), holds_results=True)


def endpoint(tool: CallingTool, now: datetime, **fields: Any) -> Any:
    return assignment_and_grade_services(make_launch(tool, now=now, **fields), now=now).get(CLAIM)


def test_a_launch_of_an_attempt_names_the_line_item_with_the_attempt(
    tool: CallingTool, item: LineItem, now: datetime
) -> None:
    assert endpoint(tool, now, subject=f"attempt:{ATTEMPT}") == {
        "scope": [LINEITEM_READONLY, RESULT_READONLY, SCORE],
        "lineitems": line_items_url(tool.context.pk),
        "lineitem": line_item_url(item, binding=ATTEMPT),
    }


def test_a_launch_about_nothing_names_the_line_item_alone(
    tool: CallingTool, item: LineItem, now: datetime
) -> None:
    assert endpoint(tool, now)["lineitem"] == line_item_url(item)


@pytest.mark.parametrize("case", [pytest.param(None, id="case-042 two line items on one link")])
def test_two_line_items_are_none(tool: CallingTool, item: LineItem, now: datetime, case: None) -> None:
    other = create_coupled(tool.link, label="Practice", score_maximum=Decimal(10), holds_results=False)
    assert "lineitem" not in endpoint(tool, now)
    LineItem.objects.filter(pk=other.pk).update(deleted_at=now)
    assert endpoint(tool, now)["lineitem"] == line_item_url(item)


def test_a_tool_that_may_not_list_is_not_told_where(item: LineItem, tool: CallingTool, now: datetime) -> None:
    tool.deployment.registration.scopes = [SCORE]
    assert endpoint(tool, now) == {"scope": [SCORE], "lineitem": line_item_url(item)}


def test_a_message_about_no_link_names_the_line_items_of_the_course_and_none_of_them(
    item: LineItem, tool: CallingTool, now: datetime
) -> None:
    make_line_item(tool.link, resource_link=None, is_coupled=False)
    told = endpoint(tool, now, resource_link=None, message_type="LtiDeepLinkingRequest")
    assert told == {
        "scope": [LINEITEM_READONLY, RESULT_READONLY, SCORE],
        "lineitems": line_items_url(tool.context.pk),
    }
    assert tool.get(told["lineitems"]).status_code == 200


def test_without_a_scope_or_a_place_in_the_course_there_is_no_claim(
    item: LineItem, tool: CallingTool, now: datetime
) -> None:
    assert endpoint(tool, now, resource_link=None, context=make_context()) is None
    tool.deployment.registration.scopes = [MEMBERSHIP_READONLY]
    assert endpoint(tool, now) is None


def test_variables_say_what_the_claim_says(item: LineItem, tool: CallingTool, now: datetime) -> None:
    launch = make_launch(tool, now=now)
    assert line_item_variables(launch) == {
        "LineItems.url": line_items_url(tool.context.pk),
        "LineItem.url": line_item_url(item),
        "Scores.url": f"{line_item_url(item)}/scores",
    }
