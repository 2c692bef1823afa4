"""The assessment tool: questions, answers that stay, a score that arrives."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.sandbox.assessment_tool import questions, scores
from tests.sandbox.lti import Tool
from tests.sandbox_tests.launching import Visitor
from tests.sandbox_tests.platform import CLAIM, Platform

KEY = {one["id"]: one["answer"] for one in questions.all_questions()}


@pytest.fixture
def lena(exams: Tool, platform: Platform) -> Visitor:
    """Lena's browser at the assessment tool."""
    return Visitor(exams, platform)


def begin(lena: Visitor, platform: Platform, *, attempt: str = "a1") -> str:
    """The address of Lena's attempt."""
    address: str = lena.launch(platform.resource_link(attempt=attempt)).headers["Location"]
    return address


def test_there_are_25_questions_with_four_options_in_two_languages() -> None:
    file = json.loads(Path(questions.FILE).read_text(encoding="utf-8"))
    assert len({one["id"] for one in file}) == 25
    for one in file:
        assert 0 <= one["answer"] < 4
        for language in ("en", "es"):
            assert one[language]["question"].strip()
            assert len({option.strip() for option in one[language]["options"]}) == 4
    places = [one["answer"] for one in file]
    assert min(places.count(place) for place in range(4)) >= 5


def test_right_answers_are_counted() -> None:
    assert questions.right_answers(KEY, quiz="full") == 25
    assert questions.right_answers({}, quiz="full") == 0
    assert questions.right_answers({**KEY, "q01": (KEY["q01"] + 1) % 4}, quiz="full") == 24
    assert questions.right_answers(KEY, quiz="practice") == 5


def test_the_taker_is_named_from_the_roster(lena: Visitor, platform: Platform) -> None:
    page = lena.get(begin(lena, platform)).text
    assert "Taken as <b>Lena Ruiz</b>" in page


def test_answers_survive_a_second_launch_of_the_same_attempt_only(lena: Visitor, platform: Platform) -> None:
    address = begin(lena, platform)
    assert lena.post(f"{address}/answers", json={"q01": 1, "q02": 3}).json() == {"answered": 2, "of": 25}
    assert begin(lena, platform) == address
    assert lena.get(address).text.count("checked") == 2
    assert begin(lena, platform, attempt="a2") != address


def test_a_finished_attempt_takes_no_more_answers(lena: Visitor, platform: Platform) -> None:
    address = begin(lena, platform)
    assert lena.post(f"{address}/finish").status_code == 303
    assert lena.post(f"{address}/answers", json={"q01": 1}).status_code == 409
    assert lena.get(address).headers["Location"].endswith("/done")


@pytest.mark.parametrize("told", [{"q99": 1}, {"q01": 4}, {"q01": -1}, {"q01": "x"}, {"q01": None}])
def test_what_is_no_answer_is_refused(lena: Visitor, platform: Platform, told: dict[str, object]) -> None:
    assert lena.post(f"{begin(lena, platform)}/answers", json=told).status_code == 400


def test_the_score_says_when_and_how_much_and_keeps_the_query(lena: Visitor, platform: Platform) -> None:
    address = begin(lena, platform)
    lena.post(f"{address}/answers", json={name: KEY[name] for name in ("q01", "q02", "q03")})
    lena.post(f"{address}/finish")
    started, finished = platform.received["score"]
    assert (started["activityProgress"], started["gradingProgress"]) == ("Started", "NotReady")
    assert "scoreGiven" not in started
    assert (finished["activityProgress"], finished["gradingProgress"]) == ("Completed", "FullyGraded")
    assert (finished["scoreGiven"], finished["scoreMaximum"], finished["userId"]) == (3, 25, "lena-1")
    assert finished["query"] == "attempt=a1"
    times = [
        finished["submission"]["startedAt"],
        finished["submission"]["submittedAt"],
        finished["timestamp"],
    ]
    assert times == sorted(times)
    assert {len(time) for time in times} == {len("2026-11-21T10:00:00.000Z")}


def test_nothing_right_is_a_score_of_zero(lena: Visitor, platform: Platform) -> None:
    lena.post(f"{begin(lena, platform)}/finish")
    assert platform.received["score"][-1]["scoreGiven"] == 0


def test_a_score_that_does_not_arrive_is_sent_again_in_the_same_words(
    lena: Visitor, platform: Platform, exams: Tool
) -> None:
    address = begin(lena, platform)
    platform.refuse["score"] = 1
    lena.post(f"{address}/finish")
    assert "cannot be reached right now" in lena.get(f"{address}/done").text
    for key, score in exams.shelf.all("score"):
        exams.shelf.put("score", key, {**score, "next_try_at": 0})
    scores.send_due(exams)
    assert "was handed to" in lena.get(f"{address}/done").text
    assert platform.received["score"][-1] == platform.received["score"][-2]


def test_the_instructor_sees_roster_and_results(lena: Visitor, platform: Platform) -> None:
    instructor = ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]
    page = lena.launch(platform.resource_link(more={CLAIM + "roles": instructor})).text
    assert "Lena Ruiz" in page
    assert "20 / 25" in page


@pytest.mark.browser
def test_the_exam_is_taken_in_a_frame_of_another_site(
    browser: BrowserContext, platform: Platform, exams: Tool
) -> None:
    platform.launches["exam"] = platform.resource_link()
    page = browser.new_page()
    page.goto(f"{platform.url}/frame/exam")
    frame = page.frame_locator("iframe")
    for name, place in list(KEY.items())[:3]:
        frame.locator(f"#{name}").get_by_role("radio").nth(place).check()
    expect(frame.get_by_text("3 / 25 answers saved")).to_be_visible()
    page.reload()
    expect(frame.get_by_text("3 / 25 answers saved")).to_be_visible()
    choose_by_keyboard(page, exams)
    expect(frame.get_by_text("4 / 25 answers saved")).to_be_visible()
    frame.get_by_role("button", name="Finish").click()
    expect(frame.get_by_text("Without an answer: question 5")).to_be_visible()
    frame.get_by_role("button", name="Hand in").click()
    expect(frame.get_by_role("heading", name="Your answers are in")).to_be_visible()
    assert platform.received["score"][-1]["scoreGiven"] >= 3


def choose_by_keyboard(page: Page, exams: Tool) -> None:
    """An option of question 4, without a mouse."""
    page.frame_locator("iframe").locator("#q04").get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")


@pytest.mark.browser
def test_answers_wait_while_there_is_no_connection(
    browser: BrowserContext, platform: Platform, exams: Tool
) -> None:
    platform.launches["exam"] = platform.resource_link()
    page = browser.new_page()
    page.goto(f"{platform.url}/open/exam")
    browser.set_offline(True)
    page.locator("#q01").get_by_role("radio").first.check()
    expect(page.get_by_text("No connection. Your answers wait here")).to_be_visible()
    browser.set_offline(False)
    expect(page.get_by_text("1 / 25 answers saved")).to_be_visible()
