"""The portal as a web application."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, render_template, request

from tests.sandbox.portal.gate import CLOSED, OPENS, workers
from tests.sandbox.portal.receiving import NotSigned, NotUnderstood, take, verified
from tests.sandbox.shelf import Shelf
from tests.sandbox.web import new_app


def create_app(config: dict[str, Any], shelf: Shelf) -> Flask:
    """The application; `config` holds `secret` (whsec_…) and `name`."""
    app = new_app("portal", policy=dict)
    app.jinja_env.globals.update(brand=config.get("name", "Contractor portal"), brand_class="gate wide")
    _receiving(app, config, shelf)
    _showing(app, shelf)
    _failing(app, shelf)
    return app


def _receiving(app: Flask, config: dict[str, Any], shelf: Shelf) -> None:
    @app.post("/webhooks/credentials")
    def webhook() -> Any:
        if trouble := _trouble(shelf):
            return trouble
        try:
            message = verified(config["secret"], request.get_data(), dict(request.headers))
            outcome = take(shelf, request.headers["webhook-id"], message)
        except NotSigned as error:
            return {"error": "signature", "detail": str(error)}, 401
        except NotUnderstood as error:
            return {"error": "content", "detail": str(error)}, 422
        return {"outcome": outcome}


def _showing(app: Flask, shelf: Shelf) -> None:
    def known() -> list[dict[str, Any]]:
        entries = [entry for _, entry in shelf.all("certificate")]
        return workers(entries, on=datetime.now(UTC).date())

    @app.get("/")
    def page() -> str:
        return render_template("workers.html", workers=known(), opens=OPENS, closed=CLOSED)

    @app.get("/workers.json")
    def as_json() -> Any:
        return {"workers": known()}

    @app.get("/deliveries.json")
    def deliveries() -> Any:
        return {"deliveries": [{"id": key, **told} for key, told in shelf.all("delivery")]}


def _failing(app: Flask, shelf: Shelf) -> None:
    @app.post("/control/fail")
    def fail() -> Any:
        told = request.args
        plan = {"times": told.get("times", 1, int), "status": told.get("status", 503, int)}
        shelf.put("trouble", "plan", {**plan, "retry_after": told.get("retry_after", "")})
        return plan


def _trouble(shelf: Shelf) -> Any:
    """The bad answer that was ordered, as often as it was."""
    with shelf.changing("trouble", "plan") as plan:
        if plan.get("times", 0) <= 0:
            return None
        plan["times"] -= 1
        headers = {"Retry-After": plan["retry_after"]} if plan["retry_after"] else {}
        return {"error": "ordered"}, plan["status"], headers
