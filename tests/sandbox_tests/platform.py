"""A stand-in for a platform, as small as the tools can bear: it opens them, and takes what they send."""

import hashlib
import threading
import time
import uuid
from typing import Any

import jwt
from flask import Flask, Response, redirect, request
from werkzeug.serving import make_server

from tests.tool_keys import tool_key

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
PROCTORING = "https://purl.imsglobal.org/spec/lti-ap/claim/"
EVIDENCE = "https://platform.example"
CLIENT_ID, DEPLOYMENT_ID = "client-1", "deployment-1"
PAGE = "<!doctype html><title>{title}</title><link rel=icon href='data:,'><body>{body}"
POST_AT_ONCE = (
    "<form method=post action='{action}'><input type=hidden name=state value='{state}'>"
    "<input type=hidden name=id_token value='{token}'></form><script>document.forms[0].submit()</script>"
)
ATTEMPT = """<h1>{title}</h1>
<button id=check>Check in</button> <button id=end>End</button>
<script>
  window.name = "attempt";
  check.onclick = () => window.open("/open/start", "proctoring");
  end.onclick = () => window.open("/open/end", "proctoring");
</script>"""


class Server:
    """A WSGI application on a loopback port, in a thread, while the block runs."""

    def __init__(self, app: Any, *, port: int = 0, host: str = "127.0.0.1") -> None:
        self.server = make_server("127.0.0.1", port, app, threaded=True)
        self.url = f"http://{host}:{self.server.server_port}"

    def __enter__(self) -> "Server":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Platform:
    """What it was sent is in `received`; what it opens is in `launches`, by name."""

    def __init__(self) -> None:
        self.key = tool_key("platform")
        self.app = Flask(__name__)
        self.server = Server(self.app, host="localhost")
        self.launches: dict[str, dict[str, Any]] = {}
        self.login_url = ""
        self.received: dict[str, list[Any]] = {}
        self.items: dict[str, dict[str, Any]] = {}
        self.uploads: dict[str, bytes] = {}
        self.refuse: dict[str, int] = {}
        self.status = "running"
        _messages(self)
        _services(self)
        _evidence(self)

    @property
    def url(self) -> str:
        """Its address, on another site than the tools'."""
        return self.server.url

    @property
    def tool_config(self) -> dict[str, Any]:
        """What the configuration file of a tool holds."""
        return {
            "platform": {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
            },
            "client_id": CLIENT_ID,
            "deployment_ids": [DEPLOYMENT_ID],
            "segment_seconds": 2,
        }

    def claims(self, message_type: str, **more: Any) -> dict[str, Any]:
        """The claims of a launch of Lena's, without times and nonce; keys of `more` are full claim names."""
        return {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": "lena-1",
            "given_name": "Lena",
            "family_name": "Ruiz",
            "name": "Lena Ruiz",
            CLAIM + "message_type": message_type,
            CLAIM + "version": "1.3.0",
            CLAIM + "deployment_id": DEPLOYMENT_ID,
            CLAIM + "target_link_uri": "http://tool.example/",
            CLAIM + "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            CLAIM + "resource_link": {"id": "link-1", "title": "EPA 608 Core"},
            **more,
        }

    def start_proctoring(self, **more: Any) -> dict[str, Any]:
        """The claims of LtiStartProctoring."""
        offered = ["pause", "resume", "terminate", "update", "flag"]
        evidence = {
            "items_url": f"{self.url}/items",
            "end_url": f"{self.url}/end",
            "scope": ["evidence-scope"],
        }
        proctoring = {
            PROCTORING + "attempt_number": 1,
            PROCTORING + "session_data": "s3ss10n-data",
            PROCTORING + "start_assessment_url": f"{self.url}/start",
            PROCTORING + "acs": {"assessment_control_url": f"{self.url}/control", "actions": offered},
            f"{EVIDENCE}/claim/evidence": evidence,
            CLAIM + "launch_presentation": {"return_url": f"{self.url}/return/1", "locale": "en"},
        }
        return self.claims("LtiStartProctoring", **{**proctoring, **more})

    def resource_link(self, attempt: str = "a1", more: dict[str, Any] | None = None) -> dict[str, Any]:
        """The claims of LtiResourceLinkRequest, with roster and line item."""
        scopes = [
            f"https://purl.imsglobal.org/spec/lti-ags/scope/{name}" for name in ("score", "result.readonly")
        ]
        services = {
            "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
                "scope": scopes,
                "lineitem": f"{self.url}/lineitem?attempt={attempt}",
            },
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
                "context_memberships_url": f"{self.url}/memberships",
                "service_versions": ["2.0"],
            },
        }
        return self.claims("LtiResourceLinkRequest", **{**services, **(more or {})})

    def end_assessment(self, **more: Any) -> dict[str, Any]:
        """The claims of LtiEndAssessment."""
        return self.claims("LtiEndAssessment", **{PROCTORING + "attempt_number": 1, **more})

    def id_token(self, claims: dict[str, Any], *, nonce: str) -> str:
        """Signed by the platform, good for five minutes; `claims` may say otherwise."""
        now = int(time.time())
        return self.key.sign({"nonce": nonce, "iat": now, "exp": now + 300, **claims})

    def keep(self, kind: str, value: Any) -> None:
        """Notes what came."""
        self.received.setdefault(kind, []).append(value)

    def refuses(self, kind: str) -> bool:
        """Whether a call of this kind is to fail, as often as `refuse` says."""
        left = self.refuse.get(kind, 0)
        self.refuse[kind] = max(left - 1, 0)
        return left > 0


def _messages(platform: Platform) -> None:
    app = platform.app

    @app.get("/attempt")
    def attempt() -> Response:
        return _window_a("Attempt")

    @app.get("/frame/<name>")
    def frame(name: str) -> str:
        return PAGE.format(title="Exam", body=f"<iframe src='/open/{name}' width=390 height=700></iframe>")

    @app.get("/open/<name>")
    def open_tool(name: str) -> Any:
        query = f"iss={platform.url}&login_hint=lena&lti_message_hint={name}&client_id={CLIENT_ID}"
        return redirect(f"{platform.login_url}?{query}&target_link_uri=http://tool.example/")

    @app.get("/authorize")
    def authorize() -> str:
        token = platform.id_token(
            platform.launches[request.args["lti_message_hint"]], nonce=request.args["nonce"]
        )
        fields = {"action": request.args["redirect_uri"], "state": request.args["state"], "token": token}
        return PAGE.format(title="Opening", body=POST_AT_ONCE.format(**fields))

    @app.post("/start")
    def start() -> Response:
        platform.keep("start", request.form["JWT"])
        return _window_a("The exam runs")

    @app.get("/jwks")
    def jwks() -> Any:
        return platform.key.jwks


def _window_a(title: str) -> Response:
    """Every page of window A says the same about its openers, or the two windows lose each other."""
    page = Response(PAGE.format(title=title, body=ATTEMPT.format(title=title)))
    page.headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    return page


def _services(platform: Platform) -> None:
    app = platform.app

    @app.post("/token")
    def token() -> Any:
        platform.keep(
            "token", jwt.decode(request.form["client_assertion"], options={"verify_signature": False})
        )
        return {
            "access_token": request.form["scope"],
            "token_type": "bearer",
            "expires_in": 3600,
            "scope": "",
        }

    @app.post("/control")
    def control() -> Any:
        platform.keep("control", request.get_json(force=True))
        return {"status": platform.status, "extra_time": 0}

    @app.get("/memberships")
    def memberships() -> Any:
        members = {
            "p1": [],
            "PageTWO": [{"user_id": "lena-1", "name": "Lena Ruiz", "roles": [], "status": "Active"}],
        }
        page = request.args.get("page", "p1")
        following = {"Link": f'<{platform.url}/memberships?page=PageTWO>; rel="next"'} if page == "p1" else {}
        return {"id": "m", "context": {"id": "c"}, "members": members[page]}, 200, following

    @app.post("/lineitem/scores")
    def scores() -> Any:
        platform.keep("score", {**request.get_json(force=True), "query": request.query_string.decode()})
        return ("", 503) if platform.refuses("score") else {}

    @app.get("/lineitem/results")
    def results() -> Any:
        return [{"id": "r", "scoreOf": "l", "userId": "lena-1", "resultScore": 20, "resultMaximum": 25}]


def _evidence(platform: Platform) -> None:
    app = platform.app

    @app.after_request
    def cors(response: Response) -> Response:
        if request.path.startswith("/upload/"):
            response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "")
            response.headers["Access-Control-Allow-Methods"] = "PUT"
            response.headers["Access-Control-Allow-Headers"] = "content-type"
        return response

    @app.post("/items")
    def plan() -> Any:
        if platform.refuses("items"):
            return {"detail": "not now"}, 503
        wanted = request.get_json(force=True)
        name = "/".join(str(wanted[part]) for part in ("kind", "stream", "sequence"))
        known = next(
            (one for one in platform.items.values() if one["name"] == name and name[:9] == "recording"), None
        )
        item = known or {"name": name, "id": uuid.uuid4().hex, "state": "planned", "plan": wanted}
        platform.items[item["id"]] = item
        return _answer(platform, item), 200 if known else 201

    @app.route("/upload/<item>", methods=["PUT", "OPTIONS"])
    def upload(item: str) -> Any:
        if request.method == "PUT":
            platform.uploads[item] = request.get_data()
        return ""

    _evidence_is_complete(platform)


def _evidence_is_complete(platform: Platform) -> None:
    app = platform.app

    @app.post("/items/<item>/complete")
    def complete(item: str) -> Any:
        said = request.get_json(force=True)
        assert said["sha256"] == hashlib.sha256(platform.uploads[item]).hexdigest()
        platform.items[item].update(state="received", completion=said)
        return {"id": item, "state": "received"}, 202

    @app.post("/end")
    def end() -> Any:
        platform.keep("end", request.get_json(force=True))
        return {"state": "ended"}, 202


def _answer(platform: Platform, item: dict[str, Any]) -> dict[str, Any]:
    address = f"{platform.url}/items/{item['id']}"
    headers = {"Content-Type": item["plan"]["media_type"]}
    upload = {"method": "PUT", "url": f"{platform.url}/upload/{item['id']}", "headers": headers}
    return {
        "id": item["id"],
        "state": item["state"],
        "url": address,
        "complete_url": f"{address}/complete",
        "upload": upload if item["state"] == "planned" else None,
    }
