"""One session for each launch of Proctoring Services: what the platform said, and how far the candidate is."""

import hashlib
import secrets
from typing import Any

from flask import abort

from tests.sandbox.lti import CLAIM, PROCTORING_CLAIM, Tool
from tests.sandbox.proctoring_tool.clock import now_text
from tests.sandbox.web import locale_of

EVIDENCE_CLAIM = "/claim/evidence"
NAMES = ("given_name", "family_name", "middle_name", "name")

CHECKING_IN = "checking_in"
RECORDING = "recording"
ENDING = "ending"  # the platform said that it is over; what was recorded is on its way
ENDED = "ended"


def begin(tool: Tool, claims: dict[str, Any], browser: str) -> str:
    """The id of a new session for this LtiStartProctoring."""
    session_id = secrets.token_urlsafe(24)
    session = {
        "state": CHECKING_IN,
        "browser": _digest(browser),
        "locale": locale_of(claims),
        "begun_at": now_text(),
        "deployment_id": claims[CLAIM + "deployment_id"],
        "sub": claims["sub"],
        "names": {name: claims[name] for name in NAMES if claims.get(name)},
        "resource_link": claims[CLAIM + "resource_link"],
        "attempt_number": claims[PROCTORING_CLAIM + "attempt_number"],
        "start_assessment_url": claims[PROCTORING_CLAIM + "start_assessment_url"],
        "session_data": claims[PROCTORING_CLAIM + "session_data"],
        "control": claims.get(PROCTORING_CLAIM + "acs") or {},
        "settings": (claims.get(PROCTORING_CLAIM + "proctoring_settings") or {}).get("data", ""),
        "evidence": _evidence_of(claims),
        "return_url": (claims.get(CLAIM + "launch_presentation") or {}).get("return_url", ""),
        "log": [],
    }
    tool.shelf.put("session", session_id, session)
    return session_id


def end_by_platform(tool: Tool, claims: dict[str, Any], browser: str) -> str | None:
    """The id of the session that this LtiEndAssessment is about; None if there is none.

    The message names no session: it is this person's latest of this attempt, this browser's before another's.
    """
    link = claims.get(CLAIM + "resource_link")
    said = (claims["sub"], claims[CLAIM + "deployment_id"], claims[PROCTORING_CLAIM + "attempt_number"])
    fitting = [
        (session["browser"] == _digest(browser), session["begun_at"], session_id)
        for session_id, session in tool.shelf.all("session")
        if (session["sub"], session["deployment_id"], session["attempt_number"]) == said
        and (link is None or session["resource_link"]["id"] == link["id"])
    ]
    if not fitting:
        return None
    session_id = max(fitting)[-1]
    with tool.shelf.changing("session", session_id) as session:
        session["state"] = session["state"] if session["state"] == ENDED else ENDING
        session["end_words"] = claims.get(PROCTORING_CLAIM + "errormsg", "")
        session["browser"] = _digest(browser)
        note(session, "platform", "ended", claims.get(PROCTORING_CLAIM + "errorlog", ""))
    return session_id


def found(tool: Tool, session_id: str) -> dict[str, Any]:
    """The session; 404 if there is none."""
    session: dict[str, Any] | None = tool.shelf.get("session", session_id)
    if session is None:
        abort(404, "There is no such session.")
    return session


def own(tool: Tool, session_id: str, browser: str) -> dict[str, Any]:
    """The session, if it is of this browser; 404 otherwise."""
    session = found(tool, session_id)
    if not browser or session["browser"] != _digest(browser):
        abort(404, "This session belongs to another browser.")
    return session


def note(session: dict[str, Any], who: str, what: str, words: str = "") -> None:
    """Adds a line to what happened."""
    session["log"] = [*session["log"], {"at": now_text(), "who": who, "what": what, "words": words}][-200:]


def _evidence_of(claims: dict[str, Any]) -> dict[str, Any]:
    """The platform's own claim: whatever its vendor prefix, it ends so."""
    return next((value for name, value in claims.items() if name.endswith(EVIDENCE_CLAIM)), {})


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
