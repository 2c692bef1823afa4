"""Attacks on the answer to a deep linking request; ids carry the numbers of the cases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.test import Client

from gradebook.models import LineItem
from lti_platform.launches.models import ContentItem, ContentRequest
from lti_platform.people.models import RoleGrant
from tests.factories import make_deployment
from tests.lti_platform.launches.deep_linking.staging import LEFT_OUT, RETURN, Picking, picking
from tests.recorded import refusals
from tests.tool_keys import ToolKey, tool_key

pytestmark = pytest.mark.django_db
ITEM = {"type": "html", "html": "<p>x</p>"}
STRANGE_KEY = "a-key-of-somebody-else"
Make = Callable[[Picking], str]


@pytest.fixture
def stage() -> Picking:
    """Ada picks something in a tool."""
    return picking()


def refused(answer: Any, stage: Picking, *rules: str, status: int = 400) -> None:
    """page400 that names the rule; nothing stored, and the data as good as before."""
    assert answer.status_code == status
    assert stage.stored_nothing()
    assert refusals() == list(rules)
    assert all(rule in answer.content.decode() for rule in rules)


@pytest.mark.parametrize("method", ["get", "put", "delete"], ids=lambda method: f"case-137 by {method}")
def test_an_answer_is_posted(stage: Picking, method: str) -> None:
    answer = getattr(stage.browser, method)(RETURN, {"JWT": stage.token([ITEM])})
    assert (answer.status_code, stage.stored_nothing()) == (405, True)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="case-137 no JWT"),
        pytest.param({"JWT": ""}, id="case-137 empty JWT"),
        pytest.param({"JWT": ["a.b.c", "d.e.f"]}, id="case-137 two JWTs"),
        pytest.param({"jwt": "a.b.c"}, id="case-137 another name"),
    ],
)
def test_an_answer_without_one_message_is_none(stage: Picking, fields: dict[str, Any]) -> None:
    refused(stage.browser.post(RETURN, fields), stage, "deep_linking_token_missing")


@pytest.mark.parametrize(
    ("token", "rule"),
    [
        pytest.param(lambda s: "not.a.jwt", "jwt_malformed", id="case-138 not a JWT"),
        pytest.param(
            lambda s: f"{s.token([ITEM])[:-342]}{'A' * 342}", "signature_invalid", id="case-138 signature"
        ),
        pytest.param(
            lambda s: s.token([ITEM], key=tool_key(STRANGE_KEY), headers={"kid": "tool-key-1"}),
            "signature_invalid",
            id="case-138 signed by another key",
        ),
        pytest.param(lambda s: s.token([ITEM], key=ToolKey("unknown-kid")), "kid_unknown", id="case-138 kid"),
        pytest.param(
            lambda s: jwt.encode(s.answer([ITEM]), "", algorithm="none"),
            "algorithm_refused",
            id="case-138 none",
        ),
        pytest.param(
            lambda s: jwt.encode(s.answer([ITEM]), "x" * 40, algorithm="HS256"),
            "algorithm_refused",
            id="case-138 HS256",
        ),
        pytest.param(lambda s: s.token([ITEM], iss="nobody"), "client_unknown", id="case-139 iss"),
        pytest.param(lambda s: s.token([ITEM], iss=LEFT_OUT), "client_unknown", id="case-139 no iss"),
        pytest.param(lambda s: s.token([ITEM], aud="https://x.test"), "claim_refused_aud", id="case-139 aud"),
        pytest.param(
            lambda s: s.token([ITEM], aud=[*s.answer()["aud"], "https://x.test"]),
            "claim_refused_aud",
            id="case-139 another aud beside ours",
        ),
        pytest.param(lambda s: s.token([ITEM], exp=1), "claim_refused_exp", id="case-140 exp"),
        pytest.param(
            lambda s: s.token([ITEM], iat=s.answer()["iat"] - 3000),
            "claim_refused_iat",
            id="case-140 iat old",
        ),
        pytest.param(
            lambda s: s.token([ITEM], iat=s.answer()["iat"] + 300),
            "claim_refused_iat",
            id="case-140 iat future",
        ),
        pytest.param(lambda s: s.token([ITEM], nonce=LEFT_OUT), "claim_refused_nonce", id="case-140 nonce"),
    ],
)
def test_a_message_that_is_not_proven_adds_nothing(stage: Picking, token: Make, rule: str) -> None:
    refused(stage.post(token(stage)), stage, rule)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-141 the whole message again")])
def test_a_message_counts_once(stage: Picking, _case: int) -> None:
    token = stage.token([ITEM])
    assert [stage.post(token).status_code for _ in range(2)] == [303, 400]
    stage.press("add")
    assert stage.post(token).status_code == 400
    assert ContentItem.objects.count() == 1
    assert refusals() == ["jwt_replayed", "jwt_replayed"]


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-141 the nonce in another message")])
def test_a_nonce_counts_once(stage: Picking, _case: int) -> None:
    stage.give([ITEM], nonce="n-1")
    other = picking(stage.person)
    other.tool.registration.messages = stage.tool.registration.messages
    again = stage.give([ITEM], nonce="n-1", data=other.settings["data"])
    assert (again.status_code, refusals()) == (400, ["jwt_replayed"])


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        pytest.param("message_type", "LtiResourceLinkRequest", id="case-142 message type"),
        pytest.param("message_type", LEFT_OUT, id="case-142 no message type"),
        pytest.param("version", "1.3", id="case-142 version"),
        pytest.param("version", LEFT_OUT, id="case-142 no version"),
        pytest.param("deployment_id", LEFT_OUT, id="case-143 no deployment"),
        pytest.param("deployment_id", "nowhere", id="case-143 unknown deployment"),
    ],
)
def test_the_claims_of_the_message_are_as_the_standard_has_them(
    stage: Picking, claim: str, value: Any
) -> None:
    answer = stage.give([ITEM], **{claim: value})
    assert (answer.status_code, stage.stored_nothing()) == (400, True)
    assert refusals()[0].endswith(claim)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-143 another deployment of the same tool")])
def test_another_deployment_is_another_tool(stage: Picking, _case: int) -> None:
    other = make_deployment(stage.tool.registration)
    answer = stage.give([ITEM], deployment_id=other.deployment_id)
    refused(answer, stage, "deep_linking_data_of_another_tool")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        pytest.param(lambda data: LEFT_OUT, "deep_linking_data_missing", id="case-144 missing"),
        pytest.param(lambda data: None, "deep_linking_data_missing", id="case-144 null"),
        pytest.param(lambda data: {"a": data}, "deep_linking_data_missing", id="case-144 an object"),
        pytest.param(lambda data: data * 9, "deep_linking_data_missing", id="case-144 far too long"),
        pytest.param(lambda data: data[:-1] + "!", "deep_linking_data_unknown", id="case-144 altered"),
        pytest.param(lambda data: data.upper(), "deep_linking_data_unknown", id="case-144 other case"),
        pytest.param(lambda data: "\ud800\x00", "deep_linking_data_unknown", id="case-144 no text"),
    ],
)
def test_data_comes_back_as_it_was_sent(stage: Picking, data: Callable[[str], Any], rule: str) -> None:
    refused(stage.give([ITEM], data=data(stage.settings["data"])), stage, rule)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-144 another person")])
def test_data_is_for_one_person(stage: Picking, _case: int) -> None:
    other = picking()
    answer = stage.post(stage.token([ITEM]), browser=other.browser)
    refused(answer, stage, "deep_linking_data_of_another_person")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-144 another session of the same person")])
def test_data_is_for_one_session(stage: Picking, _case: int) -> None:
    elsewhere = Client()
    elsewhere.force_login(stage.person)
    answer = stage.post(stage.token([ITEM]), browser=elsewhere)
    refused(answer, stage, "deep_linking_data_of_another_browser")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-144 no session, even on our own page")])
def test_data_is_nobodys_without_a_session(stage: Picking, _case: int) -> None:
    answer = Client().post(RETURN, {"JWT": stage.token([ITEM]), "repost": "1"})
    refused(answer, stage, "deep_linking_nobody_signed_in")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-144 expired")])
def test_data_expires(stage: Picking, _case: int) -> None:
    ContentRequest.objects.update(expires_at=stage.launch.created_at - timedelta(seconds=1))
    refused(stage.give([ITEM]), stage, "deep_linking_data_expired")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-144 reused in a new message")])
def test_data_counts_once(stage: Picking, _case: int) -> None:
    assert [stage.give([ITEM]).status_code for _ in range(2)] == [303, 400]
    assert refusals() == ["deep_linking_data_used"]


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-144 of another tool")])
def test_data_of_another_tool_is_refused(stage: Picking, _case: int) -> None:
    other = picking(stage.person)
    answer = stage.give([ITEM], data=other.settings["data"])
    refused(answer, stage, "deep_linking_data_of_another_tool")
    assert other.stored_nothing()


@pytest.mark.parametrize(
    "items",
    [
        pytest.param(LEFT_OUT, id="case-145 absent"),
        pytest.param([], id="case-145 empty"),
        pytest.param(None, id="case-146 null counts as empty"),
    ],
)
def test_an_empty_answer_changes_nothing(stage: Picking, items: Any) -> None:
    answer = stage.give(items)
    assert answer.status_code == 303
    assert "Nothing was picked." in stage.browser.get(answer.url).content.decode()
    assert stage.request.state == ContentRequest.State.EMPTY
    assert not stage.links().exists()


@pytest.mark.parametrize(
    "items",
    [
        pytest.param({"0": ITEM}, id="case-146 an object"),
        pytest.param("[]", id="case-146 a string"),
        pytest.param(7, id="case-146 a number"),
        pytest.param([ITEM] * 51, id="case-146 a flood"),
    ],
)
def test_what_is_no_list_of_items_is_refused(stage: Picking, items: Any) -> None:
    refused(stage.give(items), stage, "deep_linking_items_malformed")


def of_tool(**members: Any) -> Callable[[Picking], dict[str, Any]]:
    return lambda stage: stage.link(**members)


def a_file(**members: Any) -> Callable[[Picking], dict[str, Any]]:
    return lambda stage: {"type": "file", "url": "https://files.example/a.pdf", **members}


BAD = [
    (lambda s: "text", "item", "not_an_object", "case-147 an item that is a string"),
    (lambda s: {"title": "x"}, "type", "missing", "case-147 no type"),
    (lambda s: {"type": 7}, "type", "not_text", "case-147 a number as type"),
    (lambda s: {"type": "lti"}, "type", "not_accepted", "case-147 unknown type"),
    (lambda s: {"type": "https://v.example/t"}, "type", "not_accepted", "case-147 a vendor's type"),
    (of_tool(url="https://evil.example/"), "url", "outside_domain", "case-150 a foreign domain"),
    (of_tool(url="http://tool.example/"), "url", "not_https", "case-150 plain http"),
    (of_tool(url="javascript:alert(1)"), "url", "not_an_address", "case-150 javascript"),
    (of_tool(url="data:text/html,x"), "url", "not_an_address", "case-150 data"),
    (of_tool(url="/quiz"), "url", "not_an_address", "case-150 relative"),
    (of_tool(url=f"https://a.example/{'x' * 1000}"), "url", "too_long", "case-150 too long"),
    (lambda s: {"type": "link", "url": "javascript:alert(1)"}, "url", "not_an_address", "case-150 a link"),
    (lambda s: {"type": "image", "url": "http://i.example/"}, "url", "not_https", "case-150 a picture"),
    (of_tool(icon={"url": "javascript:x"}), "icon.url", "not_an_address", "case-150 an icon"),
    (of_tool(custom={"n": 3}), "custom.n", "not_text", "case-151 a number"),
    (of_tool(custom={"n": None}), "custom.n", "not_text", "case-151 null"),
    (of_tool(custom={"n": {"a": "b"}}), "custom.n", "not_text", "case-151 an object"),
    (of_tool(custom=["n"]), "custom", "not_an_object", "case-151 a list"),
    (of_tool(lineItem={}), "lineItem.scoreMaximum", "missing", "case-152 nothing in it"),
    (of_tool(lineItem={"label": "x"}), "lineItem.scoreMaximum", "missing", "case-152 no maximum"),
    (of_tool(lineItem={"scoreMaximum": 0}), "lineItem.scoreMaximum", "not_a_number", "case-152 zero"),
    (of_tool(lineItem={"scoreMaximum": -1}), "lineItem.scoreMaximum", "not_a_number", "case-152 below zero"),
    (of_tool(lineItem={"scoreMaximum": "9"}), "lineItem.scoreMaximum", "not_a_number", "case-152 text"),
    (of_tool(lineItem={"scoreMaximum": True}), "lineItem.scoreMaximum", "not_a_number", "case-152 true"),
    (
        lambda s: {"type": "html", "html": "<script>x</script>"},
        "html",
        "nothing_left",
        "case-154 only a script",
    ),
    (a_file(url="https://10.0.0.7/a"), "url", "not_public", "case-155 an internal address"),
    (a_file(url="https://169.254.169.254/a"), "url", "not_public", "case-155 metadata of a cloud"),
    (a_file(url="https://[::1]/a"), "url", "not_public", "case-155 ourselves"),
    (a_file(url="https://localhost/a"), "url", "not_public", "case-155 localhost"),
    (a_file(url=f"https://f.example/{'x' * 2000}"), "url", "too_long", "case-155 a huge address"),
    (a_file(mediaType="application/x-msdownload"), "mediaType", "not_accepted", "case-155 media type"),
    (a_file(expiresAt="2020-01-01T00:00:00Z"), "expiresAt", "time_passed", "case-155 over"),
    (a_file(expiresAt="tomorrow"), "expiresAt", "not_a_time", "case-155 no time"),
    (a_file(expiresAt="2099-01-01T00:00:00"), "expiresAt", "not_a_time", "case-155 no zone"),
    (
        of_tool(available={"startDateTime": "9999-12-31T23:59:59Z"}),
        "available.startDateTime",
        "not_a_time",
        "case-155 after any calendar",
    ),
    (
        of_tool(available={"endDateTime": "0001-01-01T00:00:00Z"}),
        "available.endDateTime",
        "not_a_time",
        "case-155 before any calendar",
    ),
]


@pytest.mark.parametrize(
    ("bad", "member", "rule"), [pytest.param(*words[:3], id=words[3]) for words in BAD]
)  # fmt: skip
def test_one_bad_item_refuses_all_and_is_named(
    stage: Picking, bad: Callable[[Picking], Any], member: str, rule: str
) -> None:
    answer = stage.give([stage.link(title="A good one"), bad(stage)])
    refused(answer, stage, "deep_linking_items_refused")
    assert f"<code>{member}</code>" in answer.content.decode()
    assert [(one.position, one.member, one.rule) for one in answer.context["problems"]] == [(2, member, rule)]


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-148 two where one was asked for")])
def test_several_items_are_refused_where_one_was_asked_for(stage: Picking, _case: int) -> None:
    asked = stage.request
    asked.settings["accept_multiple"] = False
    asked.save()
    refused(stage.give([stage.link(), stage.link()]), stage, "deep_linking_several_items")


@pytest.mark.parametrize(
    "url", [pytest.param(LEFT_OUT, id="case-149 no url"), pytest.param(None, id="case-149 null")]
)
def test_a_link_without_an_address_opens_the_tools_own(stage: Picking, url: Any) -> None:
    stage.give([stage.link(url=url)])
    stage.press("add")
    assert stage.links().get().target_link_uri == ""


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-153 a line item nobody asked for")])
def test_a_line_item_that_is_not_wanted_is_left_out(stage: Picking, _case: int) -> None:
    asked = stage.request
    asked.settings["accept_lineitem"] = False
    asked.save()
    stage.give([stage.link(lineItem={"scoreMaximum": 9})])
    stage.press("add")
    assert (stage.links().count(), LineItem.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param("<script>alert(1)</script>", id="case-154 script"),
        pytest.param("<img src=x onerror=alert(1)>", id="case-154 onerror"),
        pytest.param("<a href='javascript:alert(1)'>x</a>", id="case-154 javascript"),
        pytest.param("<svg onload=alert(1)><style>@import 'x'</style></svg>", id="case-154 svg"),
        pytest.param("<form action=//evil><input name=password></form>", id="case-154 form"),
        pytest.param("<iframe srcdoc='<script>alert(1)</script>'></iframe>", id="case-154 frame"),
        pytest.param("<p style='position:fixed' class='button' id='x'>x</p>", id="case-154 dress"),
    ],
)
@pytest.mark.parametrize("kind", ["html", "embed"])
def test_html_is_cleaned(stage: Picking, attack: str, kind: str) -> None:
    html = f"<p>Kept</p>{attack}"
    link = {"type": "link", "url": "https://pages.example/", "embed": {"html": html}}
    stage.give([{"type": "html", "html": html} if kind == "html" else link])
    stage.press("add")
    kept = ContentItem.objects.get().html
    assert "<p>Kept</p>" in kept
    for danger in ("script", "onerror", "onload", "javascript", "iframe", "form", "style", "class", "svg"):
        assert danger not in kept


@pytest.mark.parametrize(
    "address",
    [
        "/attempts/1/exam",
        "//tracker.example/x.png",
        "accounts/logout/",
        "?sign=out",
        "http://plain.example/x",
    ],
)
def test_html_asks_for_no_address_of_ours_in_the_readers_name(stage: Picking, address: str) -> None:
    html = f'<p>Kept <img src="{address}"> <a href="{address}">here</a> <img src="https://pictures.example/x.png"></p>'
    stage.give([{"type": "html", "html": html}])
    stage.press("add")
    kept = ContentItem.objects.get().html
    assert address not in kept
    assert 'src="https://pictures.example/x.png"' in kept


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-156 an error and no items")])
def test_the_tools_error_is_shown_escaped(stage: Picking, _case: int) -> None:
    answer = stage.give(LEFT_OUT, errormsg="<img src=x onerror=alert(1)>")
    page = stage.browser.get(answer.url).content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert not ContentItem.objects.exists()


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-157 azp is the client_id")])
def test_azp_may_be_the_tool(stage: Picking, _case: int) -> None:
    assert stage.give([ITEM], azp=stage.tool.registration.client_id).status_code == 303
    assert stage.request.state == ContentRequest.State.WAITING


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-158 the role is gone")])
def test_who_lost_the_right_to_change_the_course_adds_nothing(stage: Picking, _case: int) -> None:
    RoleGrant.objects.all().delete()
    refused(stage.give([ITEM]), stage, "deep_linking_rights_lost", status=403)
