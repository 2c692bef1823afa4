"""What a check-up looks at: the tool, the time, and the answers its addresses gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings

from keys.jwks import MAX_KEY_SET_BYTES
from lti_platform.tools import web_addresses
from lti_platform.tools.checking.asking import Answer, Question
from lti_platform.tools.models import Registration

KEY_SET, LOGIN, LAUNCH, REDIRECT = "key set", "login", "launch", "redirect "
# A hint that names no launch: whoever follows the probe to our authorization address is turned away there.
PROBE = "check-up"
MAX_HOSTS = 4


@dataclass(frozen=True, kw_only=True)
class Subject:
    """`answers` are by the names of `questions`."""

    registration: Registration
    now: datetime
    answers: Mapping[str, Answer]

    def answer(self, name: str) -> Answer | None:
        """The answer of this name, if that was asked."""
        return self.answers.get(name)


def questions(registration: Registration) -> dict[str, Question]:
    """What is asked: each address once, and of the redirect addresses one for each host, unless it is asked anyway."""
    asked = {
        LOGIN: Question(url=login_probe(registration)),
        LAUNCH: Question(url=registration.target_link_uri),
    }
    if registration.jwks_uri:
        headers = {"Accept": "application/json"}
        asked[KEY_SET] = Question(url=registration.jwks_uri, headers=headers, max_bytes=MAX_KEY_SET_BYTES + 1)
    known = {web_addresses.place(question.url) for question in asked.values()}
    for url in registration.redirect_uris:
        place = web_addresses.place(url)
        if place not in known and len(known) < MAX_HOSTS + 3:
            asked[REDIRECT + place] = Question(url=url)
            known.add(place)
    return asked


def login_probe(registration: Registration) -> str:
    """The address of a login initiation that leads nowhere (LTI Security Framework 5.1.1.1)."""
    deployment = registration.deployments.filter(is_enabled=True).order_by("created_at", "id").first()
    parameters = {
        "iss": settings.PLATFORM_URL,
        "login_hint": PROBE,
        "lti_message_hint": PROBE,
        "target_link_uri": registration.target_link_uri,
        "client_id": registration.client_id,
        **({"lti_deployment_id": deployment.deployment_id} if deployment else {}),
    }
    joint = "&" if "?" in registration.initiate_login_uri else "?"
    return f"{registration.initiate_login_uri}{joint}{urlencode(parameters)}"
