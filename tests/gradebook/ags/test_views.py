"""What a tool is told about its line items and results."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from gradebook import holding
from gradebook.addresses import line_item_url, line_items_url
from gradebook.line_items import create_coupled
from gradebook.models import LineItem, Result
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from tests.calling import CallingTool
from tests.gradebook.submitting import score_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(tool: CallingTool) -> LineItem:
    return create_coupled(tool.link, label="Exam", score_maximum=Decimal("12.5"), holds_results=True)


def test_a_line_item_is_told_whole(tool: CallingTool, item: LineItem) -> None:
    assert tool.get(line_items_url(tool.context.pk)).json() == [
        {
            "id": line_item_url(item),
            "label": "Exam",
            "scoreMaximum": 12.5,
            "resourceLinkId": str(tool.link.pk),
            "startDateTime": None,
            "endDateTime": None,
            "gradesReleased": False,
        }
    ]


def test_the_owning_tool_sees_its_score_while_it_is_held(
    tool: CallingTool, item: LineItem, learner: Person
) -> None:
    body = score_body(learner, scoreGiven=4, scoreMaximum=5, comment="good", scoringUserId="grader-1")
    answer = tool.post(f"{line_item_url(item)}/scores", body)
    told = {
        "id": answer.json()["resultUrl"],
        "scoreOf": line_item_url(item),
        "userId": str(learner.pk),
        "resultScore": 10,
        "resultMaximum": 12.5,
        "comment": "good",
        "scoringUserId": "grader-1",
    }
    listed = tool.get(f"{line_item_url(item)}/results")
    assert (listed.json(), Result.objects.get().state) == ([told], Result.State.HELD)
    assert listed["Content-Type"] == "application/vnd.ims.lis.v2.resultcontainer+json"
    assert tool.get(answer.json()["resultUrl"]).json() == told


def test_a_void_result_has_no_score(tool: CallingTool, item: LineItem, learner: Person) -> None:
    url = tool.post(f"{line_item_url(item)}/scores", score_body(learner)).json()["resultUrl"]
    holding.void(Result.objects.get().pk, now=datetime.now(UTC), reason="")
    assert "resultScore" not in tool.get(url).json()


def test_a_result_is_read_at_its_own_item(tool: CallingTool, item: LineItem, learner: Person) -> None:
    url = tool.post(f"{line_item_url(item)}/scores", score_body(learner)).json()["resultUrl"]
    other = create_coupled(tool.link, label="Practice", score_maximum=Decimal(5), holds_results=False)
    assert tool.get(url.replace(str(item.pk), str(other.pk))).status_code == 404


def test_scores_of_two_attempts_are_told_apart(tool: CallingTool, item: LineItem, learner: Person) -> None:
    for binding, points in (("one", 4), ("two", 5)):
        body = score_body(learner, scoreGiven=points, scoreMaximum=5)
        tool.post(f"{line_item_url(item)}/scores?attempt={binding}", body)
    url = f"{line_item_url(item)}/results"
    assert [each["resultScore"] for each in tool.get(url).json()] == [12.5]
    (first,) = tool.get(f"{url}?attempt=one").json()
    assert (first["resultScore"], first["scoreOf"]) == (10, line_item_url(item, binding="one"))


def test_who_changed_a_line_item_is_on_record(tool: CallingTool) -> None:
    body = {"label": "Quiz", "scoreMaximum": 5}
    url = tool.post(line_items_url(tool.context.pk), body).json()["id"]
    tool.put(url, {**body, "label": "Quiz 2"})
    tool.call("DELETE", url)
    entries = Entry.objects.filter(subject__startswith="line_item:").order_by("recorded_at")
    assert [each.fact_type.rpartition("_")[2] for each in entries] == ["created", "replaced", "deleted"]
    assert {each.actor_id for each in entries} == {tool.deployment.registration.client_id}
