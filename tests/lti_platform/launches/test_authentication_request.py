"""Parsing a request: what was sent once counts, what was sent empty was not sent."""

import pytest

from lti_platform.launches import authentication_request as request
from lti_platform.launches.errors import OIDC_ERRORS, LaunchRefused, ParameterRepeated, RequestRefused

GOOD = {
    "scope": "openid",
    "response_type": "id_token",
    "response_mode": "form_post",
    "prompt": "none",
    "login_hint": "who",
    "lti_message_hint": "what",
    "nonce": "n",
}


def test_a_good_request_passes() -> None:
    request.judge_form(request.parse(GOOD.items()))


def test_scope_may_hold_more_than_openid() -> None:
    request.judge_form(request.parse({**GOOD, "scope": "openid profile"}.items()))


def test_an_empty_parameter_was_not_sent() -> None:
    assert request.parse([("state", "")]).values == {}


def test_a_repeated_parameter_has_no_value() -> None:
    asked = request.parse([("nonce", "a"), ("nonce", "a")])
    assert asked.value("nonce") == ""
    with pytest.raises(ParameterRepeated):
        request.judge_form(asked)


def test_every_error_sent_to_a_tool_is_one_it_knows() -> None:
    found = [error for error in RequestRefused.__subclasses__() if error is not LaunchRefused]
    assert len(found) > 15
    assert {error.error for error in found} <= OIDC_ERRORS
    assert all(error.message.isascii() and '"' not in error.message for error in found)


def test_every_rule_has_a_code_of_its_own() -> None:
    found = [error for error in RequestRefused.__subclasses__() if error is not LaunchRefused]
    assert len({error.code for error in found}) == len(found)


def test_a_contribution_refuses_with_its_own_rule_and_an_error_the_tool_knows() -> None:
    refused = LaunchRefused("attempt_not_running", "the attempt is paused")
    assert (refused.code, refused.error) == ("attempt_not_running", "access_denied")
    assert LaunchRefused("temporarily_unavailable", "later").error == "temporarily_unavailable"
