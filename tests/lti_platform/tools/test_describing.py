from typing import Any

import pytest
from django.conf import LazySettings

from lti_platform.tools import scopes
from lti_platform.tools.describing import TOOL_CONFIGURATION, describe
from lti_platform.tools.errors import RegistrationRefused
from tests.lti_platform.tools.descriptions import pasted_keys, request_of
from tests.tool_keys import ToolKey, tool_key

LONG = "https://tool.example/" + "x" * 1000


def problems(request: dict[str, Any]) -> set[tuple[str, str]]:
    """Field and code of everything that is wrong."""
    with pytest.raises(RegistrationRefused) as refused:
        describe(request)
    return {(problem.field, problem.code) for problem in refused.value.problems}


def test_a_good_description_is_taken_over_exactly() -> None:
    described = describe(request_of())
    assert described.name == "ProctorCo"
    assert described.redirect_uris == ["https://tool.example/launch", "https://exams.tool.example/launch"]
    assert described.messages == [
        {"type": "LtiResourceLinkRequest"},
        {"type": "LtiStartProctoring", "target_link_uri": "https://tool.example/proctor"},
    ]
    assert described.domains == ["tool.example"]


def test_scopes_we_do_not_know_are_dropped() -> None:
    assert describe(request_of()).scopes == [scopes.SCORE, scopes.MEMBERSHIP_READONLY]
    assert describe(request_of(scope=None)).scopes == []


def test_messages_we_do_not_send_are_dropped() -> None:
    unknown = {"messages": [{"type": "LtiAssetProcessorSettingsRequest"}, "text", {"label": "no type"}]}
    assert describe(request_of(tool=unknown)).messages == [{"type": "LtiResourceLinkRequest"}]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"client_name": None}, "client_name", "missing"),
        ({"client_name": "x" * 201}, "client_name", "not_text"),
        ({"client_name": "a\x00b"}, "client_name", "not_text"),
        ({"client_name": 7}, "client_name", "not_text"),
        ({"application_type": "native"}, "application_type", "not_supported"),
        ({"response_types": ["code"]}, "response_types", "not_supported"),
        ({"response_types": None}, "response_types", "not_supported"),
        (
            {"token_endpoint_auth_method": "client_secret_basic"},
            "token_endpoint_auth_method",
            "not_supported",
        ),
        ({"token_endpoint_auth_method": None}, "token_endpoint_auth_method", "missing"),
        ({"initiate_login_uri": None}, "initiate_login_uri", "missing"),
        ({"initiate_login_uri": "http://tool.example/login"}, "initiate_login_uri", "not_https"),
        ({"initiate_login_uri": "https://other.example/login"}, "initiate_login_uri", "outside_domain"),
        ({"initiate_login_uri": "https://tool.example.evil/login"}, "initiate_login_uri", "outside_domain"),
        ({"initiate_login_uri": "https://eviltool.example/login"}, "initiate_login_uri", "outside_domain"),
        ({"initiate_login_uri": "javascript:alert(1)"}, "initiate_login_uri", "not_an_address"),
        ({"initiate_login_uri": "https://u:p@tool.example/"}, "initiate_login_uri", "not_an_address"),
        (
            {"initiate_login_uri": "https://tool.example\\@evil.example/"},
            "initiate_login_uri",
            "not_an_address",
        ),
        ({"initiate_login_uri": "https://tool.example:99999/"}, "initiate_login_uri", "not_an_address"),
        ({"initiate_login_uri": LONG}, "initiate_login_uri", "not_text"),
        ({"redirect_uris": None}, "redirect_uris", "missing"),
        ({"redirect_uris": []}, "redirect_uris", "missing"),
        ({"redirect_uris": "https://tool.example/launch"}, "redirect_uris", "not_a_list"),
        ({"redirect_uris": ["https://tool.example/launch#here"]}, "redirect_uris", "fragment"),
        ({"redirect_uris": ["http://tool.example/launch"]}, "redirect_uris", "not_https"),
        ({"redirect_uris": ["https://other.example/launch"]}, "redirect_uris", "outside_domain"),
        ({"redirect_uris": [None]}, "redirect_uris", "not_text"),
        ({"redirect_uris": [""]}, "redirect_uris", "not_an_address"),
        ({"jwks_uri": None}, "jwks_uri", "missing"),
        ({"jwks_uri": "https://10.0.0.5/jwks"}, "jwks_uri", "private_network"),
        ({"jwks": {"keys": []}}, "jwks", "both_given"),
        ({"jwks_uri": None, "jwks": {"keys": []}}, "jwks", "key_set_unusable"),
        ({"jwks_uri": None, "jwks": "text"}, "jwks", "key_set_malformed"),
        ({"jwks_uri": None, "jwks": {"keys": [{"kty": "RSA", "d": "x"}]}}, "jwks", "private_key_pasted"),
        ({TOOL_CONFIGURATION: None}, TOOL_CONFIGURATION, "missing"),
        ({TOOL_CONFIGURATION: "text"}, TOOL_CONFIGURATION, "not_an_object"),
    ],
)
def test_each_broken_rule_is_named_with_its_field(changes: dict[str, Any], field: str, code: str) -> None:
    assert (field, code) in problems(request_of(**changes))


@pytest.mark.parametrize(
    ("tool", "field", "code"),
    [
        ({"domain": None}, "domain", "missing"),
        ({"domain": "https://tool.example"}, "domain", "not_a_domain"),
        ({"secondary_domains": ["tool.example/path"]}, "secondary_domains", "not_a_domain"),
        ({"secondary_domains": [7]}, "secondary_domains", "not_a_domain"),
        ({"target_link_uri": None}, "target_link_uri", "missing"),
        ({"custom_parameters": {"a": 1}}, "custom_parameters", "not_text"),
        ({"custom_parameters": {"a": None}}, "custom_parameters", "not_text"),
        ({"custom_parameters": ["a"]}, "custom_parameters", "not_an_object"),
        ({"messages": {"type": "x"}}, "messages", "not_a_list"),
        (
            {"messages": [{"type": "LtiStartProctoring", "target_link_uri": "https://evil.example/"}]},
            "messages",
            "outside_domain",
        ),
    ],
)
def test_the_tool_configuration_is_judged_too(tool: dict[str, Any], field: str, code: str) -> None:
    assert (field, code) in problems(request_of(tool=tool))


def test_everything_wrong_is_said_at_once() -> None:
    found = problems(request_of(client_name=None, redirect_uris=None, tool={"domain": None}))
    assert {("client_name", "missing"), ("redirect_uris", "missing"), ("domain", "missing")} <= found


def test_pasted_keys_stand_in_for_an_address() -> None:
    described = describe(request_of(**pasted_keys()))
    assert (described.jwks_uri, described.jwks) == ("", tool_key().jwks)


def test_a_lone_key_is_a_set_of_one() -> None:
    assert describe(request_of(jwks_uri=None, jwks=tool_key().jwk)).jwks == tool_key().jwks


def test_a_weak_key_is_refused_when_it_is_pasted() -> None:
    weak = ToolKey("weak", bits=1024)
    request = request_of(jwks_uri=None, jwks=weak.jwks)
    assert problems(request) == {("jwks", "key_set_unusable")}
    with pytest.raises(RegistrationRefused, match="“weak”: It is shorter than 2048 bits"):
        describe(request)


def test_plain_http_is_for_listed_hosts(settings: LazySettings) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = ["127.0.0.1:8001"]
    place = "http://127.0.0.1:8001"
    tool: dict[str, Any] = {
        "domain": "127.0.0.1:8001",
        "target_link_uri": f"{place}/launch",
        "messages": None,
    }
    changes: dict[str, Any] = {
        "initiate_login_uri": f"{place}/login",
        "redirect_uris": [f"{place}/launch"],
        "jwks_uri": f"{place}/jwks",
    }
    assert describe(request_of(tool=tool, **changes)).domains == ["127.0.0.1:8001"]
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = []
    assert ("redirect_uris", "not_https") in problems(request_of(tool=tool, **changes))
