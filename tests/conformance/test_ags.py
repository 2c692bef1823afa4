"""Assignment and Grade Services 2.0, clause by clause."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gradebook.addresses import line_item_url, line_items_url
from gradebook.models import LineItem, Result
from lti_platform.people.models import Person
from lti_platform.tools.scopes import LINEITEM_READONLY
from tests.calling import CallingTool, make_tool, next_url
from tests.factories import lena, make_line_item, make_membership
from tests.gradebook.submitting import score_body

pytestmark = pytest.mark.django_db
QUIZ: dict[str, Any] = {"label": "Quiz 3", "scoreMaximum": 20}
START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def clause(name: str) -> pytest.MarkDecorator:
    """Puts the clause into the test's id."""
    return pytest.mark.parametrize("clause", [pytest.param(name, id=name)])


@pytest.fixture
def tool() -> CallingTool:
    return make_tool()


@pytest.fixture
def item(tool: CallingTool) -> LineItem:
    return make_line_item(tool.link)


@pytest.fixture
def learner(tool: CallingTool) -> Person:
    person = lena()
    make_membership(person, tool.context)
    return person


def make(tool: CallingTool, **members: Any) -> dict[str, Any]:
    created = tool.post(line_items_url(tool.context.pk), {**QUIZ, **members})
    assert created.status_code == 201, created.content
    return dict(created.json())


def listed(tool: CallingTool, query: str = "") -> list[dict[str, Any]]:
    return list(tool.get(line_items_url(tool.context.pk) + query).json())


def send(tool: CallingTool, item: LineItem, learner: Person, second: int = 0, **changes: Any) -> int:
    body = score_body(learner, at=START + timedelta(seconds=second), **changes)
    return tool.post(f"{line_item_url(item)}/scores", body).status_code


def result_of(tool: CallingTool, item: LineItem) -> dict[str, Any]:
    (only,) = tool.get(f"{line_item_url(item)}/results").json()
    return dict(only)


@clause("AGS 3.2 lineitem.readonly reads and changes nothing")
def test_the_readonly_scope(tool: CallingTool, item: LineItem, clause: str) -> None:
    tool.scopes = [LINEITEM_READONLY]
    assert tool.get(line_items_url(tool.context.pk)).status_code == 200
    assert tool.get(line_item_url(item)).status_code == 200
    assert tool.put(line_item_url(item), QUIZ).status_code == 403


@clause("AGS 3.2.1 media types of line items")
def test_media_types(tool: CallingTool, item: LineItem, clause: str) -> None:
    one, many = (
        "application/vnd.ims.lis.v2.lineitem+json",
        "application/vnd.ims.lis.v2.lineitemcontainer+json",
    )
    assert tool.get(line_item_url(item), Accept=one)["Content-Type"] == one
    assert tool.get(line_items_url(tool.context.pk), Accept=many)["Content-Type"] == many
    assert tool.post(line_items_url(tool.context.pk), QUIZ, content_type=one).status_code == 201


@clause("AGS 3.2.4 filters combine")
def test_filters_combine(tool: CallingTool, clause: str) -> None:
    both = make(tool, resourceId="a", tag="x", resourceLinkId=str(tool.link.pk))
    make(tool, resourceId="a", tag="y")
    make(tool, resourceId="b", tag="x")
    link = f"resource_link_id={tool.link.pk}"
    assert listed(tool, "?resource_id=a&tag=x") == listed(tool, f"?{link}&tag=x") == [both]


@clause("AGS 3.2.4 a next link while more items remain")
def test_next_links(tool: CallingTool, clause: str) -> None:
    for _each in range(3):
        make(tool, tag="x")
    response = tool.get(f"{line_items_url(tool.context.pk)}?tag=x&limit=2")
    assert len(response.json()) == 2
    assert parse_qs(urlsplit(next_url(response)).query)["tag"] == ["x"]
    last = tool.get(next_url(response))
    assert (len(last.json()), next_url(last)) == (1, "")
    assert last["Link"].endswith('rel="first"')


@clause("AGS 3.2.5 resourceId and tag come back unaltered")
def test_ids_are_unaltered(tool: CallingTool, clause: str) -> None:
    odd = {"resourceId": " Quiz/ü#3 ", "tag": "GRÄDE"}
    made = make(tool, **odd)
    assert {name: made[name] for name in odd} == odd
    assert tool.get(made["id"]).json() == made


@clause("AGS 3.2.6 a replacement clears what it leaves out")
def test_replacing(tool: CallingTool, clause: str) -> None:
    review = {"reviewableStatus": ["Submitted"]}
    made = make(
        tool, tag="x", gradesReleased=False, submissionReview=review, startDateTime="2026-01-01T00:00:00Z"
    )
    replaced = tool.put(made["id"], QUIZ).json()
    assert (replaced["id"], replaced["gradesReleased"], replaced["startDateTime"]) == (made["id"], True, None)
    assert replaced.keys().isdisjoint({"tag", "submissionReview"})


@clause("AGS 3.2.6 results follow a new maximum")
def test_rescaling(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner, scoreGiven=7, scoreMaximum=10)
    tool.put(line_item_url(item), {"label": "Exam", "scoreMaximum": 50})
    result = result_of(tool, item)
    assert (result["resultScore"], result["resultMaximum"]) == (35, 50)


@clause("AGS 3.2.9 a link that is not the tool's")
def test_foreign_links(tool: CallingTool, clause: str) -> None:
    body = {**QUIZ, "resourceLinkId": str(make_tool(tool.context).link.pk)}
    assert tool.post(line_items_url(tool.context.pk), body).status_code == 404


@clause("AGS 3.2.12 times with a zone, told in UTC")
def test_times(tool: CallingTool, clause: str) -> None:
    made = make(tool, startDateTime="2026-11-01T08:00:00+02:00", endDateTime="2026-11-02T08:00:00.5Z")
    assert made["startDateTime"] == "2026-11-01T06:00:00Z"
    assert made["endDateTime"] == "2026-11-02T08:00:00.500000Z"


@clause("AGS 3.2.13 gradesReleased")
def test_grades_released(tool: CallingTool, clause: str) -> None:
    assert make(tool)["gradesReleased"] is True
    assert make(tool, gradesReleased=False)["gradesReleased"] is False
    held = make_line_item(tool.link, holds_results=True)
    told = tool.put(line_item_url(held), {**QUIZ, "gradesReleased": True}).json()
    assert told["gradesReleased"] is False  # a proctored result is released by its review


@clause("AGS 3.1.2 extensions are ignored")
def test_extensions(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    canvas = "https://canvas.instructure.com/lti/"
    made = make(tool, **{f"{canvas}submission_type": {"type": "external_tool"}})
    assert not [name for name in made if name.startswith("https://")]
    score: dict[str, Any] = {f"{canvas}submission": {"new_submission": True}}
    assert send(tool, item, learner, **score) == 200


@clause("AGS 3.3.2 every result names its item and its user")
def test_results(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner, scoringUserId="grader-7", comment="ok")
    result = result_of(tool, item)
    assert result["id"].startswith(f"{line_item_url(item)}/results/")
    assert (result["scoreOf"], result["userId"]) == (line_item_url(item), str(learner.pk))
    assert (result["scoringUserId"], result["comment"]) == ("grader-7", "ok")


@clause("AGS 3.3.6 results of one user, in pages")
def test_results_are_filtered(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    other = lena()
    make_membership(other, tool.context)
    for person in (learner, other):
        send(tool, item, person)
    url = f"{line_item_url(item)}/results"
    assert [each["userId"] for each in tool.get(f"{url}?user_id={learner.pk}").json()] == [str(learner.pk)]
    assert next_url(tool.get(f"{url}?limit=1"))


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


@pytest.mark.parametrize(
    ("progress", "is_final"),
    [
        pytest.param(word, word == "FullyGraded", id=f"AGS 3.4.8 {word}")
        for word in ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")
    ],
)
def test_only_full_grading_is_final(
    tool: CallingTool, item: LineItem, learner: Person, progress: str, is_final: bool
) -> None:
    assert send(tool, item, learner, gradingProgress=progress) == 200
    assert ("resultScore" in result_of(tool, item)) is is_final


@clause("AGS 3.4.9 an earlier score changes nothing")
def test_ordering(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner, 10)
    assert send(tool, item, learner, 5, scoreGiven=1) == 409
    assert result_of(tool, item)["resultScore"] == 80


@pytest.mark.parametrize(
    ("progress", "started", "submitted"),
    [
        pytest.param("Initialized", None, None, id="AGS 3.4.10 Initialized clears both"),
        pytest.param("InProgress", 0, None, id="AGS 3.4.10 InProgress clears submittedAt"),
        pytest.param("Submitted", 0, 1, id="AGS 3.4.10 Submitted keeps both"),
        pytest.param("Completed", 0, 1, id="AGS 3.4.10 Completed keeps both"),
    ],
)
def test_times_of_a_submission(
    tool: CallingTool,
    item: LineItem,
    learner: Person,
    progress: str,
    started: int | None,
    submitted: int | None,
) -> None:
    send(tool, item, learner, 0, activityProgress="Started")
    send(tool, item, learner, 1, activityProgress="Submitted")
    send(tool, item, learner, 2, activityProgress=progress)
    result = Result.objects.get()
    said = [None if second is None else START + timedelta(seconds=second) for second in (started, submitted)]
    assert [result.started_at, result.submitted_at] == said


@clause("AGS 3.4.11 a comment that is left out is cleared")
def test_comments(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner, comment="see me")
    assert result_of(tool, item)["comment"] == "see me"
    send(tool, item, learner, 1)
    assert "comment" not in result_of(tool, item)


@clause("AGS 4.3 an item of the platform's own stays")
def test_coupled_items_stay(tool: CallingTool, item: LineItem, clause: str) -> None:
    assert tool.call("DELETE", line_item_url(item)).status_code == 403
    assert tool.call("DELETE", make(tool)["id"]).status_code == 204


@clause("AGS 4.5 a result is reset")
def test_resetting(tool: CallingTool, item: LineItem, learner: Person, clause: str) -> None:
    send(tool, item, learner, submission={"startedAt": START.isoformat()})
    nothing = {"scoreGiven": None, "scoreMaximum": None}
    send(tool, item, learner, 1, activityProgress="Initialized", gradingProgress="NotReady", **nothing)
    result = Result.objects.get()
    assert (result.result_score, result.started_at, result.submitted_at) == (None, None, None)


REVIEW = {
    "reviewableStatus": ["InProgress", "Submitted", "None"],
    "label": "Open attempt",
    "custom": {"mode": "review"},
}


@clause("Submission Review: submissionReview of a line item")
def test_submission_review(tool: CallingTool, clause: str) -> None:
    url = f"https://{tool.deployment.registration.domains[0]}/review"
    review = {**REVIEW, "url": url}
    made = make(tool, submissionReview={**review, "https://vendor.example/x": 1})
    assert made["submissionReview"] == review
    assert tool.get(made["id"]).json()["submissionReview"] == review


@pytest.mark.parametrize(
    "review",
    [
        pytest.param([], id="Submission Review: not an object"),
        pytest.param({}, id="Submission Review: no reviewableStatus"),
        pytest.param({"reviewableStatus": ["Done"]}, id="Submission Review: unknown status"),
        pytest.param({**REVIEW, "url": "https://evil.example/"}, id="Submission Review: foreign address"),
        pytest.param({**REVIEW, "url": "javascript:alert(1)"}, id="Submission Review: no address"),
        pytest.param({**REVIEW, "custom": {"n": 1}}, id="Submission Review: custom is not text"),
    ],
)
def test_a_malformed_submission_review_is_refused(tool: CallingTool, review: Any) -> None:
    assert tool.post(line_items_url(tool.context.pk), {**QUIZ, "submissionReview": review}).status_code == 400
    assert not LineItem.objects.exists()
