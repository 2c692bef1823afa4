"""A tool's dynamic-registration request, good unless told otherwise."""

from typing import Any

from lti_platform.tools import scopes
from lti_platform.tools.describing import TOOL_CONFIGURATION
from tests.tool_keys import tool_key


def request_of(
    name: str = "ProctorCo", *, tool: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """The request with `changes` in it, and those of `tool` in its tool configuration; None removes a member."""
    configuration = {
        "domain": "tool.example",
        "target_link_uri": "https://tool.example/launch",
        "messages": [
            {"type": "LtiResourceLinkRequest"},
            {"type": "LtiStartProctoring", "target_link_uri": "https://tool.example/proctor"},
        ],
        "claims": ["sub"],
    }
    request = {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "client_name": name,
        "initiate_login_uri": "https://tool.example/login",
        "redirect_uris": ["https://tool.example/launch", "https://exams.tool.example/launch"],
        "jwks_uri": "https://tool.example/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": f"{scopes.SCORE} {scopes.MEMBERSHIP_READONLY} openid",
        TOOL_CONFIGURATION: kept({**configuration, **(tool or {})}),
    }
    return kept({**request, **changes})


def kept(members: dict[str, Any]) -> dict[str, Any]:
    """The members that are not None."""
    return {name: value for name, value in members.items() if value is not None}


def pasted_keys() -> dict[str, Any]:
    """The members of a request that brings its keys along."""
    return {"jwks_uri": None, "jwks": tool_key().jwks}
