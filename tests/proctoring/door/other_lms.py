"""An LMS of somebody else: it launches us, hands out tokens and takes scores."""

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from django.db.models import QuerySet
from django.test import Client

from keys.models import SigningKey
from proctoring.door.forms import OtherPlatformForm
from proctoring.door.models import OtherPlatform
from proctoring.models import Exam
from tests.services.receiver import Answer, Asked, Receiver
from tests.tool_keys import ToolKey, tool_key

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
LIS = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
ISSUER = "https://lms.northgate.example"


@dataclass
class OtherLms:
    """It listens on `receiver`, signs with `key`, and knows us as `client_id`."""

    receiver: Receiver
    exam: Exam
    key: ToolKey = field(default_factory=lambda: tool_key("other-lms"))
    client_id: str = "proctored-credentials"
    status: int = 200  # what it says to a score

    def __post_init__(self) -> None:
        self.receiver.answers["/jwks"] = Answer(body=json.dumps(self.key.jwks).encode())
        self.receiver.answers["/token"] = Answer(body=json.dumps({"access_token": "secret-1"}).encode())
        self.receiver.answers["/items/7/scores"] = lambda asked: Answer(status=self.status)

    def known_as(self, **fields: Any) -> OtherPlatform:
        """What Ada entered about it."""
        defaults: dict[str, Any] = {
            "name": "Northgate Moodle",
            "organization": self.exam.context.organization,
            "issuer": ISSUER,
            "client_id": self.client_id,
            "deployment_ids": ["1"],
            "authorization_endpoint": self.receiver.url("/authorize"),
            "token_endpoint": self.receiver.url("/token"),
            "key_set_url": self.receiver.url("/jwks"),
        }
        return OtherPlatform.objects.create(**{**defaults, **fields})

    def begin(self, browser: Client, **parameters: str) -> dict[str, str]:
        """The login initiation, and what our answer asks the LMS for."""
        asked = {
            "iss": ISSUER,
            "login_hint": "h",
            "target_link_uri": "https://x.example/",
            "client_id": self.client_id,
        }
        answer = browser.get("/door/login", {**asked, **parameters})
        assert answer.status_code == 302, answer.content
        return dict(parse_qsl(urlsplit(answer["Location"]).query))

    def claims(self, asked: dict[str, str], **changes: Any) -> dict[str, Any]:
        """A learner's launch of the exam; `changes` by name, short for LTI's own, None removes one."""
        now = int(time.time())
        given: dict[str, Any] = {
            "iss": ISSUER,
            "aud": self.client_id,
            "sub": "moodle-77",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": "1",
            f"{LTI}target_link_uri": "https://x.example/",
            f"{LTI}roles": [f"{LIS}Learner"],
            f"{LTI}resource_link": {"id": "link-1"},
            f"{LTI}custom": {"exam": str(self.exam.pk)},
            f"{LTI}lis": {"person_sourcedid": "E-1001"},
            "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
                "scope": [SCORE],
                "lineitem": self.receiver.url("/items/7"),
            },
        }
        for name, value in changes.items():
            full = (
                name
                if name in given or name in {"email", "given_name", "family_name", "locale"}
                else f"{LTI}{name}"
            )
            given[full] = value
        return {name: value for name, value in given.items() if value is not None}

    def launch(self, browser: Client, *, key: ToolKey | None = None, **changes: Any) -> Any:
        """A whole launch in one browser; our answer to it."""
        asked = self.begin(browser)
        token = (key or self.key).sign(self.claims(asked, **changes))
        return self.post(browser, token=token, state=asked["state"])

    def launch_picker(
        self, browser: Client, *, settings: dict[str, Any] | None = None, **changes: Any
    ) -> Any:
        """A deep linking request of who builds a course, with `settings` of its own; our answer to it."""
        asked_for = {
            "deep_link_return_url": f"{ISSUER}/return",
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["window"],
            "data": "csrf-1",
            **(settings or {}),
        }
        asked = self.begin(browser)
        given = {
            "message_type": "LtiDeepLinkingRequest",
            "resource_link": None,
            "roles": [f"{LIS}Instructor"],
        }
        claims = self.claims(asked, **{**given, **changes}) | {DEEP_LINKING: asked_for}
        answer = self.post(browser, token=self.key.sign(claims), state=asked["state"])
        return browser.get(answer["Location"]) if answer.status_code == 302 else answer

    def known(self) -> QuerySet[OtherPlatform]:
        """What we know of it."""
        return OtherPlatform.objects.filter(client_id=self.client_id)

    @staticmethod
    def form(platform: OtherPlatform) -> dict[str, str]:
        """The form about it, as it stands."""
        values = {name: getattr(platform, name) for name in OtherPlatformForm.Meta.fields}
        values |= {"organization": platform.organization_id, "deployment_ids": "1", "is_enabled": "on"}
        return {name: str(value) for name, value in values.items() if value}

    @staticmethod
    def post(browser: Client, *, token: str, state: str) -> Any:
        """Our answer to a message."""
        return browser.post("/door/launch", {"id_token": token, "state": state})

    def scores(self) -> list[dict[str, Any]]:
        """What it was sent, in order."""
        return [json.loads(one.body) for one in self.receiver.asked if one.path.endswith("/scores")]

    def assertions(self) -> list[dict[str, Any]]:
        """The claims of the client assertions it was shown, unverified."""
        posted = [one for one in self.receiver.asked if one.path == "/token"]
        return [_assertion(one) for one in posted]

    def kids(self) -> list[str]:
        """The keys those assertions name."""
        posted = [dict(parse_qsl(one.body.decode())) for one in self.receiver.asked if one.path == "/token"]
        return [str(jwt.get_unverified_header(one["client_assertion"])["kid"]) for one in posted]

    @staticmethod
    def purpose_of(kid: str) -> str:
        """What we keep that key for."""
        return str(SigningKey.objects.get(kid=kid).purpose)


def _assertion(asked: Asked) -> dict[str, Any]:
    token = dict(parse_qsl(asked.body.decode()))["client_assertion"]
    return jwt.decode(token, options={"verify_signature": False})


def new_subject() -> str:
    """An account of the LMS that nobody used."""
    return f"moodle-{uuid.uuid4()}"
