"""Assignment and Grade Services 2.0: what a score must say, and what results then are."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gradebook.addresses import line_item_url, line_items_url
from gradebook.models import LineItem, Result
from gradebook.overriding import GraderWord, override
from gradebook.scores import ACTIVITY_PROGRESS
from lti_platform.people.models import Person
from lti_platform.tools.scopes import LINEITEM, LINEITEM_READONLY, RESULT_READONLY, SCORE
from tests.calling import CallingTool, next_url
from tests.conformance.clauses import clause
from tests.factories import lena, make_membership, pia
from tests.gradebook.submitting import START, results, score_body, send

pytestmark = pytest.mark.django_db
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"


def result_of(tool: CallingTool, item: LineItem) -> dict[str, Any]:
    (only,) = results(tool, item)
    return only


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        pytest.param(LINEITEM, {"items"}, id="AGS 3.2 lineitem reads too"),
        pytest.param(LINEITEM_READONLY, {"items"}, id="AGS 3.2 lineitem.readonly"),
        pytest.param(RESULT_READONLY, {"results"}, id="AGS 3.3 result.readonly"),
        pytest.param(SCORE, {"scores"}, id="AGS 3.4 score"),
    ],
)
def test_each_scope(
    tool: CallingTool, item: LineItem, learner: Person, scope: str, allowed: set[str]
) -> None:
    tool.scopes = [scope]
    answers = {
        "items": tool.get(line_items_url(tool.context.pk)).status_code,
        "results": tool.get(f"{line_item_url(item)}/results").status_code,
        "scores": send(tool, item, learner),
    }
    assert answers == {name: 200 if name in allowed else 403 for name in answers}


@clause("AGS 3.3, 3.4 media types of results and scores")
def test_media_types(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    score = "application/vnd.ims.lis.v1.score+json"
    sent = tool.post(f"{line_item_url(item)}/scores", score_body(learner, at=START), content_type=score)
    assert sent.status_code == 200
    assert tool.get(f"{line_item_url(item)}/results", Accept=RESULTS)["Content-Type"] == RESULTS


@clause("AGS 3.3.1, 3.4.1 /results and /scores end the path, and the query stays")
def test_queries_stay(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    address = line_item_url(item, binding="attempt-1")
    path, _, query = address.partition("?")
    assert tool.post(f"{path}/scores?{query}", score_body(learner, at=START)).status_code == 200
    (result,) = tool.get(f"{path}/results?{query}").json()
    assert result["scoreOf"] == address
    assert tool.get(f"{path}/results?{query}0").json() == []


@clause("AGS 3.3 results are only read, scores only sent")
def test_methods(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner)
    result = result_of(tool, item)
    assert tool.post(f"{line_item_url(item)}/results", result).status_code == 405
    assert tool.put(result["id"], result).status_code == 405
    assert tool.get(f"{line_item_url(item)}/scores").status_code == 405


@clause("AGS 3.3.2 everybody who has points is listed, each under an id of their own")
def test_everybody_is_listed(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    other = lena()
    make_membership(other, tool.context)
    for person in (learner, other):
        send(tool, item, person)
    found = results(tool, item)
    assert {each["userId"] for each in found} == {str(learner.pk), str(other.pk)}
    assert len({each["id"] for each in found}) == 2


@clause("AGS 3.3.2 a teacher's change is told")
def test_a_teachers_change(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner)
    override(item, learner.pk, word=GraderWord(points=Decimal(55)), grader=pia(), now=START)
    assert result_of(tool, item)["resultScore"] == 55


@clause("AGS 3.3.6 nobody's results are an empty list")
def test_nobodys_results(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner)
    assert results(tool, item, f"?user_id={lena().pk}") == results(tool, item, "?user_id=nobody") == []


@clause("AGS 3.3.6 limit, and a next link while more remain")
def test_pages_of_results(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    other = lena()
    make_membership(other, tool.context)
    for person in (learner, other):
        send(tool, item, person)
    first = tool.get(f"{line_item_url(item)}/results?limit=1")
    last = tool.get(next_url(first))
    seen = [each["userId"] for each in [*first.json(), *last.json()]]
    assert (sorted(seen), next_url(last)) == (sorted([str(learner.pk), str(other.pk)]), "")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"userId": None}, id="AGS 3.4 userId is required"),
        pytest.param({"timestamp": None}, id="AGS 3.4.9 timestamp is required"),
        pytest.param({"timestamp": "2026-03-02T15:00:36.736"}, id="AGS 3.4.9 timestamp has a zone"),
        pytest.param({"activityProgress": None}, id="AGS 3.4 activityProgress is required"),
        pytest.param({"activityProgress": "Done"}, id="AGS 3.4 activityProgress is one of five"),
        pytest.param({"gradingProgress": None}, id="AGS 3.4.8 gradingProgress is required"),
        pytest.param({"gradingProgress": "Graded"}, id="AGS 3.4.8 gradingProgress is one of five"),
        pytest.param({"scoreGiven": -1}, id="AGS 3.4.4 scoreGiven is not below zero"),
        pytest.param({"scoreMaximum": None}, id="AGS 3.4.4 scoreMaximum comes with scoreGiven"),
        pytest.param({"scoreMaximum": 0}, id="AGS 3.4.4 scoreMaximum is above zero"),
        pytest.param({"scoringUserId": ""}, id="AGS 3.4.6 scoringUserId is not empty"),
        pytest.param(
            {"submission": {"startedAt": "2026-03-02"}}, id="AGS 3.4.10 startedAt has time and zone"
        ),
        pytest.param(
            {"submission": {"startedAt": "2026-03-02T15:00:01.5Z", "submittedAt": "2026-03-02T15:00:01.4Z"}},
            id="AGS 3.4.10 submittedAt is not before startedAt",
        ),
    ],
)
def test_a_malformed_score_is_refused(
    tool: CallingTool, item: LineItem, learner: Person, changes: dict[str, Any]
) -> None:
    assert send(tool, item, learner, **changes) == 400
    assert not Result.objects.exists()


@pytest.mark.parametrize(
    "zone", [pytest.param(zone, id=f"AGS 3.4.9 {zone}") for zone in ("+00:00", "Z", "+00")]
)
def test_forms_of_a_timestamp(tool: CallingTool, item: LineItem, learner: Person, zone: str) -> None:
    assert send(tool, item, learner, timestamp=f"2026-03-02T15:00:36.736{zone}") == 200
    assert Result.objects.get().last_timestamp == START + timedelta(seconds=36, milliseconds=736)


@pytest.mark.parametrize("word", [pytest.param(word, id=f"AGS 3.4 {word}") for word in ACTIVITY_PROGRESS])
def test_activity_progress(tool: CallingTool, item: LineItem, learner: Person, word: str) -> None:
    assert send(tool, item, learner, activityProgress=word) == 200
    assert Result.objects.get().activity_progress == word


@clause("AGS 3.4.4 points are told on the item's own scale")
def test_scaling(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner, scoreGiven=3, scoreMaximum=4)
    result = result_of(tool, item)
    assert (result["resultScore"], result["resultMaximum"]) == (75, 100)


@clause("AGS 3.4.4 a score without points clears")
def test_clearing(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner)
    nothing = {"scoreGiven": None, "scoreMaximum": None}
    assert send(tool, item, learner, 1, gradingProgress="NotReady", **nothing) == 200
    assert "resultScore" not in result_of(tool, item)


@clause("AGS 3.4.4 more points than the maximum")
def test_extra_credit(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner, scoreGiven=12, scoreMaximum=10)
    assert result_of(tool, item)["resultScore"] == 120


@clause("AGS 3.4.9 within the same second the later score counts")
def test_parts_of_a_second(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    assert send(tool, item, learner, timestamp="2026-03-02T15:00:00.002Z", scoreGiven=9) == 200
    assert send(tool, item, learner, timestamp="2026-03-02T15:00:00.001Z", scoreGiven=1) == 409
    assert result_of(tool, item)["resultScore"] == 90


@clause("AGS 3.4.10 times that are left out stay as they were sent")
def test_times_stay(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    sent = {"startedAt": "2026-03-02T14:00:00.5Z", "submittedAt": "2026-03-02T14:30:00.5Z"}
    send(tool, item, learner, activityProgress="Submitted", submission=sent)
    send(tool, item, learner, 60)
    result = Result.objects.get()
    assert result.started_at == datetime(2026, 3, 2, 14, 0, 0, 500_000, tzinfo=UTC)
    assert result.submitted_at == datetime(2026, 3, 2, 14, 30, 0, 500_000, tzinfo=UTC)


@clause("AGS 3.4.11 a comment that is left out is cleared")
def test_comments(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner, comment="see me")
    assert result_of(tool, item)["comment"] == "see me"
    send(tool, item, learner, 1)
    assert "comment" not in result_of(tool, item)
