"""Parameters too long, too many, sent twice or unknown at the authorization endpoint, and the state that comes back."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.attacks.authorizing import refused_on_our_page, refused_to_the_tool
from tests.lti_platform.launches.staging import FORM, Stage, ask, claims_of, form_of, lena_starts

TARGET = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri"


@pytest.fixture
def stage(db: None) -> Stage:
    """Lena has opened ProctorCo; her browser stands before its login address."""
    return lena_starts()


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
