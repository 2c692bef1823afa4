"""The tool as a web application."""

from typing import Any

import requests
from flask import Blueprint, Flask, redirect, render_template, url_for
from pylti1p3.exception import LtiException

from tests.sandbox.assessment_tool import attempts, roster, scores
from tests.sandbox.assessment_tool.picking import open_picker, picking_views
from tests.sandbox.assessment_tool.questions import all_questions
from tests.sandbox.assessment_tool.views import exam_views
from tests.sandbox.lti import CLAIM, DEEP_LINKING_REQUEST, RESOURCE_LINK_REQUEST, Tool
from tests.sandbox.registering import register_views
from tests.sandbox.web import lti_views, new_app

STAFF = ("membership#Instructor", "membership#Administrator", "membership#ContentDeveloper")


def create_app(tool: Tool) -> Flask:
    """The application; the platform may frame it."""
    app = new_app("assessment_tool", policy=lambda: _policy(tool))
    app.jinja_env.globals.update(brand="Coldline Exams", brand_class="cold")
    app.register_blueprint(lti_views(tool, launched=lambda claims, browser: _launched(tool, claims, browser)))
    app.register_blueprint(register_views(tool, "assessment_tool"))
    views: Blueprint = exam_views(tool)
    app.register_blueprint(views)
    app.register_blueprint(picking_views(tool))

    @app.get("/")
    def about() -> str:
        return render_template("about.html", count=len(all_questions()))

    return app


def _policy(tool: Tool) -> dict[str, str]:
    """The platform may frame us, and takes what is picked here."""
    ours_and_theirs = f"'self' {tool.issuer_origin}"
    return {"frame-ancestors": ours_and_theirs, "form-action": ours_and_theirs}


def _launched(tool: Tool, claims: dict[str, Any], browser: str) -> Any:
    kind = claims[CLAIM + "message_type"]
    if kind == DEEP_LINKING_REQUEST:
        return open_picker(tool, claims, browser)
    if kind != RESOURCE_LINK_REQUEST:
        return render_template(
            "problem.html", title="This tool holds exams", reason=f"It cannot open {kind}."
        ), 400
    if any(role.endswith(STAFF) for role in claims[CLAIM + "roles"]):
        return _overview(tool, claims)
    attempt_id, is_new = attempts.open_attempt(tool, claims, browser)
    if is_new:
        scores.say_started(tool, attempt_id, tool.shelf.get("attempt", attempt_id))
        scores.send_due(tool)
    return redirect(url_for("exam.exam_page", attempt_id=attempt_id), 303)


def _overview(tool: Tool, claims: dict[str, Any]) -> str:
    roster_url = (claims.get(attempts.NRPS) or {}).get("context_memberships_url", "")
    line_item = (claims.get(attempts.AGS) or {}).get("lineitem", "")
    trouble = ""
    people: list[dict[str, Any]] = []
    found: dict[str, dict[str, Any]] = {}
    try:
        people = roster.members(tool, roster_url) if roster_url else []
        found = roster.results(tool, line_item) if line_item else {}
    except (LtiException, requests.RequestException) as error:
        trouble = str(error)
    title = claims[CLAIM + "resource_link"].get("title", "")
    return render_template("overview.html", people=people, results=found, title=title, trouble=trouble)
