"""The candidate's window where the tool was opened as an ordinary link."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for

from tests.sandbox.lti import Tool
from tests.sandbox.proctoring_tool import links
from tests.sandbox.proctoring_tool.views.relaying import relayed
from tests.sandbox.web import browser_of, speak


def link_views(tool: Tool) -> Blueprint:
    """Everything under /links/<id>, all of it of the browser that was launched."""
    views = Blueprint("links", __name__, url_prefix="/links/<session_id>")

    def own(session_id: str) -> dict[str, Any]:
        session: dict[str, Any] | None = tool.shelf.get(links.KIND, session_id)
        if session is None or session["browser"] != browser_of(tool):
            abort(404, "This session belongs to another browser.")
        speak(session["locale"])
        return session

    @views.get("")
    def watch(session_id: str) -> str:
        return render_template("link.html", session=own(session_id), session_id=session_id)

    @views.post("/flag")
    def flag(session_id: str) -> Any:
        own(session_id)
        return after(relayed(lambda: links.raise_flag(tool, session_id)), session_id)

    @views.post("/word")
    def word(session_id: str) -> Any:
        own(session_id)
        return relayed(lambda: links.say_watching(tool, session_id))

    @views.post("/end")
    def end(session_id: str) -> Any:
        own(session_id)
        return after(relayed(lambda: links.end(tool, session_id)), session_id)

    def after(answer: Any, session_id: str) -> Any:
        """Back to the page once the platform has it; else what the platform said."""
        return (
            answer
            if isinstance(answer, tuple)
            else redirect(url_for("links.watch", session_id=session_id), 303)
        )

    return views
