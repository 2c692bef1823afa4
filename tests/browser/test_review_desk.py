"""Pia's desk in a real browser: the video lands at the right second, and the keyboard is enough."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Page, Route, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.factories import pia
from tests.proctoring.desk.staging import Recorded, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = '[data-stream="{}"] video:not([hidden])'


@pytest.fixture
def case_number(tmp_path: Path, settings: LazySettings, live_server: LiveServer) -> int:
    """A camera that recorded 0–6, 6–12 and 20–24 s, a screen 0–6 s; flags at 8 s, 15 s and 21 s."""
    settings.EVIDENCE_DIR, settings.PLATFORM_URL = tmp_path / "evidence", live_server.url
    stage = Recorded()
    for at, words in ((8, "Second person in view"), (15, "Left the exam tab"), (21, "Voice heard")):
        stage.flag(at, words, "0.9" if at == 8 else "0.4")
    stage.record("camera", 0, 6, seconds=6)
    stage.record("screen", 0, seconds=6)
    stage.hand_over(after=20, lasting=4, sequence=2, data=None)
    stage.hand_in(("recording", "camera", 3), ("recording", "screen", 1))
    return stage.number


@pytest.fixture
def page(case_number: int, live_server: LiveServer, chromium: Path) -> Iterator[Page]:
    """Pia's browser, signed in, at the case."""
    client = Client()
    client.force_login(pia())
    cookie = client.cookies["platform_session"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "platform_session", "value": cookie, "url": live_server.url}])
        opened = context.new_page()
        opened.goto(live_server.url + page_of(case_number))
        yield opened
        browser.close()


def start(page: Page) -> None:
    """Pia starts with the key, and the first picture is there."""
    with page.expect_navigation():
        page.keyboard.press("s")
    until(page, "document.querySelector('video:not([hidden])')?.readyState >= 2")


def assert_shows(page: Page, stream: str, seconds: float) -> None:
    """The video that is seen stands at this second of its segment."""
    until(page, f"Math.abs(document.querySelector('{SEEN.format(stream)}').currentTime - {seconds}) < 0.2")


def until(page: Page, condition: str, *, seconds: float = 30) -> None:
    """Waits for a condition; asked from outside, since the page's policy lets no text become a script."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(f"Boolean({condition})"):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(50)


def test_an_incident_opens_the_recording_at_its_second(page: Page) -> None:
    start(page)
    page.get_by_role("link", name="00:00:08").first.click()
    expect(page.locator("[data-clock]")).to_have_text("00:00:08")
    assert_shows(page, "camera", 2)
    expect(page.locator('[data-stream="screen"] [data-gap]')).to_be_visible()
    page.locator('[data-chart] a[aria-label^="00:00:15"]').click()
    expect(page.locator('[data-stream="camera"] [data-gap]')).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("[data-clock]")).to_have_text("00:00:21")
    assert_shows(page, "camera", 1)


def test_the_player_goes_from_segment_to_segment_and_over_gaps(page: Page) -> None:
    start(page)
    page.keyboard.press(">")
    page.keyboard.press(">")
    page.keyboard.press("Space")
    expect(page.locator("[data-speed]")).to_have_text("2×")
    until(page, "document.querySelector('[data-clock]').textContent >= '00:00:07'")
    expect(page.locator('[data-stream="camera"] [data-gap]')).to_be_hidden()
    until(page, "document.querySelector('[data-clock]').textContent >= '00:00:21'")
    expect(page.locator("[data-note]")).to_have_text("Skipped what was not recorded.")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play Space")).to_be_visible()


def test_a_case_is_decided_with_the_keyboard_alone(page: Page) -> None:
    start(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("c")
    expect(page.locator("h1")).to_contain_text("2 of 3 incidents still need your decision.")
    expect(page.locator("[data-clock]")).to_have_text("00:00:05")
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.get_by_label("Reason (needed to dismiss)").locator("visible=true")).to_be_focused()
    page.keyboard.type("jk: paper fell")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("1 of 3 incidents still needs your decision.")
    page.keyboard.press("u")
    expect(page.locator("h1")).to_contain_text("2 of 3 incidents")
    page.keyboard.press("c")
    expect(page.locator("h1")).to_contain_text("1 of 3 incidents")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("h1")).to_contain_text("Your verdict is next.")
    page.keyboard.press("5")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Note for the file")).to_be_focused()
    page.keyboard.type("Another person answered.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog", name="Sign against the candidate?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Violation, major, signed by Pia Osei.")


def test_an_answer_that_comes_late_takes_nothing_out_of_the_hand(page: Page) -> None:
    waiting: list[Route] = []
    # Before the page is there: a route laid over a page just opened lets its first request pass now and then.
    page.route("**/incidents/*", lambda route: waiting.append(route))  # noqa: PLW0108  (a method cannot be watched)
    start(page)
    page.keyboard.press("c")
    while not waiting:
        page.wait_for_timeout(20)
    page.keyboard.press("j")
    reason = page.get_by_label("Reason (needed to dismiss)").locator("visible=true")
    page.keyboard.press("d")
    expect(reason).to_be_focused()
    page.keyboard.type("cups")
    expect(page.locator("h1")).to_contain_text("3 of 3 incidents")
    waiting.pop().continue_()
    page.unroute("**/incidents/*")
    expect(page.locator("h1")).to_contain_text("2 of 3 incidents")
    expect(page.locator("[data-incident].is-current")).to_contain_text("Left the exam tab")
    expect(reason).to_be_focused()
    page.keyboard.type(" fell")
    expect(reason).to_have_value("cups fell")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("1 of 3 incidents")
    expect(page.locator("[data-incident].is-current")).to_contain_text("“cups fell”")


def test_after_an_answer_that_failed_the_next_one_takes_nothing_out_of_the_hand(page: Page) -> None:
    page.route("**/incidents/*", lambda route: route.fulfill(status=503))
    start(page)
    with page.expect_response("**/incidents/*"):
        page.keyboard.press("c")
    not_saved = page.get_by_role("alert").filter(has_text="That was not saved.")
    expect(not_saved).to_be_visible()
    page.unroute("**/incidents/*")
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator("h1")).to_contain_text("2 of 3 incidents")
    expect(not_saved).to_be_hidden()
    expect(page.locator("[data-incident].is-current")).to_contain_text("Left the exam tab")


def test_the_list_of_keys_opens_with_a_key_and_can_turn_them_off(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.get_by_label("Single keys work on this computer").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Start reviewing")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_accessible_and_fit(
    page: Page, live_server: LiveServer, theme: str, width: int
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    start(page)
    for address in ("", "/review/", "/review/decided/"):
        if address:
            page.goto(live_server.url + address)
        found = Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
