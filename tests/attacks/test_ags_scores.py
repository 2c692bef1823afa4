"""Attacks and edge cases on scores and results."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gradebook.addresses import line_item_url
from gradebook.models import LineItem, Result, Score
from gradebook.overriding import GraderWord, override
from lti_platform.people.models import Person
from tests.attacks.grading import Body, Posting, assert_refused, instant, numbered, stored
from tests.calling import CallingTool
from tests.factories import make_membership, mallory, pia
from tests.gradebook.submitting import results, score_body
from tests.together import together

pytestmark = pytest.mark.django_db


@numbered("case-105")
def test_scores_are_written_and_results_are_read(tool: CallingTool, item: LineItem) -> None:
    scores = tool.get(f"{line_item_url(item)}/scores")
    assert (scores.status_code, scores["Allow"]) == (405, "POST")
    for method in ("POST", "PUT", "DELETE"):
        response = tool.call(method, f"{line_item_url(item)}/results", {})
        assert (response.status_code, response["Allow"]) == (405, "GET")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"userId": ...}, id="case-106 no userId"),
        pytest.param({"activityProgress": ...}, id="case-106 no activityProgress"),
        pytest.param({"gradingProgress": ...}, id="case-106 no gradingProgress"),
        pytest.param({"timestamp": ...}, id="case-106 no timestamp"),
        pytest.param({"activityProgress": "completed"}, id="case-107 lower case"),
        pytest.param({"gradingProgress": "Done"}, id="case-107 unknown word"),
        pytest.param({"gradingProgress": ["FullyGraded"]}, id="case-107 a list"),
        pytest.param({"scoreMaximum": ...}, id="case-108 no maximum"),
        pytest.param({"scoreMaximum": None}, id="case-108 null maximum"),
        pytest.param({"scoreGiven": -0.1}, id="case-109 negative"),
        pytest.param({"scoreMaximum": 0}, id="case-109 zero maximum"),
        pytest.param({"scoreMaximum": -10}, id="case-109 negative maximum"),
        pytest.param({"scoreGiven": "8"}, id="case-109 string"),
        pytest.param({"scoreMaximum": "10"}, id="case-109 string maximum"),
        pytest.param({"scoreGiven": True}, id="case-109 boolean"),
        pytest.param({"scoreGiven": 10**400, "scoreMaximum": 10**400}, id="case-109 absurdly large"),
        pytest.param({"timestamp": "2026-03-02T15:00:00"}, id="case-114 no zone"),
        pytest.param({"timestamp": "2026-03-02"}, id="case-114 date only"),
        pytest.param({"timestamp": 1772463600}, id="case-114 a number"),
        pytest.param({"timestamp": instant(86_400)}, id="case-116 a day ahead"),
        pytest.param({"timestamp": "9999-12-31T23:59:59-12:00"}, id="case-116 beyond the calendar"),
        pytest.param({"timestamp": "0001-01-01T00:00:00Z"}, id="case-114 before any zone's calendar"),
        pytest.param({"timestamp": "1999-12-31T23:59:59Z"}, id="case-114 before there was such a service"),
        pytest.param({"userId": "3f0c1c9e-0000-4000-8000-000000000001"}, id="case-118 unknown"),
        pytest.param({"userId": "lena"}, id="case-118 no id of ours"),
        pytest.param(
            {"submission": {"startedAt": "2026-03-02T15:00:00Z", "submittedAt": "2026-03-02T14:00:00Z"}},
            id="case-123 submitted before it was started",
        ),
        pytest.param({"submission": "now"}, id="case-123 not an object"),
        pytest.param({"scoringUserId": ""}, id="case-126 empty"),
        pytest.param({"scoringUserId": None}, id="case-126 null"),
        pytest.param({"comment": "\x00"}, id="case-122 a NUL that no database keeps"),
    ],
)
def test_a_malformed_score_is_refused(score: Posting, changes: Body) -> None:
    before = stored()
    assert_refused(score(**changes), 400, before=before)


@numbered("case-110")
def test_extra_credit_is_accepted(tool: CallingTool, item: LineItem, score: Posting) -> None:
    assert score(scoreGiven=11, scoreMaximum=10).status_code == 200
    assert results(tool, item)[0]["resultScore"] == 22


@pytest.mark.parametrize(
    "nothing", [pytest.param(..., id="case-111 absent"), pytest.param(None, id="case-111 null")]
)
def test_a_newer_score_without_points_clears_the_result(
    tool: CallingTool, item: LineItem, score: Posting, nothing: object
) -> None:
    score(timestamp=instant(-5))
    assert score(scoreGiven=nothing, scoreMaximum=nothing).status_code == 200
    assert "resultScore" not in results(tool, item)[0]


@numbered("case-112")
def test_an_earlier_score_is_refused(tool: CallingTool, item: LineItem, score: Posting) -> None:
    score()
    before = stored()
    assert_refused(score(timestamp=instant(-60), scoreGiven=10), 409, before=before)
    assert results(tool, item)[0]["resultScore"] == 16


@numbered("case-113")
def test_an_exact_retry_is_answered_alike_and_another_body_is_not(score: Posting) -> None:
    at = instant()
    first = score(timestamp=at)
    before = stored()
    again = score(timestamp=at)
    assert (again.status_code, again.json(), stored()) == (200, first.json(), before)
    assert_refused(score(timestamp=at, scoreGiven=9), 409, before=before)


@pytest.mark.parametrize(
    "timestamp",
    [
        pytest.param("2026-03-02T15:00:00Z", id="case-115 no fraction"),
        pytest.param("2026-03-02T15:00:00.123456789+00", id="case-115 short zone"),
    ],
)
def test_lenient_timestamps_are_read(score: Posting, timestamp: str) -> None:
    assert score(timestamp=timestamp).status_code == 200


@pytest.mark.django_db(transaction=True)
@numbered("case-117")
def test_of_two_scores_at_once_the_newest_stands(tool: CallingTool, item: LineItem, score: Posting) -> None:
    newer, older = instant(-1), instant(-60)
    answers = together(
        lambda: score(timestamp=newer, scoreGiven=9).status_code,
        lambda: score(timestamp=older, scoreGiven=2).status_code,
        lambda: score(timestamp=newer, scoreGiven=9).status_code,
        lambda: score(timestamp=older, scoreGiven=2).status_code,
    )
    assert set(answers) <= {200, 409}
    assert (answers[0], answers[2]) == (200, 200)
    assert [each["resultScore"] for each in results(tool, item)] == [18]
    assert Score.objects.filter(timestamp=datetime.fromisoformat(newer)).count() == 1


@pytest.mark.django_db(transaction=True)
@numbered("case-117 of several attempts")
def test_first_scores_of_several_attempts_at_once_all_stand(
    tool: CallingTool, item: LineItem, learner: Person
) -> None:
    def post(binding: str, seconds: int) -> int:
        body = score_body(learner, at=datetime.now(UTC) - timedelta(seconds=seconds))
        return tool.post(f"{line_item_url(item)}/scores?attempt={binding}", body).status_code

    answers = together(*(lambda n=n: post(f"attempt-{n}", 10 * n) for n in range(1, 4)))
    assert answers == [200, 200, 200]
    (shown,) = results(tool, item)
    assert shown["id"].endswith(str(Result.objects.get(binding="attempt-1").pk))


@numbered("case-118 suspended", "case-118 another company")
def test_only_members_are_scored(tool: CallingTool, score: Posting, learner: Person, case: str) -> None:
    stranger = mallory()
    if case.endswith("suspended"):
        make_membership(stranger, tool.context, status="inactive")
    before = stored()
    assert_refused(score(userId=str(stranger.pk)), 400, before=before)


@numbered("case-119")
def test_a_teacher_is_not_scored(tool: CallingTool, score: Posting) -> None:
    teacher = pia()
    make_membership(teacher, tool.context, "Instructor")
    before = stored()
    assert_refused(score(userId=str(teacher.pk)), 400, before=before)


@pytest.mark.parametrize(
    "progress",
    [
        pytest.param(word, id=f"case-120 {word}")
        for word in ("Pending", "PendingManual", "Failed", "NotReady")
    ],
)
def test_an_unfinished_grading_is_kept_as_a_draft(
    tool: CallingTool, item: LineItem, score: Posting, progress: str
) -> None:
    assert score(gradingProgress=progress).status_code == 200
    assert "resultScore" not in results(tool, item)[0]
    assert (Result.objects.get().grading_progress, Score.objects.get().score_given) == (progress, Decimal(8))


@numbered("case-121")
def test_a_comment_that_is_left_out_is_cleared(tool: CallingTool, item: LineItem, score: Posting) -> None:
    score(timestamp=instant(-5), comment="see me")
    assert results(tool, item)[0]["comment"] == "see me"
    score()
    assert "comment" not in results(tool, item)[0]


@numbered("case-121 a grader's stays")
def test_a_graders_comment_is_not_the_tools_to_clear(
    tool: CallingTool, item: LineItem, learner: Person, score: Posting
) -> None:
    score(timestamp=instant(-5), comment="auto")
    word = GraderWord(comment="Well argued.")
    override(item, learner.pk, word=word, grader=pia(), now=datetime.now(UTC))
    assert score(timestamp=instant(-1)).status_code == 200
    assert results(tool, item)[0]["comment"] == "Well argued."


@numbered("case-122")
def test_a_comment_is_plain_text_through_and_through(
    tool: CallingTool, item: LineItem, score: Posting
) -> None:
    score(comment="<script>alert(1)</script>")
    assert results(tool, item)[0]["comment"] == "<script>alert(1)</script>"


@numbered("case-124")
def test_going_back_to_the_beginning_clears_the_times(score: Posting) -> None:
    times = {"startedAt": instant(-600), "submittedAt": instant(-60)}
    score(timestamp=instant(-5), submission=times)
    assert Result.objects.get().submitted_at is not None
    score(activityProgress="Initialized", gradingProgress="NotReady", scoreGiven=..., scoreMaximum=...)
    result = Result.objects.get()
    assert (result.started_at, result.submitted_at, result.score_given) == (None, None, None)


@numbered("case-125")
def test_a_settled_result_keeps_its_points(tool: CallingTool, item: LineItem, score: Posting) -> None:
    score(timestamp=instant(-5))
    Result.objects.update(state=Result.State.RELEASED)
    assert score(scoreGiven=10).status_code == 200
    assert (results(tool, item)[0]["resultScore"], Score.objects.count()) == (16, 2)


@numbered("case-125 overridden by a grader")
def test_a_graders_points_stand_over_a_newer_score(
    tool: CallingTool, item: LineItem, learner: Person, score: Posting
) -> None:
    word = GraderWord(points=Decimal(5))
    override(item, learner.pk, word=word, grader=pia(), now=datetime.now(UTC))
    assert score(scoreGiven=10).status_code == 200
    assert (results(tool, item)[0]["resultScore"], Score.objects.count()) == (5, 1)


@numbered("case-127 foreign query", "case-127 our own query")
def test_a_query_of_the_line_item_address_stays_behind_the_path(
    tool: CallingTool, item: LineItem, learner: Person, case: str
) -> None:
    binding = "" if "foreign" in case else "3f0c1c9e-0000-4000-8000-000000000001"
    query = f"attempt={binding}" if binding else "type_id=3"
    path = line_item_url(item)
    posted = tool.post(f"{path}/scores?{query}", score_body(learner))
    assert posted.status_code == 200
    assert Result.objects.get().binding == binding
    assert [each["userId"] for each in results(tool, item, f"?{query}")] == [str(learner.pk)]
    assert tool.get(f"{path}?{query}").json()["id"] == line_item_url(item, binding=binding)


@numbered("case-127 a query nobody was given")
def test_an_attempt_we_cannot_have_named_is_unknown(
    tool: CallingTool, item: LineItem, learner: Person
) -> None:
    before = stored()
    for binding in ("a b", "é", "x" * 65):
        url = f"{line_item_url(item)}/scores?attempt={binding}"
        assert_refused(tool.post(url, score_body(learner)), 404, before=before)


@numbered("case-128")
@pytest.mark.parametrize("user_id", ["3f0c1c9e-0000-4000-8000-000000000001", "nobody"])
def test_results_of_nobody_are_none(tool: CallingTool, item: LineItem, score: Posting, user_id: str) -> None:
    score()
    listed = tool.get(f"{line_item_url(item)}/results?user_id={user_id}")
    assert (listed.status_code, listed.json()) == (200, [])


@numbered("case-217")
def test_a_removed_link_takes_no_scores(tool: CallingTool, item: LineItem, score: Posting) -> None:
    tool.link.removed_at = datetime.now(UTC)
    tool.link.save()
    before = stored()
    assert_refused(score(), 404, before=before)
    assert_refused(tool.get(line_item_url(item)), 404)
