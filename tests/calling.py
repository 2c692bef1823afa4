"""A tool that calls our services over HTTP, with a real access token."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.test import Client

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.journal import clock
from lti_platform.tools import tokens
from lti_platform.tools.models import Deployment
from tests.factories import make_context, make_deployment, make_link, make_registration

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


@dataclass
class CallingTool:
    """A tool placed in a course by one link. `scopes` None means all it was granted."""

    deployment: Deployment
    context: Context
    link: ResourceLink
    scopes: list[str] | None = None
    is_bound: bool = False  # whether its tokens are for this deployment alone
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    @property
    def token(self) -> str:
        """An access token made now."""
        registration = self.deployment.registration
        issued = tokens.issue(
            registration,
            scopes=registration.scopes if self.scopes is None else self.scopes,
            deployment=self.deployment if self.is_bound else None,
            token_id=tokens.new_token_id(),
            now=clock.now(),
        )
        return issued.token

    def call(self, method: str, url: str, body: Any = None, **headers: str) -> "Answer":
        """Calls an address of ours; `body` is sent as JSON, or as it is when bytes."""
        parts = urlsplit(url)
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        content_type = headers.pop("content_type", "application/json")
        return self.client.generic(
            method,
            f"{parts.path}?{parts.query}" if parts.query else parts.path,
            data,
            content_type=content_type,
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )

    def get(self, url: str, **headers: str) -> "Answer":
        return self.call("GET", url, **headers)

    def post(self, url: str, body: Any, **headers: str) -> "Answer":
        return self.call("POST", url, body, **headers)

    def put(self, url: str, body: Any, **headers: str) -> "Answer":
        return self.call("PUT", url, body, **headers)


def make_tool(context: Context | None = None, **fields: Any) -> CallingTool:
    """An enabled tool with every scope and one link in the course; `fields` change its registration."""
    context = context or make_context()
    deployment = make_deployment(make_registration(**fields))
    return CallingTool(deployment=deployment, context=context, link=make_link(context, deployment))


def next_url(response: "Answer") -> str:
    """The next page's address in the Link header, empty without one."""
    link = response.headers.get("Link", "")
    return link.partition("<")[2].partition(">")[0] if 'rel="next"' in link else ""
