"""A tool registers itself (LTI Dynamic Registration 1.0) and reads its registration again (RFC 7592).

Only a tool whose configuration names no client does so; what it was answered is kept on its shelf.
"""

from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Blueprint, render_template, request

from tests.sandbox.lti import OWN, Tool
from tests.sandbox.registration import registration

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class RegistrationFailed(Exception):
    """The platform does not take us in; the message says why."""


def register_views(tool: Tool, kind: str) -> Blueprint:
    """The page that a platform opens, at /register; `kind` is the tool's package."""
    views = Blueprint("registering", __name__)

    @views.get("/register")
    def register() -> Any:
        told = request.args
        try:
            name = register_with(
                tool, kind, told.get("openid_configuration", ""), token=told.get("registration_token", "")
            )
        except (RegistrationFailed, requests.RequestException, ValueError) as failure:
            return render_template("problem.html", title="Not registered", reason=str(failure)), 400
        return render_template("registered.html", platform=name)

    return views


def register_with(tool: Tool, kind: str, address: str, *, token: str) -> str:
    """Registers the tool with the platform of this configuration; the platform's issuer. Raises RegistrationFailed."""
    if tool.config.get("client_id"):
        raise RegistrationFailed("This tool is registered by its configuration file.")
    platform = _configuration(tool, address)
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    wanted = registration(kind, base_url=tool.base_url)
    answer = tool.session.post(platform["registration_endpoint"], json=wanted, headers=bearer)
    if not answer.ok:
        raise RegistrationFailed(_reason(answer))
    _keep(tool, answer.json(), platform={name: platform[name] for name in PLATFORM})
    return str(platform["issuer"])


def learn(tool: Tool, *, deployment_id: str | None) -> None:
    """Asks the platform where we are deployed by now, if this is news; without an answer, what we knew stands."""
    own = tool.shelf.get("registration", OWN)
    if tool.config.get("client_id") or not own or not own.get("registration_client_uri"):
        return
    if deployment_id in own["deployment_ids"]:
        return
    bearer = {"Authorization": f"Bearer {own['registration_access_token']}"}
    try:
        answer = tool.session.get(own["registration_client_uri"], headers=bearer)
    except requests.RequestException:
        return
    if answer.ok:
        _keep(tool, answer.json(), platform=own["platform"])


def _configuration(tool: Tool, address: str) -> dict[str, Any]:
    answer = tool.session.get(address, headers={"Accept": "application/json"})
    if not answer.ok:
        raise RegistrationFailed(_reason(answer))
    platform = answer.json()
    # Whoever sent us here could name any address; the issuer's own host has to be asked.
    if urlsplit(address).netloc != urlsplit(platform["issuer"]).netloc:
        raise RegistrationFailed("The configuration lies on another host than its issuer.")
    return dict(platform)


def _keep(tool: Tool, told: dict[str, Any], *, platform: dict[str, Any]) -> None:
    deployment = told[TOOL_CONFIGURATION].get("deployment_id")
    own = {
        "platform": platform,
        "client_id": told["client_id"],
        "deployment_ids": [deployment] if deployment else [],
        "registration_client_uri": told.get("registration_client_uri"),
        "registration_access_token": told.get("registration_access_token"),
    }
    tool.shelf.put("registration", OWN, own)
    tool.__dict__.pop("connector", None)  # it keeps tokens of who we were


def _reason(answer: requests.Response) -> str:
    try:
        said = answer.json()
        return f"{said['error']}: {said.get('error_description', '')}"
    except (ValueError, KeyError, TypeError):
        return f"The platform answered with status {answer.status_code}."
