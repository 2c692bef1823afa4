"""Lena's exam page in a real browser: the clock, the cover over the questions, and a connection that drops."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from proctoring.transitions import State
from tests.proctoring.browsing import BrowserDay
from tests.together import together

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Answer = TypeVar("Answer")
TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}


def aside(call: Callable[[], Answer]) -> Answer:
    """Asks the database outside the thread in which Playwright has its loop."""
    return together(call)[0]


@dataclass
class Desk:
    """Lena at her phone-sized window: her story and her page."""

    story: BrowserDay
    page: Page
    url: str

    def go(self, name: str, *args: object) -> None:
        """Opens one of our pages."""
        self.page.goto(self.url + reverse(name, args=args))

    def at_the_exam(self) -> None:
        """Lena is checked in and at her attempt page."""
        aside(self.story.day.start)
        self.go("attempt", self.story.day.attempt.id)

    def control(self, action: str) -> None:
        """The proctoring tool does something, some seconds after what it did before."""
        self.story.day.pass_by(seconds=5)
        aside(lambda: self.story.day.control(action))


@pytest.fixture
def desk(settings: LazySettings, live_server: LiveServer, chromium: Path) -> Iterator[Desk]:
    settings.PLATFORM_URL = live_server.url
    story = BrowserDay()
    cookie = story.lena.cookies["platform_session"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": "platform_session", "value": cookie, "url": live_server.url}])
        yield Desk(story=story, page=context.new_page(), url=live_server.url)
        browser.close()


def assert_accessible(page: Page) -> None:
    """No violation that axe knows, and nothing wider than the window."""
    found = Axe().run(page, options=TAGS).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_before_the_exam_is_for_everybody(desk: Desk) -> None:
    desk.go("exam-ready", desk.story.day.exam.pk)
    assert_accessible(desk.page)


def test_start_opens_a_window_and_this_one_goes_on_to_the_exam(desk: Desk) -> None:
    desk.go("exam-ready", desk.story.day.exam.pk)
    desk.page.get_by_label("I have read the rules").check()
    with desk.page.context.expect_page():
        desk.page.get_by_role("button", name="Start exam").click()
    desk.page.wait_for_url("**/attempts/**")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text(
        "Finish check-in in the proctoring window."
    )
    assert desk.page.evaluate("window.name") == "attempt"
    assert_accessible(desk.page)


def test_the_clock_runs_and_the_questions_are_there(desk: Desk) -> None:
    desk.at_the_exam()
    expect(desk.page.locator("#exam-frame")).to_be_visible()
    before = desk.page.locator("#clock").inner_text()
    desk.page.wait_for_timeout(2500)
    assert desk.page.locator("#clock").inner_text() < before
    assert_accessible(desk.page)


def test_a_pause_covers_the_questions_and_a_resume_uncovers_the_same_ones(desk: Desk) -> None:
    desk.at_the_exam()
    desk.page.evaluate("document.getElementById('exam-frame').dataset.same = 'yes'")
    desk.control("pause")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("The proctor has paused your exam.")
    expect(desk.page.locator("#exam-frame")).to_be_hidden()
    expect(desk.page.locator("#cover")).to_be_visible()
    assert_accessible(desk.page)
    desk.control("resume")
    expect(desk.page.locator("#exam-frame[data-same=yes]")).to_be_visible()
    expect(desk.page.locator("#cover")).to_be_hidden()


def test_a_connection_that_drops_stops_the_clock_until_lena_continues(desk: Desk) -> None:
    desk.at_the_exam()
    desk.page.context.set_offline(True)
    expect(desk.page.locator("#offline")).to_be_visible()
    expect(desk.page.locator("#exam-frame")).to_be_hidden()
    desk.page.context.set_offline(False)
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Your connection dropped.")
    assert aside(lambda: desk.story.day.state) == State.PAUSED
    desk.page.get_by_role("button", name="Continue the exam").click()
    expect(desk.page.locator("#exam-frame")).to_be_visible()
    assert aside(lambda: desk.story.day.state) == State.RUNNING


def test_an_end_takes_the_questions_away(desk: Desk) -> None:
    desk.at_the_exam()
    desk.control("terminate")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("The proctor ended your exam.")
    expect(desk.page.locator("#exam-frame")).to_have_count(0)
    assert_accessible(desk.page)
