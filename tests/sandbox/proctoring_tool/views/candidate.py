"""The candidate's window: check-in, recording, the end. All of it is of the browser that was launched."""

import time
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request, url_for

from tests.sandbox.lti import Tool
from tests.sandbox.proctoring_tool import control, evidence, sessions
from tests.sandbox.proctoring_tool.start_message import start_claims
from tests.sandbox.proctoring_tool.views.relaying import relayed
from tests.sandbox.web import browser_of, json_body, language, speak

SEGMENT_SECONDS = 10
STATUS_SECONDS = 300
CANCELLED = {
    "en": "You left the check-in. Nothing was started.",
    "es": "Saliste del registro. No se inició nada.",
}
AUTOMATIC = {"left_tab": 0.2, "camera_lost": 0.6, "microphone_lost": 0.4, "screen_lost": 0.4}


def candidate_views(tool: Tool) -> Blueprint:
    """Everything under /sessions/<id>."""
    views = Blueprint("candidate", __name__, url_prefix="/sessions/<session_id>")
    _pages(views, tool)
    _check_in(views, tool)
    _items(views, tool)
    _states(views, tool)
    return views


def _own(tool: Tool, session_id: str) -> dict[str, Any]:
    session = sessions.own(tool, session_id, browser_of(tool))
    speak(session["locale"])
    return session


def _pages(views: Blueprint, tool: Tool) -> None:
    @views.get("")
    def session_page(session_id: str) -> Any:
        session = _own(tool, session_id)
        if session["state"] in (sessions.ENDING, sessions.ENDED):
            return redirect(url_for("candidate.ended_page", session_id=session_id), 303)
        seconds = tool.config.get("segment_seconds", SEGMENT_SECONDS)
        return render_template(
            "session.html", session=session, session_id=session_id, segment_seconds=seconds
        )

    @views.get("/ended")
    def ended_page(session_id: str) -> Any:
        session = _own(tool, session_id)
        return render_template("ended.html", session=session, session_id=session_id)


def _check_in(views: Blueprint, tool: Tool) -> None:
    @views.post("/cancel")
    def cancel(session_id: str) -> Any:
        session = _own(tool, session_id)
        if session["state"] != sessions.CHECKING_IN or not session["return_url"]:
            abort(409, "There is nothing to leave.")
        joint = "&" if "?" in session["return_url"] else "?"
        words = CANCELLED[language()]
        told = {"lti_errormsg": words, "lti_errorlog": "check-in cancelled by the candidate"}
        return redirect(session["return_url"] + joint + urlencode(told), 303)

    @views.post("/start")
    def start(session_id: str) -> Any:
        session = _own(tool, session_id)
        if session["state"] not in (sessions.CHECKING_IN, sessions.RECORDING):
            abort(409, "The session is over.")
        with tool.shelf.changing("session", session_id) as kept:
            kept["state"] = sessions.RECORDING
            sessions.note(kept, "candidate", "start")
        return {"action": session["start_assessment_url"], "JWT": tool.key.sign(start_claims(tool, session))}


def _items(views: Blueprint, tool: Tool) -> None:
    @views.post("/items")
    def open_item(session_id: str) -> Any:
        _own(tool, session_id)
        plan = json_body()
        return relayed(lambda: evidence.open_item(tool, session_id, plan))

    @views.post("/items/complete")
    def complete_item(session_id: str) -> Any:
        _own(tool, session_id)
        body = json_body()
        return relayed(lambda: evidence.complete_item(tool, session_id, body["plan"], body["completion"]))

    @views.post("/end")
    def end(session_id: str) -> Any:
        _own(tool, session_id)
        body = json_body()
        return relayed(lambda: evidence.end(tool, session_id, body["items"]))


def _states(views: Blueprint, tool: Tool) -> None:
    asked: dict[str, float] = {}

    @views.post("/flag")
    def flag(session_id: str) -> Any:
        session = _own(tool, session_id)
        body = json_body()
        code = body.get("reason_code")
        if code not in AUTOMATIC or not control.is_offered(session, "flag"):
            return {}
        words = {"reason_code": code, "reason_msg": str(body.get("reason_msg", ""))[:500]}
        when = {"incident_time": body.get("incident_time"), "incident_severity": AUTOMATIC[code]}
        return relayed(lambda: control.send(tool, session_id, "flag", who="tool", **words, **when))

    @views.get("/status")
    def status(session_id: str) -> Any:
        session = _own(tool, session_id)
        if session["state"] == sessions.RECORDING:
            _ask_now_and_then(tool, session_id, asked)
            session = _own(tool, session_id)
        return {"state": session["state"], "attempt_status": session.get("attempt_status", "")}

    @views.errorhandler(KeyError)
    def incomplete(error: KeyError) -> Any:
        return {"detail": f"missing: {error}"}, 400

    @views.before_request
    def only_json_and_forms() -> None:
        if request.method == "POST" and not request.is_json and not request.path.endswith("/cancel"):
            abort(415, "JSON, please.")


def _ask_now_and_then(tool: Tool, session_id: str, asked: dict[str, float]) -> None:
    """No LtiEndAssessment comes if the platform's page is gone; an `update` that changes nothing tells the state.

    Asked seldom, as the platform keeps every control message.
    """
    session = sessions.found(tool, session_id)
    every = tool.config.get("status_seconds", STATUS_SECONDS)
    last = asked.setdefault(session_id, time.monotonic())
    if time.monotonic() - last < every or not control.is_offered(session, "update"):
        return
    asked[session_id] = time.monotonic()
    relayed(lambda: control.send(tool, session_id, "update", who="tool", reason_code="status"))
