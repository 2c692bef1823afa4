"""The candidate's window of an ordinary link, alone in a browser: how often it says that we watch."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parents[1] / "sandbox/proctoring_tool/static"
SITE = "http://tool.example"
PAGE = "<!doctype html><title>Tool</title><link rel=icon href='data:,'><script type=module src=/link.js></script>"
# No wait is waited for; what was to be waited is kept.
HURRY = """
window.waits = [];
const later = window.setTimeout;
window.setTimeout = (call, wait, ...told) => { waits.push(wait); return later(call, 0, ...told); };
"""
Answer = Callable[[Route], None]


def silence(route: Route) -> None:
    """No answer at all."""
    route.abort()


def error(route: Route) -> None:
    """What our server makes of a platform in trouble."""
    route.fulfill(status=502, json={"detail": "down"})


def attempt(status: str) -> Answer:
    """The platform's answer."""
    return lambda route: route.fulfill(json={"attempt_status": status})


@pytest.fixture
def page(browser: BrowserContext) -> Page:
    """A page whose scripts come from the tool's folder."""
    page = browser.new_page()
    page.add_init_script(HURRY)
    page.route(f"{SITE}/links/one", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.route(
        f"{SITE}/*.js", lambda route: route.fulfill(path=STATIC / route.request.url.rpartition("/")[2])
    )
    return page


def waits(page: Page, *answers: Answer) -> list[int]:
    """The seconds before each word, when the platform answers so, and then that the exam runs."""
    told = [*answers, attempt("running")]

    def answer(route: Route) -> None:
        told.pop(0)(route)

    page.route(f"{SITE}/links/one/word", answer)
    with page.expect_response(lambda _response: not told):
        page.goto(f"{SITE}/links/one")
    return [wait // 1000 for wait in page.evaluate("waits")]


def test_it_says_so_every_ten_seconds_until_the_exam_runs(page: Page) -> None:
    assert waits(page, attempt("none"), attempt("none")) == [10, 10, 10]


def test_it_asks_ever_less_often_while_the_platform_is_in_trouble_or_silent(page: Page) -> None:
    assert waits(page, error, silence, error, silence, error) == [10, 20, 40, 60, 60, 60]


def test_it_is_back_to_every_ten_seconds_once_the_platform_answers(page: Page) -> None:
    assert waits(page, error, error, attempt("none")) == [10, 20, 40, 10]
