"""Attacks and edge cases on line items; scores are beside, in test_ags_scores."""

import pytest

from gradebook.addresses import line_item_url, line_items_url
from gradebook.models import LineItem
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from lti_platform.tools.scopes import LINEITEM, LINEITEM_READONLY, RESULT_READONLY, SCORE
from tests.attacks.grading import QUIZ, Body, Posting, assert_refused, numbered, stored, without_gaps
from tests.calling import CallingTool, make_tool, next_url
from tests.factories import make_context, make_link
from tests.gradebook.submitting import results, score_body

pytestmark = pytest.mark.django_db

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
    pytest.param({"startDateTime": "9999-12-31T23:59:59Z"}, id="case-090 after any zone's calendar"),
    pytest.param({"endDateTime": "0001-01-01T00:00:00Z"}, id="case-090 over before any zone's calendar"),
    pytest.param({"startDateTime": "0001-01-01T00:00:00Z"}, id="case-090 before any zone's calendar"),
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
    assert_refused(tool.put(line_item_url(item), without_gaps({**QUIZ, **changes})), 400)
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
