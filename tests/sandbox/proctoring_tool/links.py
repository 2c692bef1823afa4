"""Watching without Proctoring Services: opened as an ordinary link, told by custom parameters where things go."""

import json
import secrets
from typing import Any

from tests.sandbox.lti import CLAIM, Tool
from tests.sandbox.proctoring_tool.clock import now_text
from tests.sandbox.web import locale_of

SCOPE = "https://proctored-credentials.example/scope/flags"
KIND = "link"


def begin(tool: Tool, claims: dict[str, Any], browser: str) -> str:
    """The id of a new session for this LtiResourceLinkRequest."""
    custom = claims.get(CLAIM + "custom") or {}
    session_id = secrets.token_urlsafe(24)
    session = {
        "browser": browser,
        "locale": locale_of(claims),
        "title": claims[CLAIM + "resource_link"].get("title", ""),
        "start_url": custom.get("exam_start_url", ""),
        "flags_url": custom.get("exam_flags_url", ""),
        "end_url": custom.get("exam_end_url", ""),
        "flags": 0,
        "words": 0,
    }
    tool.shelf.put(KIND, session_id, session)
    return session_id


def raise_flag(tool: Tool, session_id: str) -> dict[str, Any]:
    """The platform's answer. Raises LtiServiceException, requests.RequestException."""
    said = {"severity": 0.6, "code": "proctor_flag", "message": "The proctor saw something"}
    return _tell(tool, session_id, counted="flags", said=said)


def say_watching(tool: Tool, session_id: str) -> dict[str, Any]:
    """Our word that we watch, which is noted only; the platform's answer says whether the exam runs yet.

    Without such a word the platform takes it that nobody was checked in: anybody who holds the start address can open
    it. Raises LtiServiceException, requests.RequestException.
    """
    return _tell(tool, session_id, counted="words", said={"severity": 0, "code": "watching"})


def _tell(tool: Tool, session_id: str, *, counted: str, said: dict[str, Any]) -> dict[str, Any]:
    """The key is ours: sent again after a lost answer, the flag would be kept once."""
    with tool.shelf.changing(KIND, session_id) as session:
        session[counted] += 1
    flag = {"key": f"{session_id}/{counted}/{session[counted]}", "occurred_at": now_text(), **said}
    return dict(tool.connector.post(SCOPE, session["flags_url"], json.dumps(flag)) or {})


def end(tool: Tool, session_id: str) -> dict[str, Any]:
    """We watch no more. Raises LtiServiceException, requests.RequestException."""
    session: dict[str, Any] = tool.shelf.get(KIND, session_id) or {}
    return dict(tool.connector.post(SCOPE, session["end_url"], "{}") or {})
