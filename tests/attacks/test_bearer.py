"""Section D of the negative cases: bearer tokens and the manners every service shares (RFC 6750)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from keys.signing import Purpose, sign_jwt
from lti_platform.journal.models import Entry
from lti_platform.tools import scopes, tokens
from lti_platform.tools.enabling import disable, enable
from lti_platform.tools.models import Deployment, Registration
from tests.attacks.asking_for_tokens import Answer, TokenSeeker, seeker
from tests.factories import make_deployment, make_registration
from tests.lti_platform.tools.urls import MEDIA_TYPE
from tests.recorded import refusals

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lti_platform.tools.urls")]

URL = "/sample"
DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"


@pytest.fixture
def tool() -> TokenSeeker:
    return seeker(make_registration())


def call(authorization: str | None, method: str = "GET", **options: Any) -> Answer:
    """The sample service's answer."""
    if authorization is not None:
        options["HTTP_AUTHORIZATION"] = authorization
    answer: Answer = Client(enforce_csrf_checks=True).generic(method, options.pop("url", URL), **options)
    return answer


def test_a_good_token_opens_the_service(tool: TokenSeeker) -> None:
    answer = call(tool.bearer())
    assert answer.status_code == 200
    assert answer.json()["client"] == tool.registration.client_id


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param(None, id="case-076 no header"),
        pytest.param("", id="case-076 empty"),
        pytest.param("Basic Y2xpZW50OnNlY3JldA==", id="case-076 Basic"),
        pytest.param("Token abc", id="case-076 other scheme"),
    ],
)
def test_without_a_token_nothing_opens(authorization: str | None) -> None:
    answer = call(authorization)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="lti"')
    assert answer["Content-Type"] == "application/problem+json"


def _expired(tool: TokenSeeker) -> str:
    earlier = datetime.now(UTC) - timedelta(hours=1, seconds=1)
    names = {"scopes": [scopes.LINEITEM], "deployment": None, "token_id": "x"}
    return tokens.issue(tool.registration, now=earlier, **names).token  # type: ignore[arg-type]


def _id_token(tool: TokenSeeker) -> str:
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": django_settings.PLATFORM_URL,
        "aud": django_settings.PLATFORM_URL,
        "exp": now + 300,
        "iat": now,
        "scope": scopes.LINEITEM,
        "registration": str(tool.registration.id),
    }
    return sign_jwt(claims, purpose=Purpose.ID_TOKEN)


def _assertion(tool: TokenSeeker) -> str:
    return tool.key.sign(tool.claims())


def _self_made(tool: TokenSeeker) -> str:
    genuine = tool.bearer().removeprefix("Bearer ")
    return ".".join([*tool.key.sign({"scope": scopes.LINEITEM}).split(".")[:2], genuine.split(".")[2]])


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda _tool: "random", id="case-077 random"),
        pytest.param(lambda _tool: "a.b.c", id="case-077 three parts"),
        pytest.param(lambda _tool: "", id="case-077 empty"),
        pytest.param(lambda tool: f"{tool.bearer()[7:]}, Bearer x", id="case-077 two tokens"),
        pytest.param(_expired, id="case-077 expired"),
        pytest.param(_id_token, id="case-077 id_token"),
        pytest.param(_assertion, id="case-077 client assertion"),
        pytest.param(_self_made, id="case-077 signature of another token"),
    ],
)
def test_what_is_no_access_token_opens_nothing(tool: TokenSeeker, make: Any) -> None:
    answer = call(f"Bearer {make(tool)}")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]
    assert refusals() == ["invalid_token"]


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-073 tokens of a disabled tool")])
def test_the_tokens_of_a_disabled_tool_stop_working_for_good(_case: int, tool: TokenSeeker) -> None:
    held = tool.bearer()
    assert call(held).status_code == 200
    disable(tool.registration, now=datetime.now(UTC))
    assert call(held).status_code == 401
    enable(tool.registration, now=datetime.now(UTC))
    assert call(held).status_code == 401


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-077 revoked with its deployment")])
def test_the_tokens_of_a_disabled_deployment_stop_working(_case: int, tool: TokenSeeker) -> None:
    deployment = make_deployment(tool.registration)
    held = tool.bearer(**{DEPLOYMENT: deployment.deployment_id})
    assert call(held).json()["deployment"] == str(deployment.id)
    Deployment.objects.filter(pk=deployment.pk).update(is_enabled=False)
    assert call(held).status_code == 401


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-077 scope withdrawn")])
def test_a_withdrawn_scope_is_gone_from_tokens_already_issued(_case: int, tool: TokenSeeker) -> None:
    held = tool.bearer()
    Registration.objects.filter(pk=tool.registration.pk).update(scopes=[scopes.SCORE])
    assert call(held).status_code == 403


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        pytest.param("GET", scopes.SCORE, id="case-078 score token reads line items"),
        pytest.param("POST", scopes.SCORE, id="case-078 score token on POST"),
        pytest.param("PUT", scopes.LINEITEM_READONLY, id="case-078 read-only token on PUT"),
    ],
)
def test_a_token_without_the_scope_is_refused(tool: TokenSeeker, method: str, scope: str) -> None:
    answer = call(tool.bearer(scope), method, data="{}", content_type=MEDIA_TYPE)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]
    assert scopes.LINEITEM in answer["WWW-Authenticate"]
    assert refusals() == ["insufficient_scope"]


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-082 token in the query")])
def test_a_token_in_the_address_is_not_read(_case: int, tool: TokenSeeker) -> None:
    held = tool.bearer().removeprefix("Bearer ")
    assert call(None, url=f"{URL}?access_token={held}").status_code == 401


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        pytest.param("text/html", 406, id="case-083 HTML only"),
        pytest.param("application/json;q=0", 406, id="case-083 JSON refused"),
        pytest.param("text/html, */*;q=0.1", 200, id="case-083 anything at last"),
        pytest.param("application/json; charset=utf-8", 200, id="case-083 plain JSON"),
        pytest.param(MEDIA_TYPE.upper(), 200, id="case-083 capitals"),
        pytest.param("", 200, id="case-083 nothing said"),
    ],
)
def test_only_what_we_send_can_be_accepted(tool: TokenSeeker, accept: str, status: int) -> None:
    assert call(tool.bearer(), HTTP_ACCEPT=accept).status_code == status


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        pytest.param("text/plain", 415, id="case-084 text"),
        pytest.param("application/x-www-form-urlencoded", 415, id="case-084 form"),
        pytest.param("", 415, id="case-084 none"),
        pytest.param("application/json; charset=utf-8", 200, id="case-084 plain JSON"),
        pytest.param(f"{MEDIA_TYPE}; charset=utf-8", 200, id="case-084 with parameter"),
    ],
)
def test_only_what_we_read_can_be_sent(tool: TokenSeeker, content_type: str, status: int) -> None:
    assert call(tool.bearer(), "POST", data="{}", content_type=content_type).status_code == status


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b" ", id="case-085 blank"),
        pytest.param(b"{", id="case-085 broken"),
        pytest.param(b"[{}]", id="case-085 array"),
        pytest.param(b'"text"', id="case-085 text"),
        pytest.param(b'{"a": 1, "a": 2}', id="case-085 repeated name"),
        pytest.param(b'{"a": NaN}', id="case-085 NaN"),
        pytest.param(b'{"a": -Infinity}', id="case-085 Infinity"),
        pytest.param(b'{"a": 1e999}', id="case-085 beyond numbers"),
        pytest.param(b'{"a": ' + b"9" * 1900 + b"x}", id="case-085 endless number"),
        pytest.param(b'{"a": ' + b"[" * 1900, id="case-085 nested"),
        pytest.param(b'{"a": "\xff"}', id="case-085 not UTF-8"),
        pytest.param('{"a": 1}'.encode("utf-16"), id="case-085 UTF-16"),
        pytest.param(b'{"a": "\\ud800"}', id="case-085 lone surrogate"),
        pytest.param(b'{"a": [{"\\u0000": 1}]}', id="case-085 NUL"),
    ],
)
def test_a_body_that_is_not_one_json_object_is_refused(tool: TokenSeeker, body: bytes) -> None:
    answer = call(tool.bearer(), "POST", data=body, content_type=MEDIA_TYPE)
    assert (answer.status_code, answer.json()["code"]) == (400, "body_not_json")


@pytest.mark.parametrize("size", [2_001, 70_000, 300_000])
def test_a_body_over_the_limit_is_not_read(tool: TokenSeeker, size: int) -> None:
    body = json.dumps({"a": "x" * (size - 9)})
    answer = call(tool.bearer(), "POST", data=body, content_type=MEDIA_TYPE)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_method_nobody_offers_is_named_with_those_offered(tool: TokenSeeker) -> None:
    answer = call(tool.bearer(), "DELETE")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, POST, PUT")


def test_a_nul_in_the_query_is_refused(tool: TokenSeeker) -> None:
    assert call(tool.bearer(), url=f"{URL}?tag=%00").status_code == 400


@pytest.mark.parametrize(
    ("refuse", "status", "code"),
    [("domain", 423, "cupboard_locked"), ("service", 409, "sample_conflict")],
)
def test_what_a_service_refuses_is_problem_json_and_noted(
    tool: TokenSeeker, refuse: str, status: int, code: str
) -> None:
    body = json.dumps({"refuse": refuse})
    answer = call(tool.bearer(), "POST", data=body, content_type=MEDIA_TYPE)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert refusals() == [code]
    assert Entry.objects.get(fact_type="security.refused").actor_id == tool.registration.client_id


def test_a_caller_is_known_by_one_query(tool: TokenSeeker, django_assert_num_queries: Any) -> None:
    held = tool.bearer(**{DEPLOYMENT: make_deployment(tool.registration).deployment_id})
    call(held)
    with django_assert_num_queries(1):
        assert call(held).status_code == 200
