"""Any request at all, at each address of the protocol: real ids and a real token, everything else at random."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from gradebook.models import LineItem, Result
from lti_platform.launches.models import Launch
from tests.attacks.mangling import anything, few, queries, stored, texts
from tests.factories import make_line_item, make_link
from tests.gradebook.submitting import score_body
from tests.launching import make_launch
from tests.proctoring.browsing import BrowserDay

pytestmark = pytest.mark.django_db
fewer = settings(few, max_examples=12)  # for each address
PROTOCOL = ("lti/", "^lti/", "door/", "evidence/", "api/", ".well-known/")
METHODS = st.sampled_from(["GET", "POST", "POST", "POST", "PUT", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
MEDIA_TYPES = st.sampled_from([
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html", "*/*",
    "application/vnd.ims.lis.v1.score+json", "application/vnd.ims.lis.v2.lineitem+json", "application/*;q=2", "",
    "application/vnd.ims.lti-ap.v1.control+json", "application/json; charset=nonsense", "text/plain; charset=utf-7",
])  # fmt: skip
FIELDS = [
    "JWT", "id_token", "state", "error", "repost", "client_id", "redirect_uri", "login_hint", "lti_message_hint",
    "scope", "response_type", "response_mode", "prompt", "nonce", "grant_type", "client_assertion",
    "client_assertion_type", "iss", "target_link_uri", "limit", "page", "role", "rlid", "user_id", "attempt", "item",
    "userId", "timestamp", "label", "scoreMaximum", "notice_type", "handler", "action", "key", "kind",
]  # fmt: skip
HEADERS = (MEDIA_TYPES | texts).map(lambda word: word.encode("utf-8", "replace").decode("latin-1"))
BODIES = (
    st.binary(max_size=60)
    | queries(*FIELDS).map(str.encode)
    | anything.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(st.sampled_from(FIELDS), anything, max_size=5).map(
        lambda said: json.dumps(said).encode()
    )
)


class World:
    """Lena checks in to an exam; its proctoring tool has a line item with a result, a recording and a launch."""

    def __init__(self) -> None:
        self.story = BrowserDay()
        self.story.day.begin()
        self.tool, self.lena = self.story.tool, self.story.lena
        self.session = self.story.day.session.id
        self.course = self.tool.context.pk
        self.item: LineItem = make_line_item(make_link(self.tool.context, self.tool.deployment))
        self.tool.post(f"{self.of_item('ags-scores')}", score_body(self.story.day.person))
        about = {"resource_link": self.item.resource_link, "state": Launch.State.SENT}
        self.launch = make_launch(self.tool, now=self.story.day.now, person=self.story.day.person, **about)

    def of_item(self, name: str, **more: Any) -> str:
        return reverse(name, kwargs={"context_id": self.course, "line_item_id": self.item.pk, **more})

    def result(self) -> str:
        return self.of_item("ags-result", result_id=Result.objects.get().pk)


def named(name: str, *args: str) -> Callable[[World], str]:
    """An address with parts that the world names, or these words."""
    return lambda world: reverse(name, args=[getattr(world, arg, arg) for arg in args])


def of_link(name: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.item.resource_link_id])


def of_api(name: str, *args: str) -> Callable[[World], str]:
    return named(f"api-1:{name}", "session", *args)


NOBODY = str(UUID(int=4))
ADDRESSES: dict[str, Callable[[World], str]] = {
    **{
        name: named(name)
        for name in ("jwks", "openid-configuration", "lti-register", "lti-token", "lti-authorize")
    },
    **{name: named(name) for name in ("deep-linking-return", "start-assessment")},
    **{name: named(name) for name in ("door-login", "door-launch", "door-offer")},
    **{name: of_link(name) for name in ("launch-link", "launch-framed", "launch-beside", "link-page")},
    "lti-return": lambda world: f"/lti/return/{world.launch.reference}",
    "lti-registration": lambda world: reverse("lti-registration", args=[client_id(world)]),
    "tool-key-set": lambda world: reverse("tool-key-set", args=[client_id(world)]),
    "notice-handlers": lambda world: reverse("notice-handlers", args=[world.tool.deployment.pk]),
    **{
        name: named(name, "course")
        for name in (
            "nrps-memberships",
            "course-groups-service",
            "course-group-sets-service",
            "ags-lineitems",
        )
    },
    "ags-lineitem": lambda world: world.of_item("ags-lineitem"),
    "ags-scores": lambda world: world.of_item("ags-scores"),
    "ags-results": lambda world: world.of_item("ags-results"),
    "ags-result": World.result,
    "assessment-control": named("assessment-control", "session"),
    "linked-start": named("linked-start", "session", "x"),
    "evidence-upload": named("evidence-upload", "x"),
    "evidence-play": named("evidence-play", "x"),
    "evidence-items": of_api("evidence-items"),
    "evidence-end": of_api("evidence-end"),
    **{
        f"evidence-item{part}": of_api(f"evidence-item{part}", NOBODY)
        for part in ("", "-upload", "-complete")
    },
    "proctoring-flags": of_api("proctoring-flags"),
    "proctoring-end": of_api("proctoring-end"),
    "openapi-json": named("api-1:openapi-json"),
    "api-root": named("api-1:api-root"),
}


def client_id(world: World) -> str:
    return world.tool.deployment.registration.client_id


def patterns(inside: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    """Every route of ours with its name."""
    for each in inside:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, before + str(each.pattern))
        else:
            yield before + str(each.pattern), str(each.name)


def test_every_address_of_the_protocol_is_here() -> None:
    routes = patterns(get_resolver().url_patterns)
    assert {name for route, name in routes if route.startswith(PROTOCOL)} == set(ADDRESSES)


def is_refused(answer: HttpResponseBase) -> bool:
    """By its status, or as an authentication error is (OpenID Connect Core 3.1.2.6): in a form that posts itself."""
    return answer.status_code >= 400 or b'name="error"' in getattr(answer, "content", b"")


@pytest.mark.parametrize("name", sorted(ADDRESSES))
@fewer
@given(data=st.data(), method=METHODS, is_ours=st.booleans(), is_tool=st.booleans())
def test_any_request_is_answered_and_a_refused_one_stores_nothing(
    world: World, name: str, data: Any, method: str, is_ours: bool, is_tool: bool
) -> None:
    headers = {"Accept": data.draw(HEADERS)}
    if is_tool:
        headers["Authorization"] = f"Bearer {world.tool.token}"
    path = f"{ADDRESSES[name](world)}?{data.draw(queries(*FIELDS))}"
    before = stored()
    answer = (world.lena if is_ours else Client()).generic(
        method, path, data.draw(BODIES), content_type=data.draw(HEADERS), headers=headers
    )
    assert answer.status_code < 500, answer.content
    if is_refused(answer):
        assert stored() == before


@pytest.fixture
def world() -> World:
    return World()
