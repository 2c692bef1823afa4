"""The tool as a web application."""

from urllib.parse import urlsplit

from flask import Flask, redirect, render_template, url_for

from tests.sandbox.lti import CLAIM, END_ASSESSMENT, RESOURCE_LINK_REQUEST, START_PROCTORING, Tool
from tests.sandbox.proctoring_tool import links, sessions
from tests.sandbox.proctoring_tool.views.candidate import candidate_views
from tests.sandbox.proctoring_tool.views.links import link_views
from tests.sandbox.proctoring_tool.views.proctor import proctor_views
from tests.sandbox.registering import register_views
from tests.sandbox.web import lti_views, new_app

PERMISSIONS = "camera=(self), microphone=(self), display-capture=(self), geolocation=()"


def create_app(tool: Tool) -> Flask:
    """The application; `tool.config` may set segment_seconds, status_seconds and upload_origins."""
    app = new_app("proctoring_tool", policy=lambda: _policy(tool), permissions=PERMISSIONS)
    app.jinja_env.globals.update(brand="Steady Watch", brand_class="watch")
    app.register_blueprint(lti_views(tool, launched=_launched(tool)))
    app.register_blueprint(register_views(tool, "proctoring_tool"))
    app.register_blueprint(candidate_views(tool))
    app.register_blueprint(proctor_views(tool))
    app.register_blueprint(link_views(tool))

    @app.get("/")
    def about() -> str:
        return render_template("about.html")

    return app


def _policy(tool: Tool) -> dict[str, str]:
    stores = " ".join(_origins(tool))
    return {
        "connect-src": f"'self' {tool.issuer_origin} {stores}".strip(),
        "form-action": f"'self' {tool.issuer_origin}".strip(),
    }


def _launched(tool: Tool):  # type: ignore[no-untyped-def]
    def answer(claims, browser):  # type: ignore[no-untyped-def]
        kind = claims[CLAIM + "message_type"]
        if kind == START_PROCTORING:
            session_id = sessions.begin(tool, claims, browser)
            return redirect(url_for("candidate.session_page", session_id=session_id), 303)
        if kind == RESOURCE_LINK_REQUEST:
            return redirect(url_for("links.watch", session_id=links.begin(tool, claims, browser)), 303)
        if kind == END_ASSESSMENT:
            ended = sessions.end_by_platform(tool, claims, browser)
            if ended is None:
                return render_template("nothing_to_end.html"), 200
            return redirect(url_for("candidate.ended_page", session_id=ended), 303)
        return render_template(
            "problem.html", title="This tool proctors exams", reason=f"It cannot open {kind}."
        ), 400

    return answer


def _origins(tool: Tool) -> list[str]:
    """Where uploads go if not to the platform: the origins of its object store."""
    found = (urlsplit(address) for address in tool.config.get("upload_origins", []))
    return [f"{parts.scheme}://{parts.netloc}" for parts in found]
