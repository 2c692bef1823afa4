"""What people do in the stories, by what they see: names and roles, never a page's inner workings."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import BrowserContext, Frame, Page, TimeoutError, expect

expect.set_options(timeout=45_000)
PASSWORD = "proctored-demo-2026"
SANDBOX = Path(__file__).resolve().parents[1] / "sandbox"
QUESTIONS = json.loads((SANDBOX / "assessment_tool" / "questions.json").read_text(encoding="utf-8"))


class Stage(Protocol):
    """Where a platform answers."""

    @property
    def url(self) -> str: ...


def words(tool: str, language: str) -> Callable[[str], str]:
    """How a tool says an English sentence in the language."""
    path = SANDBOX / tool / f"words.{language}.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return lambda english: str(known.get(english, english))


def sign_in(context: BrowserContext, stage: Stage, email: str) -> Page:
    """Signs in and lands on the person's home."""
    page = context.new_page()
    page.goto(f"{stage.url}/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(learn|review|files|admin)/"))
    return page


@dataclass
class Candidate:
    """Somebody in an exam: window A (ours), window B (the proctoring tool's), and the questions framed in A."""

    page: Page
    window: Page
    language: str = "en"

    @classmethod
    def begin(cls, home: Page, *, language: str = "en") -> "Candidate":
        """From home through rules and consent to the proctoring tool's window."""
        home.locator("a[href^='/exams/']").first.click()
        return cls.start(home, language=language)

    @classmethod
    def start(cls, ready: Page, *, language: str = "en") -> "Candidate":
        """From the page before the exam through rules and consent to the proctoring tool's window."""
        ready.locator("main input[type=checkbox]").check()
        with ready.context.expect_page() as opened:
            ready.locator("main form button").last.click()
        return cls(ready, opened.value, language)

    def check_in(self) -> None:
        """Camera, photo ID, photo, room; and the click that starts the exam."""
        said = words("proctoring_tool", self.language)
        window = self.window
        window.get_by_label(said("I agree to be recorded during this exam")).check()
        window.get_by_role("button", name=said("Turn on camera and microphone")).click()
        for name in ("Take photo of my ID", "Take photo of me"):
            button = window.get_by_role("button", name=said(name))
            expect(button).to_be_enabled()
            button.click()
        window.get_by_label(said("I am alone, and my desk is clear")).check()
        window.get_by_label(
            said("No phone, no notes, no other programs. I stay in view of the camera")
        ).check()
        start = window.get_by_role("button", name=said("Start the exam"))
        expect(start).to_be_enabled(timeout=30_000)
        start.click()
        expect(self.page.locator("#exam-frame")).to_be_visible(timeout=30_000)

    @property
    def questions(self) -> Frame:
        """The assessment tool's frame, once its questions are there."""
        element = self.page.locator("#exam-frame").element_handle()
        assert element is not None
        frame = element.content_frame()
        assert frame is not None
        shown = frame.locator("fieldset").first
        try:
            shown.wait_for(timeout=60_000)
        except TimeoutError as error:
            raise AssertionError(f"{frame.url}: {frame.locator('body').inner_text()}") from error
        return frame

    def answer(self, *, wrong: int = 0, first: int = 0, last: int = 25) -> None:
        """Answers the questions from `first` to before `last`; of all, the first `wrong` ones wrongly."""
        frame = self.questions
        for place in range(first, last):
            right = QUESTIONS[place]["answer"]
            choice = right if place >= wrong else (right + 1) % 4
            frame.locator("fieldset").nth(place).locator("input[type=radio]").nth(choice).check()
        expect(frame.get_by_text(re.compile(rf"{last} / 25"))).to_be_visible()

    def hand_in(self) -> None:
        """Finishes, confirms, and waits until our page has noticed."""
        said = words("assessment_tool", self.language)
        frame = self.questions
        frame.get_by_role("button", name=said("Finish"), exact=True).click()
        frame.get_by_role("button", name=said("Hand in"), exact=True).click()
        expect(self.page.locator("#exam-frame")).to_have_count(0, timeout=60_000)

    def raise_flag(self) -> None:
        """The live proctor's button in the tool's window."""
        self.window.locator("summary").first.click()
        self.window.get_by_role("button", name="Raise a flag").click()

    def wait_for_the_last_segment(self) -> None:
        """The tool has handed everything over and says so."""
        said = words("proctoring_tool", self.language)(
            "The recording is complete. You can close this window."
        )
        expect(self.window.get_by_text(said)).to_be_visible(timeout=60_000)


def review(page: Page, *, verdict: str, note: str = "", dismissal: str = "") -> None:
    """Pia opens the next case and decides it with the keyboard alone; `dismissal` is the reason, if she dismisses."""
    open_next_case(page)
    decide(page, verdict=verdict, note=note, dismissal=dismissal)


def open_next_case(page: Page) -> None:
    """The next case of the queue, hers to decide, once everything recorded is in it."""
    page.goto(page.url)
    with page.expect_navigation():
        page.keyboard.press("n")
    if page.get_by_role("button", name=re.compile("Start review")).count():
        with page.expect_navigation():
            page.keyboard.press("s")
    still = page.get_by_text("Recordings may still arrive.")
    while still.count():
        page.wait_for_timeout(500)
        page.reload()


def decide(page: Page, *, verdict: str, note: str = "", dismissal: str = "") -> None:
    """Every flag confirmed, or dismissed for the reason given, and the verdict signed, at the page of a case."""
    eventually(lambda: page.evaluate("document.querySelector('video:not([hidden])')?.readyState >= 2"))
    while "need" in page.locator("h1").inner_text():
        before = page.locator("h1").inner_text()
        page.keyboard.press("j")
        if dismissal:
            page.keyboard.press("d")
            page.keyboard.type(dismissal)
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("c")
        expect(page.locator("h1")).not_to_have_text(before)
    page.keyboard.press(verdict)
    page.get_by_label("Note for the file").fill(note)
    page.keyboard.press("Control+Enter")


def eventually(question: Callable[[], Any], *, seconds: float = 60) -> Any:
    """The first true answer; what happens in other processes takes its time."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, f"never came true: {question}"
        time.sleep(0.5)
    return answer
