"""Handing over what was recorded: the platform says where each item goes, the browser takes it there."""

import json
from typing import Any

from tests.sandbox.lti import Tool
from tests.sandbox.proctoring_tool import control, sessions
from tests.sandbox.proctoring_tool.clock import now_text

Item = dict[str, Any]


def open_item(tool: Tool, session_id: str, plan: Item) -> Item:
    """{"state", "upload"?}: where to put the bytes, unless they are there already.

    `plan`: kind, stream, sequence, media_type, bytes. Asked again, it is the same item with a fresh address.
    Raises LtiServiceException, requests.RequestException.
    """
    evidence = sessions.found(tool, session_id)["evidence"]
    key = _key(session_id, plan)
    known = tool.shelf.get("item", key)
    if known and plan["kind"] != "recording":
        return _fresh_address(tool, evidence, known)
    item = _post(tool, evidence, evidence["items_url"], plan)
    kept = {"plan": plan, "url": item["url"], "complete_url": item["complete_url"], "state": item["state"]}
    tool.shelf.put("item", key, kept)
    control.hear(tool, session_id, item.get("attempt_status"))
    return {"state": item["state"], "upload": item.get("upload")}


def complete_item(tool: Tool, session_id: str, plan: Item, completion: Item) -> Item:
    """{"state"}: the platform's word that it has the item.

    `completion`: bytes, sha256, capture_started_at, capture_ended_at, sent_at, by the clock of the browser.
    Raises LtiServiceException, requests.RequestException; KeyError if the item was never opened.
    """
    evidence = sessions.found(tool, session_id)["evidence"]
    known = tool.shelf.get("item", _key(session_id, plan))
    if known is None:
        raise KeyError(plan)
    reply = _post(tool, evidence, known["complete_url"], completion) or {}
    tool.shelf.put("item", _key(session_id, plan), {**known, "state": reply.get("state", "received")})
    control.hear(tool, session_id, reply.get("attempt_status"))
    return {"state": reply.get("state", "received")}


def end(tool: Tool, session_id: str, counted: list[Item]) -> None:
    """Tells the platform that no more is coming but what is named; said again, it is said in the same words.

    `counted`: [{"kind", "stream", "count"}] as the browser knows them; items opened here count too.
    Raises LtiServiceException, requests.RequestException.
    """
    with tool.shelf.changing("session", session_id) as session:
        if "end_notice" not in session:
            named = _named(tool, session_id, counted)
            session["end_notice"] = {"ended_at": now_text(), "items": named}
        notice, evidence = session["end_notice"], session["evidence"]
    if evidence:
        _post(tool, evidence, evidence["end_url"], notice)
    with tool.shelf.changing("session", session_id) as session:
        session["state"] = sessions.ENDED
        sessions.note(session, "tool", "handed over")


def _named(tool: Tool, session_id: str, counted: list[Item]) -> list[Item]:
    counts = {(str(one["kind"]), str(one["stream"])): int(one["count"]) for one in counted}
    for key, item in tool.shelf.all("item"):
        plan = item["plan"]
        if key == _key(session_id, plan):
            named = (plan["kind"], plan["stream"])
            counts[named] = max(counts.get(named, 0), plan["sequence"] + 1)
    return [
        {"kind": kind, "stream": stream, "count": count} for (kind, stream), count in sorted(counts.items())
    ]


def _fresh_address(tool: Tool, evidence: Item, known: Item) -> Item:
    """Other kinds than recordings make a new item each time they are planned: ask about the one there is."""
    scopes = evidence["scope"]
    now = tool.connector.make_service_request(scopes, known["url"])["body"]
    if now["state"] != "planned":
        return {"state": now["state"], "upload": None}
    reply = _post(tool, evidence, f"{known['url']}/upload", {})
    return {"state": "planned", "upload": reply.get("upload", reply)}


def _post(tool: Tool, evidence: Item, url: str, body: Item) -> Any:
    return tool.connector.post(evidence["scope"][0], url, json.dumps(body))


def _key(session_id: str, plan: Item) -> str:
    return f"{session_id}/{plan['kind']}/{plan['stream']}/{plan['sequence']}"
