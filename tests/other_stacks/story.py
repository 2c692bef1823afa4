"""What Ada and Lena do with a tool that is no code of ours, from its registration to a score."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.acting import sign_in
from tests.browser.world import World, person_at
from tests.services.node import node
from tests.services.processes import accepts, running

HERE = Path(__file__).resolve().parent
ADA, LENA, PIA, CORA = (f"{name}@demo.example" for name in ("ada", "lena", "pia", "cora"))
COURSE = "HVAC 608"
LEARNERS = ("Lena Ruiz", "Mateo Alvarez", "Pia Osei", "Cora Mbeki")


@dataclass(frozen=True)
class Stage:
    """The platform, and the port of each tool by its folder's name."""

    world: World
    ports: dict[str, int]

    @contextmanager
    def tool(self, name: str, *arguments: str) -> Iterator[str]:
        """The program in that folder, while the block runs; its address."""
        port = self.ports[name]
        # What some libraries import has no file ending; tsx finds it, Node.js alone does not.
        command: list[str | Path] = [
            node(),
            "--import",
            "tsx",
            HERE / name / "tool.mjs",
            str(port),
            *arguments,
        ]
        log = self.world.folder / f"{name}.log"
        with running(command, ready=lambda: accepts(port), log=log, folder=HERE):
            yield f"http://127.0.0.1:{port}"


@dataclass(frozen=True)
class Course:
    """A course as Ada sees it; she is its instructor, and Lena one of its learners."""

    stage: Stage
    ada: Page
    lena: Page
    pk: str

    @classmethod
    def staffed(cls, stage: Stage, chrome: Browser) -> "Course":
        """Enrols Ada to teach, and two more to learn beside the two who are there."""
        ada = sign_in(person_at(chrome), stage.world, ADA)
        lena = sign_in(person_at(chrome), stage.world, LENA)
        ada.goto(f"{stage.world.url}/admin/courses/")
        ada.get_by_role("link", name=COURSE).click()
        found = re.search(r"/courses/([0-9a-f-]{36})/", ada.url)
        assert found
        for people, role, words in (
            (ADA, "Instructor", "1 person is enrolled."),
            (f"{PIA}\n{CORA}", "Learner", "2 people are enrolled."),
        ):
            ada.get_by_label("Employee ids or e-mails").fill(people)
            ada.get_by_label("As", exact=True).select_option(role)
            ada.get_by_role("button", name="Enrol").click()
            expect(ada.get_by_text(words)).to_be_visible()
        return cls(stage, ada, lena, found[1])

    def register(self, address: str, *, consent: str = "") -> None:
        """Ada has the tool register at this address, and activates it.

        `consent` is the button that its page asks her to press, if it does.
        """
        self.ada.goto(f"{self.stage.world.url}/admin/tools/register/")
        self.ada.get_by_label("The tool’s registration address").fill(address)
        self.ada.get_by_role("button", name="Continue").click()
        if consent:
            with self.ada.expect_popup() as opened:
                self.ada.get_by_role("button", name="Open it").click()
            opened.value.get_by_role("button", name=consent).click()
            opened.value.get_by_role("button", name="Close Window").click()
        else:
            self.ada.get_by_role("button", name="Open it").click()
        expect(self.ada.locator("h1")).to_contain_text("registered itself")
        self.ada.get_by_role("button", name="Activate and deploy").click()
        expect(self.ada.get_by_text("is active and deployed")).to_be_visible()

    def pick(self, quiz: str, *, tool: str) -> None:
        """Ada picks the tool's quiz, and the course holds it."""
        self.ada.goto(f"{self.stage.world.url}/admin/courses/{self.pk}/content/")
        self.ada.get_by_role("button", name=f"Pick in {tool}").click()
        expect(self.ada.get_by_role("heading", name="Pick a quiz")).to_be_visible()
        self.ada.get_by_role("button", name="Hand over").click()
        expect(self.ada.locator("h1")).to_contain_text("1 item is ready to be added")
        expect(self.ada.get_by_text(quiz).first).to_be_visible()
        self.ada.get_by_role("button", name="Add to the course").click()
        expect(self.ada.get_by_text("Added: 1.")).to_be_visible()

    def launch(self, quiz: str, *, person: Page) -> Page:
        """The quiz, opened from the course by whose page this is; the tool's window."""
        person.goto(f"{self.stage.world.url}/courses/{self.pk}/")
        offered = person.locator(".pick").filter(has=person.get_by_role("heading", name=quiz))
        offered.get_by_role("link", name="Open", exact=True).click()
        with person.context.expect_page() as opened:
            person.get_by_role("link", name="Open in a new window").click()
        return opened.value

    def results(self, quiz: str) -> dict[str, str]:
        """What the gradebook says of the quiz, by learner."""
        self.ada.goto(f"{self.stage.world.url}/courses/{self.pk}/gradebook/")
        rows = self.ada.locator("tbody tr").all()
        cell = f'td[data-name="{quiz}"]'
        return {row.locator("th").inner_text(): row.locator(cell).inner_text().strip() for row in rows}


def played_through(course: Course, quiz: str, *, tool: str) -> None:
    """From a tool that is registered to a score in the gradebook; both sides say so at each step."""
    course.pick(quiz, tool=tool)
    window = course.launch(quiz, person=course.lena)
    expect(window.get_by_role("heading", name="Hello Lena Ruiz")).to_be_visible()
    expect(window.locator("dd")).to_have_text([re.compile("Learner|student"), COURSE, "ladders"])
    window.get_by_role("button", name="Hand in").click()
    expect(window.get_by_role("heading", name="Handed in")).to_be_visible()
    expect(window.locator("li")).to_have_text(["17 of 20"])
    assert course.results(quiz) == {**dict.fromkeys(LEARNERS, "No score"), "Lena Ruiz": "17 of 20"}


def read_in_pages(course: Course, quiz: str) -> list[list[str]]:
    """Ada opens the quiz as the instructor and has the tool read the roster, two members a page."""
    window = course.launch(quiz, person=course.ada)
    expect(window.get_by_role("heading", name="Hello Ada Lindqvist")).to_be_visible()
    expect(window.locator("dd").first).to_have_text(re.compile("[Ii]nstructor"))
    window.get_by_role("button", name="Read the roster").click()
    expect(window.get_by_role("heading", name="Roster")).to_be_visible()
    return [page.locator("li").all_inner_texts() for page in window.locator("ol").all()]


def is_whole(pages: list[list[str]]) -> bool:
    """Whether these are pages of two with everybody in the course once."""
    read = [member for page in pages for member in page]
    everybody = sorted(f"{name} (Active)" for name in (*LEARNERS, "Ada Lindqvist"))
    return [len(page) for page in pages] == [2, 2, 1] and sorted(read) == everybody
