"""Attacks and edge cases on line items, scores and results."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from gradebook.addresses import line_item_url, line_items_url
from gradebook.line_items import create_coupled
from gradebook.models import LineItem, Result, Score
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from lti_platform.tools.scopes import LINEITEM, LINEITEM_READONLY, RESULT_READONLY, SCORE
from tests.calling import CallingTool, make_tool, next_url
from tests.factories import lena, make_context, make_link, make_membership, mallory, pia
from tests.gradebook.submitting import score_body
from tests.together import together

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db
Body = dict[str, Any]
Posting = Callable[..., "Answer"]
QUIZ: Body = {"label": "Quiz 3", "scoreMaximum": 20, "resourceId": "Quiz-3", "tag": "Grade"}


@pytest.fixture(autouse=True)
def case(request: pytest.FixtureRequest) -> str:
    """The number of the case, for the test's id."""
    return str(getattr(request, "param", ""))


def numbered(*cases: str) -> pytest.MarkDecorator:
    """Puts the numbers of the cases it shows into the test's id."""
    return pytest.mark.parametrize("case", cases, indirect=True)


@pytest.fixture
def tool() -> CallingTool:
    return make_tool()


@pytest.fixture
def item(tool: CallingTool) -> LineItem:
    return create_coupled(tool.link, label="Exam", score_maximum=Decimal(20), holds_results=False)


@pytest.fixture
def learner(tool: CallingTool) -> Person:
    person = lena()
    make_membership(person, tool.context)
    return person


@pytest.fixture
def create(tool: CallingTool) -> Posting:
    def created(**changes: Any) -> "Answer":
        body = {name: value for name, value in {**QUIZ, **changes}.items() if value is not ...}
        return tool.post(line_items_url(tool.context.pk), body)

    return created


@pytest.fixture
def score(tool: CallingTool, item: LineItem, learner: Person) -> Posting:
    """Posts a score for Lena; a change to `...` leaves the member out."""

    def posted(**changes: Any) -> "Answer":
        said = {**score_body(learner), **changes}
        body = {name: value for name, value in said.items() if value is not ...}
        return tool.post(f"{line_item_url(item)}/scores", body)

    return posted


def results(tool: CallingTool, item: LineItem, query: str = "") -> list[Body]:
    return list(tool.get(f"{line_item_url(item)}/results{query}").json())


def stored() -> tuple[int, ...]:
    """How much there is of everything that a refusal must leave alone."""
    facts = Entry.objects.exclude(fact_type="security.refused").count()
    return LineItem.objects.count(), Score.objects.count(), Result.objects.count(), facts


def assert_refused(response: "Answer", status: int, *, before: tuple[int, ...] | None = None) -> None:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"]
    assert Entry.objects.filter(fact_type="security.refused").exists()
    if before:
        assert stored() == before


def instant(offset_seconds: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=offset_seconds)).isoformat()


# --- line items ----------------------------------------------------------------------------------
MALFORMED_ITEMS = [
    pytest.param({"label": ...}, id="case-086 no label"),
    pytest.param({"label": "  \t"}, id="case-086 blank label"),
    pytest.param({"label": None}, id="case-086 null label"),
    pytest.param({"label": 3}, id="case-086 label is a number"),
    pytest.param({"scoreMaximum": ...}, id="case-087 no maximum"),
    pytest.param({"scoreMaximum": 0}, id="case-087 zero"),
    pytest.param({"scoreMaximum": -1}, id="case-087 negative"),
    pytest.param({"scoreMaximum": "20"}, id="case-087 a string"),
    pytest.param({"scoreMaximum": None}, id="case-087 null"),
    pytest.param({"scoreMaximum": True}, id="case-087 a boolean"),
    pytest.param({"scoreMaximum": 10**400}, id="case-087 absurdly large"),
    pytest.param({"resourceId": "r" * 257}, id="case-089 long resourceId"),
    pytest.param({"tag": "t" * 257}, id="case-089 long tag"),
    pytest.param({"startDateTime": "2026-11-01T08:00:00"}, id="case-090 no zone"),
    pytest.param({"endDateTime": "next week"}, id="case-090 no date"),
    pytest.param(
        {"startDateTime": "2026-11-02T08:00:00Z", "endDateTime": "2026-11-01T08:00:00Z"},
        id="case-090 ends before it starts",
    ),
]


@pytest.mark.parametrize("changes", MALFORMED_ITEMS)
def test_a_malformed_line_item_is_refused(create: Posting, changes: Body) -> None:
    before = stored()
    assert_refused(create(**changes), 400, before=before)


@pytest.mark.parametrize("changes", MALFORMED_ITEMS)
def test_a_malformed_replacement_is_refused(tool: CallingTool, item: LineItem, changes: Body) -> None:
    body = {name: value for name, value in {**QUIZ, **changes}.items() if value is not ...}
    assert_refused(tool.put(line_item_url(item), body), 400)
    assert LineItem.objects.get().label == "Exam"


@numbered("case-088")
def test_a_line_item_is_for_a_link_of_the_tool_in_this_course(tool: CallingTool, create: Posting) -> None:
    elsewhere = make_link(make_context(label="B"), tool.deployment)
    strangers = make_tool(tool.context).link
    before = stored()
    for link_id in ("nothing", "3f0c1c9e-0000-4000-8000-000000000001", str(elsewhere.pk), str(strangers.pk)):
        assert_refused(create(resourceLinkId=link_id), 404, before=before)
    assert create(resourceLinkId=str(tool.link.pk)).json()["resourceLinkId"] == str(tool.link.pk)


@numbered("case-091")
def test_the_same_resource_and_tag_may_come_twice(create: Posting) -> None:
    first, second = create(), create()
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


@numbered("case-092")
def test_the_platform_names_the_line_item(tool: CallingTool, create: Posting) -> None:
    made = create(id="https://attacker.example/lineitem")
    assert made.json()["id"] == line_item_url(LineItem.objects.get()) == made["Location"]
    assert tool.get(made.json()["id"]).json() == made.json()


@numbered("case-093")
def test_extensions_are_ignored(create: Posting) -> None:
    made = create(**{"https://canvas.instructure.com/lti/submission_type": {"type": "none"}})
    assert made.status_code == 201
    assert made["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json"


@numbered("case-094")
@pytest.mark.parametrize("query", ["?tag=none", "?resource_id=none", "?resource_link_id=none"])
def test_a_filter_that_matches_nothing_lists_nothing(tool: CallingTool, create: Posting, query: str) -> None:
    create()
    listed = tool.get(line_items_url(tool.context.pk) + query)
    assert (listed.status_code, listed.json()) == (200, [])
    assert listed["Content-Type"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"


@numbered("case-095")
def test_filters_combine(tool: CallingTool, create: Posting) -> None:
    link = str(tool.link.pk)
    both = create(resourceLinkId=link, resourceId="A").json()
    create(resourceLinkId=link, resourceId="B")
    create(resourceId="A")
    url = line_items_url(tool.context.pk)
    assert tool.get(f"{url}?resource_link_id={link}&resource_id=A").json() == [both]
    assert len(tool.get(f"{url}?resource_id=A").json()) == 2


@pytest.mark.parametrize(
    "limit",
    [
        pytest.param("0", id="case-096 zero"),
        pytest.param("-1", id="case-096 negative"),
        pytest.param("abc", id="case-096 no number"),
        pytest.param("1" * 40, id="case-096 absurdly large"),
    ],
)
def test_a_limit_is_a_whole_number_from_one(tool: CallingTool, item: LineItem, limit: str) -> None:
    assert_refused(tool.get(f"{line_items_url(tool.context.pk)}?limit={limit}"), 400)
    assert_refused(tool.get(f"{line_item_url(item)}/results?limit={limit}"), 400)


@numbered("case-097")
def test_pages_carry_their_filters_to_the_end(tool: CallingTool, create: Posting) -> None:
    wanted = {create(tag="Final").json()["id"] for _each in range(3)}
    create(tag="final")
    seen, pages, url = [], 0, f"{line_items_url(tool.context.pk)}?limit=1&tag=Final"
    while url:
        response = tool.get(url)
        seen += [each["id"] for each in response.json()]
        # pylti1p3 lower-cases the whole header
        pages, url = pages + 1, next_url(response).lower()
        assert not url or "tag=final" in url
    assert (pages, len(seen), set(seen)) == (3, 3, wanted)


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("nonsense", id="case-098 nonsense"),
        pytest.param("Ä", id="case-098 not even ASCII"),
        pytest.param("a" * 5000, id="case-098 too long"),
    ],
)
def test_a_foreign_cursor_is_refused(tool: CallingTool, cursor: str) -> None:
    assert_refused(tool.get(f"{line_items_url(tool.context.pk)}?cursor={cursor}"), 400)


@numbered("case-098 one character changed")
def test_a_tampered_cursor_is_refused(tool: CallingTool, create: Posting) -> None:
    create()
    create()
    url = next_url(tool.get(f"{line_items_url(tool.context.pk)}?limit=1"))
    base, cursor = url.split("cursor=")
    changed = ("b" if cursor[0] == "a" else "a") + cursor[1:]
    assert_refused(tool.get(f"{base}cursor={changed}"), 400)


@numbered("case-099")
def test_a_replacement_changes_neither_id_nor_link(tool: CallingTool, item: LineItem) -> None:
    other = make_link(tool.context, tool.deployment)
    body = {**QUIZ, "id": "https://attacker.example/1", "resourceLinkId": str(other.pk)}
    replaced = tool.put(line_item_url(item), body)
    assert replaced.status_code == 200
    assert replaced.json()["id"] == line_item_url(item)
    assert replaced.json()["resourceLinkId"] == str(tool.link.pk)
    assert LineItem.objects.get().resource_link == tool.link


@numbered("case-100")
def test_what_a_replacement_leaves_out_is_cleared(tool: CallingTool, create: Posting) -> None:
    url = create(endDateTime="2026-12-01T22:59:59Z").json()["id"]
    body = tool.put(url, {"label": "Quiz 3b", "scoreMaximum": 20}).json()
    assert "tag" not in body
    assert "resourceId" not in body
    assert (body["label"], body["endDateTime"]) == ("Quiz 3b", None)
    assert tool.get(url).json() == body


@numbered("case-101")
def test_a_new_maximum_rescales_the_results(tool: CallingTool, item: LineItem, score: Posting) -> None:
    score(scoreGiven=7, scoreMaximum=10)
    assert results(tool, item)[0]["resultScore"] == 14
    assert tool.put(line_item_url(item), {**QUIZ, "scoreMaximum": 50}).json()["scoreMaximum"] == 50
    (result,) = results(tool, item)
    assert (result["resultScore"], result["resultMaximum"]) == (35, 50)


@numbered("case-102")
def test_a_deleted_item_is_gone_for_every_method(tool: CallingTool, create: Posting, learner: Person) -> None:
    url = create().json()["id"]
    assert tool.call("DELETE", url).status_code == 204
    before = stored()
    assert_refused(tool.get(url), 404, before=before)
    assert_refused(tool.put(url, QUIZ), 404, before=before)
    assert_refused(tool.post(f"{url}/scores", score_body(learner)), 404, before=before)
    assert_refused(tool.get(f"{url}/results"), 404, before=before)
    assert tool.get(line_items_url(tool.context.pk)).json() == []


@numbered("case-103")
def test_the_platforms_own_item_is_not_deleted(tool: CallingTool, item: LineItem) -> None:
    before = stored()
    assert_refused(tool.call("DELETE", line_item_url(item)), 403, before=before)
    assert tool.get(line_item_url(item)).status_code == 200


@numbered("case-104")
def test_an_item_is_deleted_once(tool: CallingTool, create: Posting) -> None:
    url = create().json()["id"]
    assert [tool.call("DELETE", url).status_code for _time in range(2)] == [204, 404]
    assert Entry.objects.filter(fact_type="gradebook.line_item_deleted").count() == 1


@numbered("case-080", "case-081")
def test_a_tool_reaches_only_its_own_items(
    tool: CallingTool, item: LineItem, learner: Person, case: str
) -> None:
    mallorys = make_tool(tool.context if case == "case-080" else None)
    url = line_item_url(item)
    before = stored()
    assert_refused(mallorys.get(url), 404, before=before)
    assert_refused(mallorys.put(url, QUIZ), 404, before=before)
    assert_refused(mallorys.call("DELETE", url), 404, before=before)
    assert_refused(mallorys.post(f"{url}/scores", score_body(learner)), 404, before=before)
    assert_refused(mallorys.get(f"{url}/results"), 404, before=before)
    if case == "case-081":
        assert_refused(mallorys.get(line_items_url(tool.context.pk)), 404)
        assert_refused(mallorys.post(line_items_url(tool.context.pk), QUIZ), 404, before=before)


@numbered("case-081 token of another deployment")
def test_a_token_for_one_deployment_opens_no_other(tool: CallingTool, item: LineItem) -> None:
    other = make_tool()
    other.deployment.registration = tool.deployment.registration
    other.deployment.save()
    assert other.get(line_item_url(item)).status_code == 200
    other.is_bound = True
    assert_refused(other.get(line_item_url(item)), 404)


@pytest.mark.parametrize(
    ("method", "path", "scopes"),
    [
        pytest.param(
            "POST", "lineitems", [SCORE, LINEITEM_READONLY], id="case-078 create with a score token"
        ),
        pytest.param("GET", "lineitems", [SCORE, RESULT_READONLY], id="case-078 list with a score token"),
        pytest.param("PUT", "lineitem", [LINEITEM_READONLY], id="case-078 replace with a read-only token"),
        pytest.param("DELETE", "lineitem", [LINEITEM_READONLY], id="case-078 delete with a read-only token"),
        pytest.param("POST", "scores", [LINEITEM, RESULT_READONLY], id="case-078 score with an item token"),
        pytest.param("GET", "results", [LINEITEM, SCORE], id="case-078 results with a score token"),
    ],
)
def test_each_method_asks_for_its_own_scope(
    tool: CallingTool, item: LineItem, learner: Person, method: str, path: str, scopes: list[str]
) -> None:
    url = line_item_url(item)
    urls = {"lineitems": line_items_url(tool.context.pk), "lineitem": url}
    tool.scopes = scopes
    before = stored()
    refused = tool.call(method, urls.get(path, f"{url}/{path}"), QUIZ if method != "GET" else None)
    assert_refused(refused, 403, before=before)
    assert 'error="insufficient_scope"' in refused["WWW-Authenticate"]


@numbered("case-079")
def test_a_token_is_good_in_every_course_of_the_tool(tool: CallingTool, item: LineItem) -> None:
    elsewhere = make_context(label="B")
    make_link(elsewhere, tool.deployment)
    for context in (tool.context, elsewhere):
        assert tool.get(line_items_url(context.pk)).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Accept": "text/html"}, 406, id="case-083"),
        pytest.param({"content_type": "text/plain"}, 415, id="case-084"),
        pytest.param(
            {"content_type": "application/vnd.ims.lis.v1.score+json; charset=utf-8"}, 200, id="case-084 ours"
        ),
    ],
)
def test_scores_have_their_media_type(
    tool: CallingTool, item: LineItem, learner: Person, headers: dict[str, str], status: int
) -> None:
    posted = tool.post(f"{line_item_url(item)}/scores", score_body(learner), **headers)
    assert posted.status_code == status


# --- scores --------------------------------------------------------------------------------------
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
        pytest.param({"timestamp": instant(360)}, id="case-116 six minutes ahead"),
        pytest.param({"timestamp": "9999-12-31T23:59:59-12:00"}, id="case-116 beyond the calendar"),
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
    assert Result.objects.get(is_current=True).binding == "attempt-1"


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
