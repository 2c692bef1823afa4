"""Assessment Control Service: the proctor's hand on the exam."""

import json
from typing import Any

from tests.sandbox.lti import Tool
from tests.sandbox.proctoring_tool import sessions
from tests.sandbox.proctoring_tool.clock import now_text

SCOPE = "https://purl.imsglobal.org/spec/lti-ap/scope/control.all"
MEDIA_TYPE = "application/vnd.ims.lti-ap.v1.control+json"
ACTIONS = ("pause", "resume", "terminate", "update", "flag")
OVER = {"terminated", "complete"}


def is_offered(session: dict[str, Any], action: str) -> bool:
    """Whether the platform takes this action for this session."""
    return bool(session["control"].get("assessment_control_url")) and action in session["control"]["actions"]


def send(tool: Tool, session_id: str, action: str, *, who: str = "proctor", **said: Any) -> dict[str, Any]:
    """The platform's reply ({"status", "extra_time"?}); what was sent and heard is noted.

    `said`: incident_time (now if left out), incident_severity 0 to 1, reason_code, reason_msg, extra_time in minutes.
    Raises LtiServiceException, requests.RequestException.
    """
    session = sessions.found(tool, session_id)
    message = {
        "user": {"sub": session["sub"]},
        "resource_link": {"id": session["resource_link"]["id"]},
        "attempt_number": session["attempt_number"],
        "action": action,
        "incident_time": said.pop("incident_time", None) or now_text(),
        **{name: value for name, value in said.items() if value not in (None, "")},
    }
    url = session["control"]["assessment_control_url"]
    reply = tool.connector.post(SCOPE, url, json.dumps(message), media_type=MEDIA_TYPE) or {}
    with tool.shelf.changing("session", session_id) as kept:
        sessions.note(kept, who, action, str(said.get("reason_msg") or ""))
    hear(tool, session_id, reply.get("status"))
    return dict(reply)


def hear(tool: Tool, session_id: str, status: str | None) -> None:
    """Takes note of how the attempt stands, whoever said so; one that is over ends the recording."""
    if status is None:
        return
    with tool.shelf.changing("session", session_id) as session:
        session["attempt_status"] = status
        session["heard_at"] = now_text()
        if status in OVER and session["state"] == sessions.RECORDING:
            session["state"] = sessions.ENDING
