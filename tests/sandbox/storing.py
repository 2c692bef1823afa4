"""A login whose state is kept by the platform's page instead of a cookie (LTI Client Side postMessages 0.1).

The login page puts state and nonce there; the launch page gets them back and posts them to us, from our own origin
alone: a page of somebody else's could name any state it likes.
"""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import render_template, request
from pylti1p3.exception import LtiException

from tests.sandbox.lti import LOGIN_SECONDS, PostedState, Tool

TARGET = "lti_storage_target"


def begin(tool: Tool) -> str:
    """The page that stores state and nonce and goes on; where nobody stores them, it logs in again with cookies."""
    onward = tool.log_in_without_cookies()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(onward).query).items()}
    tool.shelf.put("stored-login", asked["state"], asked["nonce"], seconds=LOGIN_SECONDS)
    others = {name: value for name, value in request.values.items() if name != TARGET}
    given = {
        **_place(tool, request.values[TARGET]),
        "values": _keys(state=asked["state"], nonce=asked["nonce"]),
        "onward": onward,
        "otherwise": f"/login?{urlencode(others)}",
    }
    return render_template("store.html", given=given)


def was_begun(tool: Tool) -> bool:
    """Whether the launch at hand belongs to a login whose state was stored."""
    return tool.shelf.get("stored-login", request.form.get("state", "")) is not None


def ask_back(tool: Tool) -> str:
    """The page that gets state and nonce back and posts them to us with what the platform posted."""
    state = request.form["state"]
    keys = _keys(state=state, nonce=tool.shelf.get("stored-login", state))
    given = {**_place(tool, request.form.get(TARGET, "_parent")), "keys": list(keys)}
    fields = {"state": state, "id_token": request.form.get("id_token", "")}
    return render_template("stored.html", given=given, fields=fields)


def launched(tool: Tool) -> dict[str, Any]:
    """The claims of the launch at hand, whose state and nonce our page found. Raises LtiException."""
    nonce = tool.shelf.take("stored-login", request.form.get("state", ""))
    if not nonce or request.form.get("stored_nonce") != nonce:
        raise LtiException("The nonce is not the one that was stored")
    return tool.launched(cookies=PostedState)


def _place(tool: Tool, target: str) -> dict[str, str]:
    return {"target": target, "origin": tool.issuer_origin}


def _keys(*, state: str, nonce: str) -> dict[str, str]:
    return {f"lti_state_{state}": state, f"lti_nonce_{nonce}": nonce}
