"""The proctor's page: the sessions that run, and what can be done to each. Whoever has the address may."""

from typing import Any

from flask import Blueprint, abort, render_template

from tests.sandbox.lti import Tool
from tests.sandbox.proctoring_tool import control, sessions
from tests.sandbox.proctoring_tool.views.relaying import relayed
from tests.sandbox.web import json_body

SAID = ("incident_time", "incident_severity", "reason_code", "reason_msg", "extra_time")


def proctor_views(tool: Tool) -> Blueprint:
    """Everything under /proctor/."""
    views = Blueprint("proctor", __name__, url_prefix="/proctor")

    @views.get("/")
    def live() -> str:
        running = [(key, one) for key, one in tool.shelf.all("session") if one["state"] == sessions.RECORDING]
        return render_template("live.html", sessions=running)

    @views.get("/<session_id>")
    def proctor_page(session_id: str) -> str:
        session = sessions.found(tool, session_id)
        return render_template("proctor.html", session=session, session_id=session_id)

    @views.get("/<session_id>/log")
    def log(session_id: str) -> Any:
        session = sessions.found(tool, session_id)
        told = {name: session.get(name, "") for name in ("state", "attempt_status")}
        return {**told, "log": session["log"]}

    @views.post("/<session_id>/control")
    def act(session_id: str) -> Any:
        session = sessions.found(tool, session_id)
        body = json_body()
        action = body.get("action")
        if action not in control.ACTIONS:
            abort(400, "There is no such action.")
        if not control.is_offered(session, action):
            abort(409, "The platform does not take this action.")
        said = {name: body[name] for name in SAID if name in body}
        return relayed(lambda: control.send(tool, session_id, action, **said))

    return views
