"""Scores to the platform (AGS 2.0, 3.4): each is written down first, and sent in the same words until it arrives."""

import threading
import time
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from pylti1p3.exception import LtiServiceException
from pylti1p3.grade import Grade

from tests.sandbox.assessment_tool.attempts import now_text
from tests.sandbox.assessment_tool.questions import questions_of
from tests.sandbox.lti import Tool

SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
MEDIA_TYPE = "application/vnd.ims.lis.v1.score+json"
WAITING, ARRIVED, REFUSED = "waiting", "arrived", "refused"
LONGEST_WAIT_SECONDS = 60
TICK_SECONDS = 1
TRY_AGAIN = {408, 429}

# One sender at a time: the page that finishes and the thread that tries again must not send twice at once.
_sending = threading.Lock()


def say_started(tool: Tool, attempt_id: str, attempt: dict[str, Any]) -> None:
    """Notes that the person has begun; no score yet."""
    grade = Grade().set_activity_progress("Started").set_grading_progress("NotReady")
    grade.set_extra_claims({"submission": {"startedAt": attempt["started_at"]}})
    _queue(tool, f"{attempt_id}/1", attempt, grade, at=attempt["started_at"])


def say_finished(tool: Tool, attempt_id: str, attempt: dict[str, Any]) -> None:
    """The final score, and when the person began and handed in."""
    grade = Grade().set_activity_progress("Completed").set_grading_progress("FullyGraded")
    grade.set_score_given(attempt["right"]).set_score_maximum(len(questions_of(attempt["quiz"])))
    times = {"startedAt": attempt["started_at"], "submittedAt": attempt["finished_at"]}
    grade.set_extra_claims({"submission": times})
    _queue(tool, f"{attempt_id}/2", attempt, grade, at=now_text())


def send_due(tool: Tool) -> None:
    """Sends what waits and is due, in order; what cannot be sent waits longer."""
    with _sending:
        for key, score in tool.shelf.all("score"):
            if score["state"] == WAITING and time.time() >= score["next_try_at"]:
                tool.shelf.put("score", key, _sent(tool, score))


def state_of(tool: Tool, attempt_id: str) -> str:
    """`waiting`, `arrived` or `refused`: the final score of the attempt; empty if none is to be sent."""
    return str((tool.shelf.get("score", f"{attempt_id}/2") or {}).get("state", ""))


def keep_sending(tool: Tool) -> None:
    """Tries again in the background, for as long as the process lives."""

    def sweep() -> None:
        while True:
            send_due(tool)
            time.sleep(TICK_SECONDS)

    threading.Thread(target=sweep, daemon=True, name="scores").start()


def scores_url(line_item: str) -> str:
    """The line item's address with /scores on its path; its query stays (AGS 2.0, 3.4.1)."""
    parts = urlsplit(line_item)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores"))


def _queue(tool: Tool, key: str, attempt: dict[str, Any], grade: Grade, *, at: str) -> None:
    if not attempt["line_item"] or tool.shelf.get("score", key):
        return
    grade.set_user_id(attempt["sub"]).set_timestamp(at)
    score = {"url": scores_url(attempt["line_item"]), "body": grade.get_value()}
    tool.shelf.put("score", key, {**score, "state": WAITING, "tries": 0, "next_try_at": 0})


def _sent(tool: Tool, score: dict[str, Any]) -> dict[str, Any]:
    try:
        tool.connector.post(SCOPE, score["url"], score["body"], media_type=MEDIA_TYPE)
    except LtiServiceException as refusal:
        status = refusal.response.status_code
        if status >= 500 or status in TRY_AGAIN:
            return _later(score, why=str(status))
        print(f"score refused: {refusal}", flush=True)
        return {**score, "state": REFUSED, "why": str(refusal)[:1000]}
    except requests.RequestException as silence:
        return _later(score, why=str(silence))
    return {**score, "state": ARRIVED, "arrived_at": now_text()}


def _later(score: dict[str, Any], *, why: str) -> dict[str, Any]:
    wait = min(2 ** score["tries"], LONGEST_WAIT_SECONDS)
    return {**score, "tries": score["tries"] + 1, "next_try_at": time.time() + wait, "why": why[:1000]}
