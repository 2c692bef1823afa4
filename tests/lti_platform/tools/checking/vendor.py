"""A vendor's server as a check-up meets it: well, until a test spoils one thing."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from lti_platform.tools import addresses
from lti_platform.tools.checking import running
from lti_platform.tools.checking.findings import Finding
from lti_platform.tools.checking.wording import Row, row
from lti_platform.tools.models import CheckUp, Registration
from tests.factories import make_deployment, make_registration
from tests.services.receiver import Answer, Asked, Receiver
from tests.tool_keys import tool_key


class Vendor:
    """A tool that answers login initiations as it must, and its registration here."""

    def __init__(self, receiver: Receiver, *, host: str = "127.0.0.1", scheme: str = "http") -> None:
        self.receiver = receiver
        self.base = f"{scheme}://{host}:{receiver.port}"
        receiver.answer_with("/jwks", body=json.dumps(tool_key().jwks).encode())
        receiver.answer_with("/launch", body=b"<p>Open me from your course.</p>")
        self.logs_in()
        self.registration = make_registration(
            jwks=None,
            jwks_uri=f"{self.base}/jwks",
            initiate_login_uri=f"{self.base}/login",
            redirect_uris=[f"{self.base}/launch"],
            target_link_uri=f"{self.base}/launch",
            domains=[f"{host}:{receiver.port}"],
        )
        make_deployment(self.registration)

    def logs_in(self, *, to: str = "", form: bool = False, **changes: str | None) -> None:
        """Its login sends the browser to our authorization address, with `changes`; None leaves one out."""

        def answer(asked: Asked) -> Answer:
            where = to or addresses.authorization_endpoint()
            sent = request_for(asked, base=self.base, changes=changes)
            return posting(where, sent) if form else redirecting(where, sent)

        self.receiver.answers["/login"] = answer

    def check(self) -> dict[str, list[Finding]]:
        """What a check-up finds now, by check."""
        CheckUp.objects.all().delete()
        registration = Registration.objects.select_related("fetched_key_set").get(pk=self.registration.pk)
        done = running.run(registration, now=datetime.now(UTC))
        found: dict[str, list[Finding]] = {}
        for kept in done.findings:
            finding = Finding.from_json(kept)
            found.setdefault(finding.check, []).append(finding)
        return found

    def told(self, check: str) -> Row:
        """The one finding of this check, in words."""
        [finding] = self.check()[check]
        return row(finding)

    def code(self, check: str) -> tuple[str, str, str]:
        """Code, state and side of the one finding of this check."""
        [finding] = self.check()[check]
        return finding.code, str(finding.state), finding.side


def request_for(asked: Asked, *, base: str, changes: Mapping[str, str | None]) -> dict[str, str]:
    """The authentication request that answers a login initiation, by GET or POST."""
    text = asked.body.decode() if asked.method == "POST" else urlsplit(asked.path).query
    said = {name: values[0] for name, values in parse_qs(text).items()}
    good: dict[str, Any] = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": said.get("client_id", ""),
        "redirect_uri": f"{base}/launch",
        "login_hint": said.get("login_hint", ""),
        "lti_message_hint": said.get("lti_message_hint", ""),
        "nonce": "n-1",
        "state": "s-1",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def redirecting(where: str, sent: Mapping[str, str]) -> Answer:
    return Answer(status=302, headers={"location": f"{where}?{urlencode(sent)}"})


def posting(where: str, sent: Mapping[str, str]) -> Answer:
    """A page whose form posts itself."""
    inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in sent.items())
    return Answer(body=f'<form method="post" action="{where}">{inputs}</form>'.encode())
