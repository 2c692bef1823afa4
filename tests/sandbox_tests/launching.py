"""Opening a tool without a browser."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from tests.sandbox.lti import Tool
from tests.sandbox_tests.platform import CLIENT_ID, Platform


class Visitor:
    """A browser as far as a tool sees one: it keeps cookies, also those for secure places, and follows nothing."""

    def __init__(self, tool: Tool, platform: Platform) -> None:
        self.tool, self.platform = tool, platform
        self.cookies: dict[str, str] = {}

    def log_in(self, **more: str) -> dict[str, str]:
        """The parameters of the authorization request that the tool answers with."""
        asked = {
            "iss": self.platform.url,
            "login_hint": "lena",
            "client_id": CLIENT_ID,
            "target_link_uri": "x",
        }
        answer = self.get("/login", params={**asked, **more})
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def launch(self, claims: dict[str, Any], *, token: str = "") -> requests.Response:
        """The tool's answer to a launch with these claims, or with this id_token."""
        asked = self.log_in()
        return self.land(asked, token or self.platform.id_token(claims, nonce=asked["nonce"]))

    def land(self, asked: dict[str, str], token: str) -> requests.Response:
        """Posts the id_token to the tool, as the platform's page does."""
        return self.post("/launch", data={"state": asked["state"], "id_token": token})

    def get(self, path: str, **more: Any) -> requests.Response:
        """A page of the tool."""
        return self._ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> requests.Response:
        """The tool's answer to a post."""
        return self._ask("POST", path, **more)

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        url = self.tool.base_url + path
        answer = requests.request(method, url, headers=cookies, allow_redirects=False, timeout=20, **more)
        self.cookies |= {cookie.name: cookie.value or "" for cookie in answer.cookies}
        return answer
