"""Assignment and Grade Services 2.0, clause by clause."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from gradebook.addresses import line_item_url, line_items_url
from gradebook.claims import AGS_SCOPES, CLAIM, assignment_and_grade_services
from gradebook.models import LineItem, Result
from lti_platform.courses.copying import copy_course
from lti_platform.people.models import Person
from lti_platform.tools.scopes import LINEITEM_READONLY, SCORE
from tests.calling import CallingTool, make_tool, next_url
from tests.conformance.clauses import clause
from tests.factories import lena, make_context, make_line_item, make_link, make_membership
from tests.gradebook.submitting import START, send
from tests.launching import make_launch
from tests.lti_platform.launches.deep_linking.staging import opened, picking, press

pytestmark = pytest.mark.django_db
QUIZ: dict[str, Any] = {"label": "Quiz 3", "scoreMaximum": 20}


def make(tool: CallingTool, **members: Any) -> dict[str, Any]:
    created = tool.post(line_items_url(tool.context.pk), {**QUIZ, **members})
    assert created.status_code == 201, created.content
    return dict(created.json())


def listed(tool: CallingTool, query: str = "") -> list[dict[str, Any]]:
    return list(tool.get(line_items_url(tool.context.pk) + query).json())


def result_of(tool: CallingTool, item: LineItem) -> dict[str, Any]:
    (only,) = tool.get(f"{line_item_url(item)}/results").json()
    return dict(only)


def endpoint(tool: CallingTool) -> dict[str, Any]:
    return dict(assignment_and_grade_services(make_launch(tool, now=START), now=START)[CLAIM])


@clause("AGS 3.1 the claim: scope, lineitems, and lineitem only where there is exactly one")
def test_the_claim(tool: CallingTool, item: LineItem, clause: str) -> None:
    told = endpoint(tool)
    assert told.pop("scope") == list(AGS_SCOPES)
    assert told == {"lineitems": line_items_url(tool.context.pk), "lineitem": line_item_url(item)}
    make_line_item(tool.link)
    assert "lineitem" not in endpoint(tool)


@clause("AGS 3.1 the claim is in every message from a course whose services are open")
def test_the_claim_of_a_message_without_a_link(clause: str) -> None:
    stage = picking(scopes=list(AGS_SCOPES))
    make_link(stage.course, stage.tool)
    button = reverse("content-ask", args=[stage.course.pk, stage.tool.pk])
    told = opened(stage.browser, press(stage.browser, button), stage.course, stage.tool).claims
    assert told[CLAIM] == {"scope": list(AGS_SCOPES), "lineitems": line_items_url(stage.course.pk)}
    assert CLAIM not in stage.claims


@clause("AGS 3.1 no lineitems for a tool that may not list them")
def test_the_claim_of_a_tool_that_only_scores(clause: str) -> None:
    assert endpoint(make_tool(scopes=[SCORE])) == {"scope": [SCORE]}


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


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("resource_link_id={link}", ["A"], id="AGS 3.2.4 resource_link_id"),
        pytest.param("resource_id=b", ["B"], id="AGS 3.2.4 resource_id"),
        pytest.param("tag=c", ["C"], id="AGS 3.2.4 tag"),
        pytest.param("tag=c&resource_id=b", [], id="AGS 3.2.4 no match is an empty list"),
    ],
)
def test_each_filter(tool: CallingTool, query: str, found: list[str]) -> None:
    make(tool, label="A", resourceLinkId=str(tool.link.pk))
    make(tool, label="B", resourceId="b")
    make(tool, label="C", tag="c")
    assert [each["label"] for each in listed(tool, f"?{query.format(link=tool.link.pk)}")] == found


@clause("AGS 3.2.4 limit, which is above zero")
def test_limit(tool: CallingTool, clause: str) -> None:
    made = [make(tool) for _each in range(2)]
    assert listed(tool, "?limit=1")[0] in made
    assert len(listed(tool, "?limit=1")) == 1
    assert tool.get(f"{line_items_url(tool.context.pk)}?limit=0").status_code == 400


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


@clause("AGS 3.2.5, 3.2.6 every answer has the item as it is in force, with its id")
def test_answers_are_the_item(tool: CallingTool, clause: str) -> None:
    made = make(tool)
    assert listed(tool) == [made] == [tool.get(made["id"]).json()]
    replaced = tool.put(made["id"], {**QUIZ, "label": "Quiz 4"})
    assert (replaced.status_code, replaced.json()) == (200, {**made, "label": "Quiz 4"})


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"scoreMaximum": None}, id="AGS 3.2.5 scoreMaximum is required"),
        pytest.param({"scoreMaximum": 0}, id="AGS 3.2.5 scoreMaximum is above zero"),
        pytest.param({"label": None}, id="AGS 3.2.5 label is required"),
        pytest.param({"label": " "}, id="AGS 3.2.5 label is not blank"),
        pytest.param({"resourceId": "r" * 257}, id="AGS 3.2.5 resourceId has at most 256 characters"),
        pytest.param({"tag": "t" * 257}, id="AGS 3.2.5 tag has at most 256 characters"),
        pytest.param({"startDateTime": "2026-11-01T08:00:00"}, id="AGS 3.2.12 a time has a zone"),
    ],
)
def test_a_malformed_line_item_is_refused(tool: CallingTool, members: dict[str, Any]) -> None:
    assert tool.post(line_items_url(tool.context.pk), {**QUIZ, **members}).status_code == 400
    assert not LineItem.objects.exists()


@clause("AGS 3.2.5 the same resourceId and tag twice")
def test_duplicates_are_legal(tool: CallingTool, clause: str) -> None:
    twins = [make(tool, resourceId="a", tag="x") for _each in range(2)]
    assert len({each["id"] for each in twins}) == len(listed(tool, "?resource_id=a&tag=x")) == 2


@clause("AGS 3.2.6 neither id nor resourceLinkId change")
def test_what_a_replacement_leaves(tool: CallingTool, item: LineItem, clause: str) -> None:
    other = make_link(tool.context, tool.deployment)
    body = {**QUIZ, "id": "https://tool.example/1", "resourceLinkId": str(other.pk)}
    told = tool.put(line_item_url(item), body).json()
    assert (told["id"], told["resourceLinkId"]) == (line_item_url(item), str(tool.link.pk))


@clause("AGS 3.2 what is deleted is gone")
def test_deleting(tool: CallingTool, clause: str) -> None:
    made = make(tool)
    assert tool.call("DELETE", made["id"]).status_code == 204
    assert (tool.get(made["id"]).status_code, listed(tool)) == (404, [])


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


@clause("AGS 3.2.9 a link that is not in the course, or nowhere")
def test_links_elsewhere(tool: CallingTool, clause: str) -> None:
    for link in (make_link(make_context(), tool.deployment).pk, tool.context.pk, "nowhere"):
        body = {**QUIZ, "resourceLinkId": str(link)}
        assert tool.post(line_items_url(tool.context.pk), body).status_code == 404
    assert not LineItem.objects.exists()


@clause("AGS 3.2.9, 3.2.15 a copied course has the items of its copied links")
def test_copied_courses(tool: CallingTool, clause: str) -> None:
    make_line_item(make_link(tool.context, tool.deployment, removed_at=START))
    make_line_item(tool.link, resource_id="r", tag="t", start_at=START, grades_released=False)
    (before,) = listed(tool)
    course = copy_course(tool.context, label="REF-2", title="Again", now=START).course
    there = CallingTool(deployment=tool.deployment, context=course, link=course.resource_links.get())
    (copied,) = listed(there)
    assert copied == {**before, "id": copied["id"], "resourceLinkId": str(there.link.pk)}
    assert copied["id"] != before["id"]


@clause("AGS 3.2.12 times without a value are null")
def test_no_times(tool: CallingTool, clause: str) -> None:
    assert [make(tool)[name] for name in ("startDateTime", "endDateTime")] == [None, None]


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
