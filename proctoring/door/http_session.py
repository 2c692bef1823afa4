"""What the library takes for a web session, on our one guarded client."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from lti_platform.outbound import http

MOST_BYTES = 256 * 1024
TIMEOUT_SECONDS = 10


class GuardedResponse:
    """The parts of an answer that the library reads."""

    def __init__(self, url: str, answer: http.Response) -> None:
        self.url, self.status_code = url, answer.status
        self.content, self.headers = answer.body, answer.headers

    @property
    def ok(self) -> bool:
        """Whether the answer is a success; a redirect is none, for nothing follows it."""
        return 200 <= self.status_code < 300

    @property
    def text(self) -> str:
        """The body's beginning, for messages about what went wrong."""
        return self.content[:500].decode("utf-8", "replace")

    def json(self) -> Any:
        """The body, parsed. Raises ValueError."""
        return json.loads(self.content)


class GuardedSession:
    """GET and POST through `outbound.http`. Raises its OutboundError."""

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> GuardedResponse:
        """One GET, no redirects."""
        return self._ask("GET", url, headers=headers or {}, body=None)

    def post(
        self, url: str, data: Mapping[str, str] | str | None = None, headers: Mapping[str, str] | None = None
    ) -> GuardedResponse:
        """One POST; a mapping is sent as a form."""
        sent = dict(headers or {})
        if isinstance(data, Mapping):
            data = urlencode(data)
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self._ask("POST", url, headers=sent, body=(data or "").encode())

    def _ask(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None
    ) -> GuardedResponse:
        answer = http.fetch(
            url,
            method=method,
            headers=headers,
            body=body,
            max_bytes=MOST_BYTES,
            timeout_seconds=TIMEOUT_SECONDS,
        )
        return GuardedResponse(url, answer)
