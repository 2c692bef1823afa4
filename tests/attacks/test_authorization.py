"""The authorization endpoint under attack: nothing but the very request that was invited gets a token."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from lti_platform.courses.memberships import suspend
from lti_platform.journal.models import Entry
from lti_platform.launches.models import Launch
from tests.factories import make_membership, make_registration, mallory
from tests.lti_platform.launches.staging import (
    FORM,
    Stage,
    ask,
    browser_of,
    claims_of,
    form_of,
    lena_starts,
    start,
)

TARGET = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri"


@pytest.fixture
def stage(db: None) -> Stage:
    """Lena has opened ProctorCo; her browser stands before its login address."""
    return lena_starts()


def refused_on_our_page(response: Any, stage: Stage, *, rule: str) -> None:
    """page400: no redirect, no form, no token; a security entry and nothing else."""
    assert response.status_code == 400
    assert b"data-auto-submit" not in response.content
    assert b'name="id_token"' not in response.content
    assert rule.encode() in response.content
    assert stage.unspent()
    assert Entry.objects.filter(fact_type="security.refused", payload__rule=rule).exists()
    assert not Entry.objects.filter(fact_type="launches.sent").exists()


def refused_to_the_tool(
    response: Any, stage: Stage, *, error: str, rule: str, state: str | None = "af0ifjsldkj"
) -> None:
    """err:X: posted to the validated address with the state, without a token; the hint stays unspent."""
    form = form_of(response)
    assert response.status_code == 200
    assert form.action == stage.launch.registration.redirect_uris[0]
    assert form.fields["error"] == error
    assert form.fields.get("state") == state
    assert "id_token" not in form.fields
    assert response.headers["Cache-Control"] == "no-store"
    assert stage.unspent()
    assert Entry.objects.filter(fact_type="security.refused", payload__rule=rule).exists()


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
    "whose", [pytest.param("session", id="case-013 login_hint of another user, their session")]
)
def test_the_hints_of_lena_are_no_use_in_mallorys_session(stage: Stage, whose: str) -> None:
    thief = mallory()
    make_membership(thief, stage.link.context)
    response = stage.ask(browser=browser_of(thief))
    refused_to_the_tool(response, stage, error="login_required", rule=f"{whose}_of_another")


@pytest.mark.parametrize("whose", [pytest.param("login_hint", id="case-013 login_hint of another user")])
def test_a_login_hint_of_someone_else_is_refused(stage: Stage, whose: str) -> None:
    thief = mallory()
    make_membership(thief, stage.link.context)
    theirs = start(thief, stage.link)
    response = theirs.ask(login_hint=stage.login["login_hint"])
    refused_to_the_tool(response, theirs, error="login_required", rule=f"{whose}_of_another")


@pytest.mark.parametrize("whose", [pytest.param("session", id="case-013 another session of the same person")])
def test_a_launch_ends_in_the_session_that_began_it(stage: Stage, whose: str) -> None:
    response = stage.ask(browser=browser_of(stage.person))
    refused_to_the_tool(response, stage, error="login_required", rule=f"{whose}_of_another")


@pytest.mark.parametrize("method", [pytest.param("GET", id="case-014 no platform session")])
def test_without_a_session_the_tool_is_told_and_no_one_is_asked_to_sign_in(stage: Stage, method: str) -> None:
    response = stage.ask(method, browser=Client())
    refused_to_the_tool(response, stage, error="login_required", rule="no_session")
    assert b"password" not in response.content


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(lambda hint: hint[:-1], id="case-016 a character short"),
        pytest.param(lambda hint: hint.swapcase(), id="case-016 case changed"),
        pytest.param(lambda hint: f"{hint}.", id="case-016 something appended"),
    ],
)
def test_an_altered_hint_is_unknown(stage: Stage, alter: Callable[[str], str]) -> None:
    response = stage.ask(lti_message_hint=alter(stage.login["lti_message_hint"]))
    refused_to_the_tool(response, stage, error="invalid_request", rule="lti_message_hint_unknown")


@pytest.mark.parametrize("ago", [pytest.param(timedelta(seconds=1), id="case-017 hint expired")])
def test_an_expired_hint_is_refused(stage: Stage, ago: timedelta) -> None:
    Launch.objects.update(expires_at=datetime.now(UTC) - ago)
    refused_to_the_tool(stage.ask(), stage, error="invalid_request", rule="lti_message_hint_expired")


@pytest.mark.parametrize(
    "method", [pytest.param("GET", id="case-018 replay"), pytest.param("POST", id="case-018 POST")]
)
def test_a_hint_is_good_once(stage: Stage, method: str) -> None:
    assert "id_token" in form_of(stage.ask(method)).fields
    again = form_of(stage.ask(method))
    assert again.fields["error"] == "invalid_request"
    assert "id_token" not in again.fields
    stage.launch.refresh_from_db()
    assert stage.launch.state == Launch.State.SENT
    assert Entry.objects.filter(fact_type="launches.sent").count() == 1


@pytest.mark.parametrize(
    "name", [pytest.param("Other Tool", id="case-019 hint of client A with client_id B")]
)
def test_a_hint_of_one_tool_is_no_use_to_another(stage: Stage, name: str) -> None:
    other = make_registration(name)
    response = stage.ask(client_id=other.client_id, redirect_uri=other.redirect_uris[0])
    form = form_of(response)
    assert form.action == other.redirect_uris[0]
    assert form.fields["error"] == "invalid_request"
    assert stage.unspent()
    rule = "lti_message_hint_of_another_client"
    assert Entry.objects.filter(fact_type="security.refused", payload__rule=rule).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_once", [pytest.param(6, id="case-020 same hint submitted concurrently")])
def test_of_many_requests_at_once_exactly_one_gets_a_token(at_once: int) -> None:
    stage = lena_starts()
    cookies, answers = stage.browser.cookies, []
    gate = threading.Barrier(at_once)

    def submit() -> None:
        browser = Client()
        browser.cookies = cookies
        gate.wait()
        try:
            answers.append(form_of(ask(browser, stage.request(), method="POST")).fields)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("id_token" in fields for fields in answers) == 1
    assert sum(fields.get("error") == "invalid_request" for fields in answers) == at_once - 1
    assert Entry.objects.filter(fact_type="launches.sent").count() == 1


@pytest.mark.parametrize(
    "state", [pytest.param(None, id="case-021 state missing"), pytest.param("", id="case-021 empty")]
)
def test_without_a_state_the_answer_has_none(stage: Stage, state: str | None) -> None:
    fields = form_of(stage.ask(state=state)).fields
    assert "id_token" in fields
    assert "state" not in fields


@pytest.mark.parametrize(
    "state",
    [
        pytest.param('"><script>alert(1)</script>', id="case-022 state with a script"),
        pytest.param("' onload='alert(1)", id="case-022 state with quotes"),
        pytest.param("é漢字&amp;\n", id="case-022 state beyond ASCII"),
        pytest.param("s" * 4096, id="case-022 state at the limit"),
    ],
)
def test_a_state_comes_back_as_it_was_and_means_nothing_on_our_page(stage: Stage, state: str) -> None:
    response = stage.ask("POST", state=state)
    fields = form_of(response).fields
    assert "id_token" in fields
    assert fields["state"] == state
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "length",
    [
        pytest.param(4097, id="case-022 state over the limit"),
        pytest.param(1_000_000, id="case-022 state of 1 MB"),
    ],
)
def test_a_state_over_the_limit_is_refused(stage: Stage, length: int, method: str) -> None:
    state = "s" * length
    response = stage.ask(method, state=state)
    refused_to_the_tool(response, stage, error="invalid_request", rule="state_too_long", state=state)


@pytest.mark.parametrize("size", [pytest.param(3_000_000, id="case-022 a body beyond all limits")])
def test_a_body_beyond_all_limits_gets_a_page(stage: Stage, size: int) -> None:
    refused_on_our_page_without_launch(stage.ask("POST", state="s" * size), stage)


@pytest.mark.parametrize("count", [pytest.param(1000, id="case-022 a thousand parameters")])
def test_a_thousand_parameters_get_a_page(stage: Stage, count: int) -> None:
    pairs = [*stage.request().items(), *[(f"extra{number}", "x") for number in range(count)]]
    refused_on_our_page_without_launch(ask(stage.browser, pairs, method="POST"), stage)


def refused_on_our_page_without_launch(response: Any, stage: Stage) -> None:
    refused_on_our_page(response, stage, rule="request_unreadable")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("name", "rule"),
    [
        pytest.param("client_id", "client_id_repeated", id="case-023 client_id twice"),
        pytest.param("redirect_uri", "redirect_uri_repeated", id="case-023 redirect_uri twice"),
    ],
)
def test_a_client_or_an_address_sent_twice_gets_a_page(
    stage: Stage, name: str, rule: str, method: str
) -> None:
    pairs = [*stage.request().items(), (name, stage.request()[name])]
    refused_on_our_page(ask(stage.browser, pairs, method=method), stage, rule=rule)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, id=f"case-023 {name} twice")
        for name in ("scope", "response_type", "nonce", "login_hint", "lti_message_hint", "prompt", "extra")
    ],
)
def test_any_other_parameter_sent_twice_is_refused(stage: Stage, name: str, method: str) -> None:
    pairs = [*stage.request(extra="x").items(), (name, "another")]
    response = ask(stage.browser, pairs, method=method)
    refused_to_the_tool(response, stage, error="invalid_request", rule="parameter_repeated")


@pytest.mark.parametrize("name", [pytest.param("state", id="case-023 state twice")])
def test_of_two_states_none_is_echoed(stage: Stage, name: str) -> None:
    pairs = [*stage.request().items(), (name, "another")]
    response = ask(stage.browser, pairs)
    refused_to_the_tool(response, stage, error="invalid_request", rule="parameter_repeated", state=None)


@pytest.mark.parametrize("name", [pytest.param("nonce", id="case-023 once in the address, once in the form")])
def test_a_parameter_in_the_address_and_in_the_form_is_sent_twice(stage: Stage, name: str) -> None:
    sent = urlencode(stage.request())
    response = stage.browser.generic("POST", f"/lti/authorize?{name}=mine", sent, content_type=FORM)
    refused_to_the_tool(response, stage, error="invalid_request", rule="parameter_repeated")


@pytest.mark.parametrize(
    "method", [pytest.param("GET", id="case-024 GET"), pytest.param("POST", id="case-024 POST")]
)
def test_get_and_post_both_work(stage: Stage, method: str) -> None:
    response = stage.ask(method)
    assert form_of(response).action == stage.launch.registration.redirect_uris[0]
    assert claims_of(response)["nonce"] == stage.request()["nonce"]
    assert Launch.objects.filter(state=Launch.State.SENT).count() == 1


@pytest.mark.parametrize("method", [pytest.param("POST", id="case-025 cross-site POST without cookies")])
def test_a_cross_site_post_is_asked_once_to_come_again_from_our_site(stage: Stage, method: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    response = stage.ask(method, browser=stranger)
    again = form_of(response)
    assert response.status_code == 200
    assert again.action == "/lti/authorize"
    assert not response.cookies
    assert stage.unspent()
    assert "id_token" in form_of(ask(stage.browser, again.fields, method="POST")).fields


@pytest.mark.parametrize("method", [pytest.param("POST", id="case-025 still without cookies")])
def test_a_post_that_came_again_without_a_session_is_refused(stage: Stage, method: str) -> None:
    again = form_of(stage.ask(method, browser=Client())).fields
    response = ask(Client(), again, method=method)
    refused_to_the_tool(response, stage, error="login_required", rule="no_session")


@pytest.mark.parametrize("method", [pytest.param("GET", id="case-025 a frame of another site")])
def test_a_get_in_a_frame_of_another_site_is_asked_to_come_again_too(stage: Stage, method: str) -> None:
    headers = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_DEST": "iframe"}
    response = ask(Client(), stage.request(), method=method, **headers)
    assert form_of(response).fields["repost"] == "1"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def switch_off_the_registration(stage: Stage) -> None:
    stage.launch.registration.is_enabled = False
    stage.launch.registration.save()


def switch_off_the_deployment(stage: Stage) -> None:
    stage.launch.deployment.is_enabled = False
    stage.launch.deployment.save()


def deploy_it_elsewhere(stage: Stage) -> None:
    stage.launch.deployment.organization = mallory().organization
    stage.launch.deployment.save()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(switch_off_the_registration, id="case-026 registration disabled"),
        pytest.param(switch_off_the_deployment, id="case-026 deployment removed"),
        pytest.param(deploy_it_elsewhere, id="case-026 deployed elsewhere"),
    ],
)
def test_a_tool_switched_off_in_between_gets_no_token(stage: Stage, change: Callable[[Stage], None]) -> None:
    change(stage)
    refused_to_the_tool(stage.ask(), stage, error="unauthorized_client", rule="tool_switched_off")


def leave_the_course(stage: Stage) -> None:
    suspend(stage.person, stage.link.context, now=datetime.now(UTC))


def lose_the_job(stage: Stage) -> None:
    stage.person.contract_end = datetime.now(UTC).date() - timedelta(days=1)
    stage.person.save()


def remove_the_link(stage: Stage) -> None:
    stage.link.removed_at = datetime.now(UTC)
    stage.link.save()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(leave_the_course, id="case-027 place in the course lost"),
        pytest.param(lose_the_job, id="case-027 contract ended"),
        pytest.param(remove_the_link, id="case-027 link removed"),
    ],
)
def test_a_person_who_lost_access_in_between_gets_no_token(
    stage: Stage, change: Callable[[Stage], None]
) -> None:
    change(stage)
    refused_to_the_tool(stage.ask(), stage, error="access_denied", rule="access_lost")


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"lti_deployment_id": "another"}, id="case-028 lti_deployment_id"),
        pytest.param({"id_token_signed_response_alg": "none"}, id="case-028 id_token_signed_response_alg"),
        pytest.param(
            {"claims": "{}", "request": "x.y.z", "lti_storage_target": "_parent"}, id="case-028 others"
        ),
    ],
)
def test_unknown_parameters_change_nothing(stage: Stage, extra: dict[str, Any]) -> None:
    claims = claims_of(stage.ask(**extra))
    assert (
        claims["https://purl.imsglobal.org/spec/lti/claim/deployment_id"]
        == stage.launch.deployment.deployment_id
    )


@pytest.mark.parametrize(
    "uri", [pytest.param("https://mallory.example/", id="case-029 target_link_uri changed")]
)
def test_the_target_is_the_one_the_launch_was_started_for(stage: Stage, uri: str) -> None:
    claims = claims_of(stage.ask(target_link_uri=uri))
    assert claims[TARGET] == stage.launch.target_link_uri == stage.login["target_link_uri"]


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
