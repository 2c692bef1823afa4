"""A tool at our registration endpoint, with a link that Ada made for it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from lti_platform.people.models import Organization, Person
from lti_platform.tools.dynamic import deciding, links
from lti_platform.tools.dynamic.deciding import Grant
from lti_platform.tools.models import Registration, RegistrationLink
from tests.attacks.asking_for_tokens import Answer
from tests.factories import ada
from tests.lti_platform.tools.descriptions import request_of

URL = "/lti/register"
JSON = "application/json"


@dataclass
class Registrant:
    """A tool that got the token of a link."""

    link: RegistrationLink
    token: str

    def post(self, **changes: Any) -> Answer:
        """The answer to a good request with `changes`; None removes a member."""
        return self.post_body(request_of(**changes))

    def post_body(self, body: Any) -> Answer:
        """The answer to any JSON."""
        return call("POST", URL, body, token=self.token)


@dataclass
class Registered:
    """A tool that registered itself, with what it was answered."""

    told: dict[str, Any]

    @property
    def row(self) -> Registration:
        return Registration.objects.get(client_id=self.told["client_id"])

    @property
    def path(self) -> str:
        return f"{URL}/{self.told['client_id']}"

    def read(self) -> Answer:
        """The answer to a GET of its own registration."""
        return call("GET", self.path, token=self.told["registration_access_token"])

    def put(self, **changes: Any) -> Answer:
        """The answer to a PUT of the good request with `changes`."""
        body = request_of(**{"client_id": self.told["client_id"], **changes})
        return call("PUT", self.path, body, token=self.told["registration_access_token"])


def call(method: str, path: str, body: Any = None, *, token: str | None = None) -> Answer:
    """The answer to a request as programs send it."""
    headers: dict[str, Any] = {} if token is None else {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    answer: Answer = Client(enforce_csrf_checks=True).generic(
        method, path, data=data, content_type=JSON, **headers
    )
    return answer


def invited(
    *, by: Person | None = None, organization: Organization | None = None, now: datetime | None = None
) -> Registrant:
    """A tool with a fresh link."""
    link, token = links.make(by=by or ada(), organization=organization, now=now or datetime.now(UTC))
    return Registrant(link, token)


def registered(registrant: Registrant | None = None, **changes: Any) -> Registered:
    """A tool that waits for a decision."""
    answer = (registrant or invited()).post(**changes)
    assert answer.status_code == 201, answer.content
    return Registered(answer.json())


def granted(row: Registration, **changes: Any) -> Grant:
    """Everything it asked for, less what `changes` say."""
    values: dict[str, Any] = {
        "scopes": row.scopes,
        "messages": [message["type"] for message in row.messages],
        "privacy": "public",
    }
    return Grant(**{**values, **changes})


def activated(
    registrant: Registrant | None = None, *, grant: Grant | None = None, **changes: Any
) -> Registered:
    """A tool that registered itself and was granted what it asked for, or what `grant` says."""
    tool = registered(registrant, **changes)
    row = tool.row
    deciding.activate(
        row,
        seen=deciding.fingerprint(row),
        grant=grant or granted(row),
        organization=row.organization,
        now=datetime.now(UTC),
    )
    return tool
