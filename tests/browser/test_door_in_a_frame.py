"""Moodle, Canvas and others open the picking of content in a frame, where our session cookie does not come along."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.world import ARGUMENTS
from tests.factories import make_exam
from tests.proctoring.door.other_lms import DEEP_LINKING, ISSUER, LIS, OtherLms
from tests.services.receiver import Answer, Asked, Receiver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ITEMS = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items"


# What the page around our frame says is not what our own window says.
STRANGERS_WORDS = """() => document.querySelector("iframe").contentWindow.postMessage(
    {door: "picked", action: `${location.origin}/stolen`, fields: {}}, "*")"""


@dataclass
class Framing:
    """An LMS with a course page that frames us, its answer to our question, and the place to go back to."""

    lms: OtherLms
    url: str

    def __post_init__(self) -> None:
        receiver = self.lms.receiver
        query = urlencode(
            {"iss": ISSUER, "client_id": self.lms.client_id, "login_hint": "h", "target_link_uri": self.url}
        )
        frame = (
            f"<h1>Course</h1><iframe src='{self.url}/door/login?{html.escape(query)}' width=900 height=700>"
        )
        receiver.answers["/course"] = page(frame)
        receiver.answers["/authorize"] = self.authorize
        receiver.answers["/return"] = page("<h1>Added</h1>")

    def authorize(self, asked: Asked) -> Answer:
        """The deep linking request, in a form that posts itself."""
        question = dict(parse_qsl(urlsplit(asked.path).query))
        said = {"message_type": "LtiDeepLinkingRequest", "resource_link": None, "roles": [f"{LIS}Instructor"]}
        settings = {
            "deep_link_return_url": self.lms.receiver.url("/return"),
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
        }
        claims = self.lms.claims(question, **said) | {DEEP_LINKING: settings}
        fields = {"id_token": self.lms.key.sign(claims), "state": question["state"]}
        inputs = "".join(f"<input type=hidden name={name} value='{value}'>" for name, value in fields.items())
        action = question["redirect_uri"]
        return page(
            f"<form method=post action='{action}'>{inputs}</form><script>document.forms[0].submit()</script>"
        )

    def taken_back(self) -> list[dict[str, Any]]:
        """The items of each answer that came back."""
        posts = [one for one in self.lms.receiver.asked if one.path == "/return"]
        tokens = [dict(parse_qsl(one.body.decode()))["JWT"] for one in posts]
        return [jwt.decode(token, options={"verify_signature": False}) for token in tokens]


def page(body: str) -> Answer:
    return Answer(headers={"Content-Type": "text/html"}, body=f"<!doctype html>{body}".encode())


@pytest.fixture
def framing(settings: LazySettings, live_server: LiveServer, receiver: Receiver) -> Framing:
    settings.PLATFORM_URL = live_server.url
    lms = OtherLms(receiver, make_exam())
    lms.known_as()
    return Framing(lms, live_server.url)


@pytest.fixture
def desk(chromium: Path) -> Iterator[Page]:
    """The teacher's browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        opened = browser.new_context(locale="en-US").new_page()
        opened.set_default_timeout(30_000)
        yield opened
        browser.close()


def test_what_is_picked_in_the_window_goes_back_in_the_frame(framing: Framing, desk: Page) -> None:
    exam, title = str(framing.lms.exam.pk), framing.lms.exam.title
    desk.goto(framing.lms.receiver.url("/course"))
    frame = desk.frame_locator("iframe")
    with desk.context.expect_page() as opened:
        frame.get_by_role("button", name="Open in a new window").click()
    window = opened.value
    desk.evaluate(STRANGERS_WORDS)
    window.get_by_label(title).check()
    with window.expect_event("close"):
        window.get_by_role("button", name="Put it into the course").click()
    expect(frame.get_by_role("heading", name="Added")).to_be_visible()
    [claims] = framing.taken_back()
    assert "/stolen" not in [one.path for one in framing.lms.receiver.asked]
    assert [item["custom"] for item in claims[ITEMS]] == [{"exam": exam}]
    expect(desk.get_by_role("heading", name="Course")).to_be_visible()
