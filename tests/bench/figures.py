"""The requests that are measured: for each figure, fresh requests one after another, and what it aims at."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

from gradebook.addresses import line_item_url
from lti_platform.journal import clock
from lti_platform.launches.starting import login_initiation, start
from lti_platform.launches.vocabulary import RESOURCE_LINK_REQUEST
from lti_platform.tools import addresses, scopes
from tests.bench.world import World, access_token
from tests.tool_keys import assertion_claims, tool_key

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
CONTROL_TYPE = "application/vnd.ims.lti-ap.v1.control+json"


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One HTTP request; `expects` is in the body of a good answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""
    expects: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`make` gives ever new requests. The aims are CPU milliseconds and queries of one request; None is none."""

    name: str
    make: Callable[[World], Iterator[Asking]]
    aims: dict[str, float] = field(default_factory=dict)


def launch(world: World) -> Iterator[Asking]:
    """Lena opens the exam of her running attempt: the tool's authentication request, in her browser."""
    day = world.day
    while True:
        started, hint = start(
            person=day.person,
            session_key=world.session_key,
            now=clock.now(),
            deployment=world.assessment_tool,
            message_type=RESOURCE_LINK_REQUEST,
            resource_link=day.exam.assessment_link,
            subject=f"attempt:{day.attempt.pk}",
        )
        _, told = login_initiation(started, hint=hint)
        query = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": told["client_id"],
            "redirect_uri": started.registration.redirect_uris[0],
            "login_hint": told["login_hint"],
            "lti_message_hint": told["lti_message_hint"],
            "state": "a-state-of-the-tool",
            "nonce": started.pk.hex,
        }
        yield Asking(
            method="GET",
            path=f"{reverse('lti-authorize')}?{urlencode(query)}",
            headers={"Cookie": f"platform_session={world.session_key}", "Accept-Language": "en-US,en;q=0.9"},
            expects='name="id_token"',
        )


def token(world: World) -> Iterator[Asking]:
    """A tool asks for an access token with a new assertion."""
    client_id = world.assessment_tool.registration.client_id
    while True:
        claims = assertion_claims(client_id, audience=addresses.token_endpoint(), at=clock.now().timestamp())
        claims[f"{LTI}deployment_id"] = world.assessment_tool.deployment_id
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": tool_key().sign(claims),
            "scope": f"{scopes.SCORE} {scopes.MEMBERSHIP_READONLY}",
        }
        yield Asking(
            method="POST",
            path=reverse("lti-token"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode(form).encode(),
            expects='"access_token"',
        )


def score(world: World) -> Iterator[Asking]:
    """Scores of the whole course, one learner after another, again and again."""
    token_now = access_token(world.assessment_tool, now=clock.now())
    path = f"{urlsplit(line_item_url(world.quiz)).path}/scores"
    for number, person in enumerate(itertools.cycle(world.learners)):
        body = {
            "userId": str(person.pk),
            "timestamp": clock.now().isoformat(timespec="milliseconds"),
            "scoreGiven": number % 25,
            "scoreMaximum": 25,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
        }
        yield Asking(
            method="POST",
            path=path,
            headers={"Content-Type": SCORE_TYPE, "Authorization": f"Bearer {token_now}"},
            body=json.dumps(body).encode(),
            expects="resultUrl",
        )


def roster50(world: World) -> Iterator[Asking]:
    """The course's fifty learners and their instructor, on one page."""
    token_now = access_token(world.assessment_tool, now=clock.now())
    path = reverse("nrps-memberships", kwargs={"context_id": world.day.exam.context_id})
    headers = {"Accept": MEMBERS_TYPE, "Authorization": f"Bearer {token_now}"}
    while True:
        yield Asking(method="GET", path=path, headers=headers, expects=str(world.learners[-1].pk))


def acs_flag(world: World) -> Iterator[Asking]:
    """The proctoring tool flags something new in the running attempt."""
    token_now = access_token(world.proctoring_tool, now=clock.now())
    path = reverse("assessment-control", args=[world.day.session.pk])
    for number in itertools.count():
        body = world.day.control_body(
            "flag",
            incident_time=(clock.now() + timedelta(microseconds=number)).isoformat(),
            incident_severity=0.4,
            reason_code="gaze_away",
            reason_msg="looked away from the screen",
        )
        yield Asking(
            method="POST",
            path=path,
            headers={"Content-Type": CONTROL_TYPE, "Authorization": f"Bearer {token_now}"},
            body=json.dumps(body).encode(),
            expects='"running"',
        )


def proof(world: World) -> Iterator[Asking]:
    """A guard scans the code on a certificate: the page, as a telephone asks for it."""
    path = urlsplit(world.proof_url).path
    headers = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "en-US,en;q=0.9"}
    while True:
        yield Asking(method="GET", path=path, headers=headers, expects="RHC-")


FIGURES = (
    Figure(name="launch", make=launch, aims={"cpu_ms": 10, "queries": 12}),
    Figure(name="token", make=token, aims={"cpu_ms": 5, "queries": 6}),
    Figure(name="score", make=score, aims={"cpu_ms": 5, "queries": 8}),
    Figure(name="roster50", make=roster50),
    Figure(name="acs_flag", make=acs_flag),
    Figure(name="proof", make=proof),
)
