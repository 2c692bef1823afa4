"""One attempt for each person, link and line item: opened again, it is where it was."""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import abort

from tests.sandbox.assessment_tool.questions import FULL, is_answer, questions_of, right_answers
from tests.sandbox.lti import CLAIM, Tool
from tests.sandbox.web import locale_of

AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


def now_text() -> str:
    """Now, as ISO 8601 in UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def open_attempt(tool: Tool, claims: dict[str, Any], browser: str) -> tuple[str, bool]:
    """The attempt's id and whether it is new. The platform's line item address tells attempts apart, query and all."""
    line_item = (claims.get(AGS) or {}).get("lineitem", "")
    place = "\n".join([claims["sub"], claims[CLAIM + "resource_link"]["id"], line_item])
    key = hashlib.sha256(place.encode()).hexdigest()
    with tool.shelf.changing("place", key) as found:
        attempt_id = found.setdefault("attempt", secrets.token_urlsafe(24))
    with tool.shelf.changing("attempt", attempt_id) as attempt:
        is_new = not attempt
        attempt.setdefault("answers", {})
        attempt.setdefault("started_at", now_text())
        attempt |= {
            "browser": _digest(browser),
            "locale": locale_of(claims),
            "sub": claims["sub"],
            "name": claims.get("name", ""),
            "title": claims[CLAIM + "resource_link"].get("title", ""),
            "quiz": (claims.get(CLAIM + "custom") or {}).get("quiz", FULL),
            "line_item": line_item,
            "roster_url": (claims.get(NRPS) or {}).get("context_memberships_url", ""),
        }
    return attempt_id, is_new


def own(tool: Tool, attempt_id: str, browser: str) -> dict[str, Any]:
    """The attempt, if it is of this browser; 404 otherwise."""
    attempt: dict[str, Any] | None = tool.shelf.get("attempt", attempt_id)
    if attempt is None or not browser or attempt["browser"] != _digest(browser):
        abort(
            404,
            "This exam was opened in another window. Go back to your learning platform and open it again.",
        )
    return attempt


def answer(tool: Tool, attempt_id: str, answers: dict[str, int]) -> int:
    """Keeps the answers; how many of all questions have one. 409 once finished, 400 for what is no answer."""
    if not all(is_answer(question, option) for question, option in answers.items()):
        abort(400, "There is no such answer.")
    with tool.shelf.changing("attempt", attempt_id) as attempt:
        if "finished_at" in attempt:
            abort(409, "This exam is finished.")
        attempt["answers"] |= answers
        return len(attempt["answers"])


def unanswered(attempt: dict[str, Any]) -> list[int]:
    """Numbers, from 1, of the questions without an answer."""
    return [
        number
        for number, one in enumerate(questions_of(attempt["quiz"]), 1)
        if one["id"] not in attempt["answers"]
    ]


def finish(tool: Tool, attempt_id: str) -> dict[str, Any]:
    """The attempt, finished; the first finish counts."""
    with tool.shelf.changing("attempt", attempt_id) as attempt:
        attempt.setdefault("finished_at", now_text())
        attempt.setdefault("right", right_answers(attempt["answers"], quiz=attempt["quiz"]))
        return dict(attempt)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
