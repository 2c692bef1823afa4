"""What the programs of the sandbox share as web servers: pages in two languages, headers, launches."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, g, make_response, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from pylti1p3.exception import LtiException
from werkzeug.exceptions import HTTPException

from tests.sandbox import registering, storing
from tests.sandbox.lti import CLAIM, Tool, set_cookie

SHARED = Path(__file__).parent / "shared"
SESSION_SECONDS = 24 * 3600
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

Launched = Callable[[dict[str, Any], str], Any]


def new_app(package: str, *, policy: Callable[[], dict[str, str]], permissions: str = "") -> Flask:
    """An app that serves the templates, static files and words of this package, and the shared ones.

    `policy` is asked for each answer: whom we trust may be known only after we registered.
    """
    folder = Path(__file__).parent / package
    app = Flask(f"tests.sandbox.{package}", root_path=str(folder))
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(folder / "templates"), FileSystemLoader(SHARED / "templates")]
    )
    words = _spanish(folder)
    app.jinja_env.globals["t"] = lambda text: words.get(text, text) if language() == "es" else text
    app.jinja_env.globals["words"] = lambda: words if language() == "es" else {}
    app.jinja_env.globals["language"] = language
    app.register_blueprint(
        Blueprint("shared", __name__, static_folder=str(SHARED / "static"), static_url_path="/shared")
    )
    app.errorhandler(HTTPException)(_as_page)
    app.before_request(_refuse_foreign_posts)
    app.after_request(_with_headers(policy, permissions))
    return app


def lti_views(tool: Tool, *, launched: Launched) -> Blueprint:
    """Login, launch and key set. `launched` is given the claims and the browser's session, and answers."""
    views = Blueprint("lti", __name__)

    @views.get("/jwks.json")
    def jwks() -> Any:
        return tool.key.jwks

    @views.route("/login", methods=["GET", "POST"])
    def login() -> Any:
        registering.learn(tool, deployment_id=request.values.get("lti_deployment_id"))
        if request.values.get("lti_storage_target"):
            return _or_page(lambda: storing.begin(tool))
        return _or_page(tool.log_in)

    @views.post("/launch")
    def launch() -> Any:
        if error := request.form.get("error"):
            words = request.form.get("error_description") or error
            return render_template("problem.html", title="The launch was refused", reason=words), 400
        if storing.was_begun(tool):
            return storing.ask_back(tool)
        return _accept(tool, launched, tool.launched)

    @views.post("/launch/stored")
    def launch_stored() -> Any:
        return _accept(tool, launched, lambda: storing.launched(tool))

    return views


def _accept(tool: Tool, launched: Launched, read: Callable[[], dict[str, Any]]) -> Any:
    def answer() -> Response:
        claims = read()
        speak(locale_of(claims))
        browser = request.cookies.get(f"{tool.name}-session") or secrets.token_urlsafe(32)
        response = make_response(launched(claims, browser))
        set_cookie(response, f"{tool.name}-session", browser, seconds=SESSION_SECONDS)
        return response

    return _or_page(answer)


def browser_of(tool: Tool) -> str:
    """The browser's session with this tool; empty if it has none."""
    return request.cookies.get(f"{tool.name}-session", "")


def speak(language: str) -> None:
    """The language of the page at hand."""
    g.language = language


def language() -> str:
    """`en` or `es`: what the launch said, else what the browser asks for."""
    spoken = getattr(g, "language", "")
    return spoken or request.accept_languages.best_match(["en", "es"]) or "en"


def locale_of(claims: dict[str, Any]) -> str:
    """`es` if the platform speaks Spanish with this person, else `en`."""
    presentation = claims.get(CLAIM + "launch_presentation") or {}
    said = str(presentation.get("locale") or claims.get("locale") or "en")
    return "es" if said.lower().startswith("es") else "en"


def json_body() -> dict[str, Any]:
    """The JSON object that was posted; 400 otherwise."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400, "A JSON object is needed.")
    return body


def _or_page(answer: Callable[[], Any]) -> Any:
    """pylti1p3 raises bare Exception for issuers and clients it does not know."""
    try:
        return answer()
    except HTTPException:
        raise
    except LtiException as refusal:
        words = str(refusal)
    except Exception as refusal:
        words = str(refusal)
    print(f"refused: {words}", flush=True)
    return render_template("problem.html", title="This launch cannot be accepted", reason=words), 400


def _as_page(error: HTTPException) -> Any:
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return {"detail": error.description}, error.code or 500
    page = render_template("problem.html", title=error.name, reason=error.description)
    return page, error.code or 500


def _refuse_foreign_posts() -> None:
    """Other sites may post launches and webhooks, nothing else."""
    origin = request.headers.get("Origin")
    own = f"{request.scheme}://{request.host}"
    is_open = request.path in ("/login", "/launch") or request.path.startswith("/webhooks/")
    if request.method == "POST" and not is_open and origin not in (None, own):
        abort(403, "Posted from another site.")


def _with_headers(policy: Callable[[], dict[str, str]], permissions: str) -> Callable[[Response], Response]:
    def add(response: Response) -> Response:
        written = "; ".join(f"{name} {value}".strip() for name, value in {**POLICY, **policy()}.items())
        response.headers.setdefault("Content-Security-Policy", written)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "strict-origin"
        if permissions:
            response.headers["Permissions-Policy"] = permissions
        if request.blueprint != "shared" and request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return add


def _spanish(folder: Path) -> dict[str, str]:
    words: dict[str, str] = {}
    for path in (SHARED / "words.es.json", folder / "words.es.json"):
        if path.exists():
            words |= json.loads(path.read_text(encoding="utf-8"))
    return words
