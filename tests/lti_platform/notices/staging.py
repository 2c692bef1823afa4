"""A tool that wants notices, and the server that takes them."""

import json
from datetime import datetime
from typing import Any

import jwt

from keys.publishing import published_key_set
from lti_platform.notices import sending, subscribing
from lti_platform.notices.models import Notice
from lti_platform.notices.vocabulary import HELLO_WORLD
from lti_platform.tools.models import Deployment
from tests.clocks import stopped
from tests.factories import make_deployment, make_registration
from tests.services.receiver import Answer, Receiver


def make_wanting_tool(receiver: Receiver) -> Deployment:
    """A deployment whose tool lives where the receiver listens."""
    receiver.answers.setdefault("/notices", Answer(status=204))
    return make_deployment(make_registration(domains=[f"127.0.0.1:{receiver.port}"]))


def greeted(receiver: Receiver, *, now: datetime, **asked: Any) -> Notice:
    """The greeting owed to a tool that just asked for greetings."""
    deployment = make_wanting_tool(receiver)
    subscribing.subscribe(deployment, notice_type=HELLO_WORLD, url=receiver.url("/notices"), now=now, **asked)
    return deployment.notices.get()


def send(notice: Notice, *, now: datetime) -> Notice:
    """The notice after a round of sending, which took no time."""
    sending.send_due(now=now, clock=stopped(now))
    notice.refresh_from_db()
    return notice


def told(receiver: Receiver, *, audience: str, now: datetime) -> list[list[dict[str, Any]]]:
    """The verified claims of every notice that arrived, post by post."""
    keys = jwt.PyJWKSet.from_dict(published_key_set(now=now))
    posts = [json.loads(asked.body)["notices"] for asked in receiver.asked]
    return [[_verified(one["jwt"], keys=keys, audience=audience) for one in post] for post in posts]


def _verified(token: str, *, keys: jwt.PyJWKSet, audience: str) -> dict[str, Any]:
    key = keys[jwt.get_unverified_header(token)["kid"]]
    options: Any = {"verify_exp": False, "verify_iat": False}
    return jwt.decode(token, key, algorithms=["RS256"], audience=audience, options=options)
