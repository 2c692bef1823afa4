"""Ada picks content in a tool, for a course and for an exam, in a real browser and across sites."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acting import sign_in
from tests.browser.world import World, browser, person_at, world

pytestmark = pytest.mark.browser
ADA, LENA = "ada@demo.example", "lena@demo.example"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with world() as made:
        yield made


def pick(page: Page, *quizzes: str) -> None:
    """In the tool's page: ticks, and hands over to the platform."""
    expect(page.get_by_role("heading", name="Pick a quiz")).to_be_visible()
    for quiz in quizzes:
        page.get_by_label(quiz).check()
    page.get_by_role("button", name="Hand over").click()


def test_a_practice_quiz_picked_by_ada_is_opened_by_lena(stage: World, chrome: Browser) -> None:
    ada = sign_in(person_at(chrome), stage, ADA)
    ada.goto(f"{stage.url}/admin/courses/")
    ada.get_by_role("link", name="HVAC 608").click()
    ada.get_by_role("link", name="Add content from a tool").click()
    ada.get_by_role("button", name="Pick in Coldline Exams").click()
    pick(ada, "Refrigerant handling: practice (5 questions)")
    expect(ada.locator("h1")).to_have_text(re.compile("1 item is ready to be added"))
    ada.get_by_role("button", name="Add to the course").click()
    expect(ada.get_by_text("Added: 1.")).to_be_visible()
    ada.reload()
    expect(ada.locator("h1")).to_have_text(re.compile("The course holds 1 item"))

    lena = sign_in(person_at(chrome, phone=True), stage, LENA)
    lena.get_by_role("link", name="HVAC 608", exact=True).click()
    expect(lena.get_by_role("heading", name="Refrigerant handling: practice")).to_be_visible()
    lena.get_by_role("link", name="Open", exact=True).click()
    with lena.context.expect_page() as opened:
        lena.get_by_role("link", name="Open in a new window").click()
    expect(opened.value.get_by_text("5 questions, one right answer each.")).to_be_visible()
    expect(opened.value.locator("fieldset")).to_have_count(5)


def test_the_questions_of_an_exam_are_picked_in_its_tool(stage: World, chrome: Browser) -> None:
    ada = sign_in(person_at(chrome), stage, ADA)
    ada.goto(f"{stage.url}/admin/exams/")
    ada.get_by_role("link", name="Refrigerant handling").first.click()
    ada.get_by_role("button", name="Pick from the tool").click()
    pick(ada, "Refrigerant handling (25 questions)")
    expect(ada.get_by_text("Picked. It is used from now on.")).to_be_visible()
    expect(ada).to_have_url(re.compile(r"/admin/exams/[0-9a-f-]+/$"))
    expect(ada.get_by_text("/launch", exact=False).first).to_be_visible()


def test_nothing_picked_changes_nothing(stage: World, chrome: Browser) -> None:
    ada = sign_in(person_at(chrome), stage, ADA)
    ada.goto(f"{stage.url}/admin/courses/")
    ada.get_by_role("link", name="HVAC 608").click()
    ada.get_by_role("link", name="Add content from a tool").click()
    ada.get_by_role("button", name="Pick in Coldline Exams").click()
    pick(ada)
    expect(ada.locator("h1")).to_have_text(re.compile("Nothing was picked"))
