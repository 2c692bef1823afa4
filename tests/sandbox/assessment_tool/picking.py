"""Which quiz a course gets is picked here (Deep Linking 2.0): the whole exam, or a short practice."""

import hashlib
import secrets
from typing import Any

from flask import Blueprint, abort, render_template, request
from pylti1p3.deep_link import DeepLink
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.lineitem import LineItem

from tests.sandbox.assessment_tool.questions import QUIZZES, questions_of
from tests.sandbox.lti import CLAIM, Tool
from tests.sandbox.web import browser_of, locale_of, speak

SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
PICKING_SECONDS = 3600


def open_picker(tool: Tool, claims: dict[str, Any], browser: str) -> str:
    """The page on which somebody picks; what the platform asked for is kept here, for this browser."""
    picking_id = secrets.token_urlsafe(24)
    kept = {
        "browser": _digest(browser),
        "locale": locale_of(claims),
        "deployment_id": claims[CLAIM + "deployment_id"],
        "settings": claims[SETTINGS],
    }
    tool.shelf.put("picking", picking_id, kept, seconds=PICKING_SECONDS)
    several = bool(claims[SETTINGS].get("accept_multiple"))
    quizzes = [
        {"id": name, "title": title, "count": len(questions_of(name))} for name, title in QUIZZES.items()
    ]
    return render_template("pick.html", picking_id=picking_id, quizzes=quizzes, several=several)


def picking_views(tool: Tool) -> Blueprint:
    """Handing over what was picked, or nothing."""
    views = Blueprint("picking", __name__, url_prefix="/picking/<picking_id>")

    @views.post("")
    def hand_over(picking_id: str) -> str:
        picking: dict[str, Any] | None = tool.shelf.get("picking", picking_id)
        if picking is None or picking["browser"] != _digest(browser_of(tool)):
            abort(
                404, "This was opened in another window. Go back to your learning platform and open it again."
            )
        speak(picking["locale"])
        picked = [quiz for quiz in request.form.getlist("quiz") if quiz in QUIZZES]
        link = DeepLink(tool.registration, picking["deployment_id"], picking["settings"])
        token = link.get_response_jwt([_resource(tool, quiz) for quiz in picked])
        address = picking["settings"]["deep_link_return_url"]
        return render_template("hand_over.html", address=address, token=token)

    return views


def _resource(tool: Tool, quiz: str) -> DeepLinkResource:
    """One quiz as a link with its line item; its own address tells nothing, the parameter does."""
    line_item = LineItem().set_score_maximum(len(questions_of(quiz))).set_label(QUIZZES[quiz])
    line_item.set_resource_id(quiz).set_tag("quiz")
    resource = DeepLinkResource().set_title(QUIZZES[quiz]).set_url(f"{tool.base_url}/launch")
    return resource.set_custom_params({"quiz": quiz}).set_lineitem(line_item)


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
