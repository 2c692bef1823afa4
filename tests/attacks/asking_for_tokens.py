"""A tool at our token endpoint, as the attacks on it need: every field of a good request, to be spoiled one by one."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from jwt import PyJWS

from keys.models import OneTimeUse
from lti_platform.journal.models import Entry
from lti_platform.tools import scopes
from lti_platform.tools.models import Registration
from tests.tool_keys import ToolKey, assertion_claims, tool_key

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"
URL = "/lti/token"
DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"


def endpoint() -> str:
    """The token endpoint as tools are told it."""
    return f"{settings.PLATFORM_URL}{URL}"


class Answer(Protocol):
    """What the test client gives back, as far as these tests look at it."""

    @property
    def status_code(self) -> int: ...
    @property
    def content(self) -> bytes: ...
    def json(self) -> Any: ...
    def __getitem__(self, header: str, /) -> str: ...


@dataclass
class TokenSeeker:
    """A registered tool with its key."""

    registration: Registration
    key: ToolKey

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Good claims with `changes`; None removes one."""
        return assertion_claims(self.registration.client_id, **{"audience": endpoint(), **changes})

    def fields(self, *, assertion: str | None = None, **changes: Any) -> dict[str, str]:
        """A good form with `changes`; None removes a field."""
        good = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion or self.key.sign(self.claims()),
            "scope": scopes.SCORE,
        }
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def ask(self, **changes: Any) -> Answer:
        """Posts a good form with `changes`."""
        return post_form(self.fields(**changes))

    def ask_with(self, *, headers: dict[str, Any] | None = None, **claims: Any) -> Answer:
        """Posts a good form whose assertion has these claims and headers changed."""
        return self.ask(assertion=self.key.sign(self.claims(**claims), headers=headers))

    def bearer(self, scope: str = " ".join(scopes.SUPPORTED), **claims: Any) -> str:
        """An Authorization header with a fresh token for `scope`."""
        answer = self.ask(scope=scope, assertion=self.key.sign(self.claims(**claims)))
        return f"Bearer {answer.json()['access_token']}"


def post_form(fields: Any, **headers: Any) -> Answer:
    """The answer to a form, which may be a mapping or pairs."""
    return post_bytes(urlencode(fields).encode(), **headers)


def post_bytes(body: bytes, *, content_type: str = FORM, **headers: Any) -> Answer:
    """The answer to a body; an unhandled error would be raised here."""
    return Client(enforce_csrf_checks=True).post(URL, body, content_type=content_type, **headers)


def unsigned(claims: dict[str, Any], *, header: dict[str, Any], signature: bytes = b"") -> str:
    """A compact JWS put together by hand."""
    parts = [json.dumps(part).encode() for part in (header, claims)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in [*parts, signature])


def sign_anything(key: ToolKey, claims: dict[str, Any], *, headers: dict[str, Any] | None = None) -> str:
    """Signs claims of any shape; a library that builds tokens would refuse to make some of them."""
    said = {"kid": key.kid} if headers is None else headers
    return PyJWS().encode(json.dumps(claims).encode(), key.private, algorithm="RS256", headers=said)


def assert_refused(answer: Answer, error: str, *, status: int = 400) -> None:
    """The exact RFC 6749 error, uncached; no token was recorded, no assertion spent, and the refusal was noted."""
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.content
    assert answer["Cache-Control"] == "no-store"
    assert "access_token" not in answer.json()
    assert not OneTimeUse.objects.exists()
    assert set(Entry.objects.values_list("fact_type", flat=True)) == {"security.refused"}


def in_deployment(deployment_id: str) -> dict[str, Any]:
    """The claim that binds a token to a deployment."""
    return {DEPLOYMENT: deployment_id}


def seeker(registration: Registration, *, key: ToolKey | None = None) -> TokenSeeker:
    """The tool of this registration, with the key that tests give it unless another is named."""
    return TokenSeeker(registration, key or tool_key())
