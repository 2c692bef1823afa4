"""The authorization endpoint under attack: nothing but the very request that was invited gets a token."""

from collections.abc import Callable
from typing import Any

import pytest

from lti_platform.journal.models import Entry
from lti_platform.launches.models import Launch
from tests.attacks.authorizing import refused_on_our_page, refused_to_the_tool
from tests.factories import make_registration
from tests.lti_platform.launches.staging import Stage, ask, claims_of, form_of, lena_starts


@pytest.fixture
def stage(db: None) -> Stage:
    """Lena has opened ProctorCo; her browser stands before its login address."""
    return lena_starts()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"client_id": None}, "client_id_missing", id="case-001 client_id missing"),
        pytest.param({"client_id": ""}, "client_id_missing", id="case-001 client_id empty"),
        pytest.param({"client_id": "nobody"}, "client_id_unknown", id="case-002 client_id unknown"),
        pytest.param({"client_id": "a\x00b"}, "client_id_unknown", id="case-002 client_id with a NUL"),
        pytest.param({"client_id": "x" * 5000}, "client_id_unknown", id="case-002 client_id endless"),
        pytest.param({"redirect_uri": None}, "redirect_uri_missing", id="case-003 redirect_uri missing"),
        pytest.param(
            {"redirect_uri": "https://mallory.example/launch"},
            "redirect_uri_not_registered",
            id="case-004 redirect_uri of another host",
        ),
        pytest.param(
            {"redirect_uri": "javascript:alert(1)"},
            "redirect_uri_not_registered",
            id="case-004 redirect_uri a script",
        ),
    ],
)
def test_a_request_that_names_no_one_to_answer_gets_a_page_of_ours(
    stage: Stage, changes: dict[str, Any], rule: str, method: str
) -> None:
    refused_on_our_page(stage.ask(method, **changes), stage, rule=rule)


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(lambda uri: f"{uri}/extra", id="case-005 extra path"),
        pytest.param(lambda uri: f"{uri}/", id="case-005 trailing slash"),
        pytest.param(lambda uri: f"{uri}?a=b", id="case-005 extra query"),
        pytest.param(lambda uri: f"{uri}#a", id="case-005 fragment"),
        pytest.param(lambda uri: uri.replace("/launch", ":443/launch"), id="case-005 port"),
        pytest.param(lambda uri: uri.replace("/launch", "/LAUNCH"), id="case-005 case of the path"),
        pytest.param(lambda uri: uri.replace("https://", "HTTPS://"), id="case-005 case of the scheme"),
        pytest.param(lambda uri: uri.replace("https", "http"), id="case-005 scheme"),
        pytest.param(lambda uri: f"{uri} ", id="case-005 a blank"),
    ],
)
def test_an_address_that_is_almost_registered_is_not_answered(
    stage: Stage, alter: Callable[[str], str]
) -> None:
    uri = alter(stage.launch.registration.redirect_uris[0])
    refused_on_our_page(stage.ask(redirect_uri=uri), stage, rule="redirect_uri_not_registered")


@pytest.mark.parametrize("uri", [pytest.param("other", id="case-006 redirect_uri of another client")])
def test_the_address_of_another_tool_is_not_answered(stage: Stage, uri: str) -> None:
    other = make_registration(uri)
    refused_on_our_page(
        stage.ask(redirect_uri=other.redirect_uris[0]), stage, rule="redirect_uri_not_registered"
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("changes", "error", "rule"),
    [
        pytest.param({"scope": None}, "invalid_request", "scope_missing", id="case-007 scope missing"),
        pytest.param(
            {"scope": "profile"}, "invalid_scope", "scope_wrong", id="case-007 scope without openid"
        ),
        pytest.param({"scope": "openidx"}, "invalid_scope", "scope_wrong", id="case-007 scope almost openid"),
        pytest.param(
            {"response_type": "code"}, "unsupported_response_type", "response_type_wrong", id="case-008 code"
        ),
        pytest.param(
            {"response_type": "id_token token"},
            "unsupported_response_type",
            "response_type_wrong",
            id="case-008 id_token token",
        ),
        pytest.param(
            {"response_type": None},
            "invalid_request",
            "response_type_missing",
            id="case-008 response_type missing",
        ),
        pytest.param(
            {"response_mode": None},
            "invalid_request",
            "response_mode_wrong",
            id="case-009 response_mode missing",
        ),
        pytest.param(
            {"response_mode": "query"},
            "invalid_request",
            "response_mode_wrong",
            id="case-009 response_mode query",
        ),
        pytest.param(
            {"response_mode": "fragment"},
            "invalid_request",
            "response_mode_wrong",
            id="case-009 response_mode fragment",
        ),
        pytest.param({"prompt": "login"}, "invalid_request", "prompt_wrong", id="case-010 prompt login"),
        pytest.param({"prompt": "consent"}, "invalid_request", "prompt_wrong", id="case-010 prompt consent"),
        pytest.param({"prompt": None}, "invalid_request", "prompt_wrong", id="case-010 prompt missing"),
        pytest.param({"nonce": None}, "invalid_request", "nonce_wrong", id="case-011 nonce missing"),
        pytest.param({"nonce": ""}, "invalid_request", "nonce_wrong", id="case-011 nonce empty"),
        pytest.param({"nonce": "n" * 513}, "invalid_request", "nonce_wrong", id="case-011 nonce over-long"),
        pytest.param({"nonce": "n\x00n"}, "invalid_request", "nonce_wrong", id="case-011 nonce with a NUL"),
        pytest.param({"nonce": " n "}, "invalid_request", "nonce_wrong", id="case-011 nonce in blanks"),
        pytest.param(
            {"login_hint": None}, "invalid_request", "login_hint_missing", id="case-012 login_hint missing"
        ),
        pytest.param(
            {"lti_message_hint": None},
            "invalid_request",
            "lti_message_hint_missing",
            id="case-015 lti_message_hint dropped",
        ),
        pytest.param(
            {"lti_message_hint": "forged"},
            "invalid_request",
            "lti_message_hint_unknown",
            id="case-016 lti_message_hint forged",
        ),
        pytest.param(
            {"lti_message_hint": "eyJhbGciOiJub25lIn0.e30."},
            "invalid_request",
            "lti_message_hint_unknown",
            id="case-016 lti_message_hint a JWT of someone's own",
        ),
    ],
)
def test_a_request_that_breaks_the_flow_is_answered_with_its_error(
    stage: Stage, changes: dict[str, Any], error: str, rule: str, method: str
) -> None:
    refused_to_the_tool(stage.ask(method, **changes), stage, error=error, rule=rule)


@pytest.mark.parametrize(
    "method", [pytest.param("GET", id="case-024 GET"), pytest.param("POST", id="case-024 POST")]
)
def test_get_and_post_both_work(stage: Stage, method: str) -> None:
    response = stage.ask(method)
    assert form_of(response).action == stage.launch.registration.redirect_uris[0]
    assert claims_of(response)["nonce"] == stage.request()["nonce"]
    assert Launch.objects.filter(state=Launch.State.SENT).count() == 1


@pytest.mark.parametrize(
    "method",
    [
        pytest.param(method, id=f"case-030 {method}")
        for method in ("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
    ],
)
def test_other_methods_are_not_allowed(stage: Stage, method: str) -> None:
    response = ask(stage.browser, stage.request(), method=method)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, POST"
    assert stage.unspent()
    assert not Entry.objects.filter(fact_type="launches.sent").exists()
