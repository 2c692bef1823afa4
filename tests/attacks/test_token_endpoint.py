"""Section C of the negative cases: the token endpoint (LTI Security Framework 4.1, RFC 6749, RFC 7523)."""

import json
from typing import Any

import pytest
from django.test import Client

from lti_platform.journal.models import Entry
from lti_platform.tools import scopes
from lti_platform.tools.models import Registration
from tests.attacks.asking_for_tokens import (
    FORM,
    URL,
    TokenSeeker,
    assert_refused,
    post_bytes,
    post_form,
    seeker,
)
from tests.factories import make_registration

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lti_platform.tools.urls")]
HOUR = 3600


@pytest.fixture
def tool() -> TokenSeeker:
    return seeker(make_registration())


def test_a_good_assertion_gets_a_token(tool: TokenSeeker) -> None:
    answer = tool.ask()
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json;charset=UTF-8"
    assert (answer["Cache-Control"], answer["Pragma"]) == ("no-store", "no-cache")
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("bearer", HOUR, scopes.SCORE)
    assert Entry.objects.get().fact_type == "tools.token_issued"
    assert Entry.objects.get().actor_id == tool.registration.client_id


@pytest.mark.parametrize(
    "method",
    [pytest.param(name, id=f"case-045 {name}") for name in ("get", "put", "delete", "patch", "options")],
)
def test_only_post_is_answered(method: str) -> None:
    answer = getattr(Client(), method)(URL)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param("application/json", id="case-046 JSON"),
        pytest.param("multipart/form-data; boundary=x", id="case-046 multipart"),
        pytest.param("", id="case-046 no content type"),
    ],
)
def test_a_body_that_is_no_form_is_refused(tool: TokenSeeker, content_type: str) -> None:
    body = json.dumps(tool.fields()).encode()
    assert_refused(post_bytes(body, content_type=content_type), "invalid_request")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"grant_type": None}, "invalid_request", id="case-047 grant type missing"),
        pytest.param({"grant_type": "authorization_code"}, "unsupported_grant_type", id="case-047 code"),
        pytest.param({"grant_type": "password"}, "unsupported_grant_type", id="case-047 password"),
        pytest.param({"client_assertion_type": None}, "invalid_request", id="case-048 type missing"),
        pytest.param({"client_assertion_type": "urn:x"}, "invalid_request", id="case-048 wrong type"),
        pytest.param({"client_assertion": None}, "invalid_request", id="case-049 missing"),
        pytest.param({"client_assertion": "only.two"}, "invalid_client", id="case-049 two segments"),
        pytest.param({"client_assertion": "a.b.c.d"}, "invalid_client", id="case-049 four segments"),
        pytest.param({"client_assertion": "!.!.!"}, "invalid_client", id="case-049 not base64"),
        pytest.param({"client_assertion": "bm9wZQ.bm9wZQ.bm9wZQ"}, "invalid_client", id="case-049 not JSON"),
        pytest.param({"client_assertion": "é.é.é"}, "invalid_client", id="case-049 not ASCII"),
        pytest.param({"scope": None}, "invalid_request", id="case-068 scope missing"),
        pytest.param({"scope": "  "}, "invalid_request", id="case-068 scope blank"),
        pytest.param({"scope": "openid"}, "invalid_scope", id="case-069 unknown scope"),
        pytest.param({"scope": scopes.SCORE.upper()}, "invalid_scope", id="case-069 other letters"),
    ],
)
def test_a_spoiled_field_is_refused(tool: TokenSeeker, changes: dict[str, Any], error: str) -> None:
    assert_refused(tool.ask(**changes), error)


def test_a_repeated_field_is_refused(tool: TokenSeeker) -> None:
    pairs = [*tool.fields().items(), ("scope", scopes.LINEITEM)]
    assert_refused(post_form(pairs), "invalid_request")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-069 not granted")])
def test_a_scope_that_was_not_granted_is_refused(_case: int) -> None:
    modest = seeker(make_registration(scopes=[scopes.LINEITEM]))
    assert_refused(modest.ask(scope=scopes.SCORE), "invalid_scope")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-070 mixed")])
def test_of_mixed_scopes_the_granted_ones_come(_case: int) -> None:
    modest = seeker(make_registration(scopes=[scopes.LINEITEM]))
    answer = modest.ask(scope=f"{scopes.SCORE} {scopes.LINEITEM} openid {scopes.LINEITEM}")
    assert (answer.status_code, answer.json()["scope"]) == (200, scopes.LINEITEM)


@pytest.mark.parametrize(
    "scope",
    [
        pytest.param(scope, id=f"case-071 {scope.rpartition('/')[2]}")
        for scope in (scopes.LINEITEM, scopes.SCORE, scopes.RESULT_READONLY)
    ],
)
def test_one_scope_asked_is_one_scope_given(tool: TokenSeeker, scope: str) -> None:
    assert tool.ask(scope=scope).json()["scope"] == scope


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-073 suspended")])
def test_a_disabled_tool_gets_no_token(_case: int, tool: TokenSeeker) -> None:
    Registration.objects.filter(pk=tool.registration.pk).update(is_enabled=False)
    assert_refused(tool.ask(), "invalid_client")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-074 client secret")])
def test_a_client_secret_is_refused(_case: int, tool: TokenSeeker) -> None:
    answer = post_form(tool.fields(), HTTP_AUTHORIZATION="Basic Y2xpZW50OnNlY3JldA==")
    assert_refused(answer, "invalid_client")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"scope=" + b"a" * 100_000, 413, id="case-075 100 kB"),
        pytest.param(b"scope=" + b"a" * 300_000, 413, id="case-075 300 kB"),
        pytest.param(b"&".join(b"f%d=1" % number for number in range(500)), 400, id="case-075 500 fields"),
        pytest.param(b"scope=%ff%fe&grant_type=%ed%a0%80", 400, id="case-075 not UTF-8"),
    ],
)
def test_a_body_that_is_too_much_is_refused(body: bytes, status: int) -> None:
    assert_refused(post_bytes(body), "invalid_request", status=status)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-075 1000 scopes")])
def test_a_thousand_scopes_are_refused(_case: int, tool: TokenSeeker) -> None:
    assert_refused(tool.ask(scope=" ".join(f"s{number}" for number in range(1000))), "invalid_request")


def test_the_form_may_name_its_character_set(tool: TokenSeeker) -> None:
    answer = post_form(tool.fields(), content_type=f"{FORM}; charset=utf-8")
    assert answer.status_code == 200
