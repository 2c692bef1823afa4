"""Every page, to everybody it is for: wide and narrow, light and dark, and what is for learners in both languages."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Page, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

from certificates.models import Certificate
from certificates.onward import deliveries, destinations
from lti_platform.courses import grouping
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment
from proctoring.door.models import OtherPlatform
from proctoring.models import Attempt
from tests.browser.world import ARGUMENTS
from tests.browsing import signed_in
from tests.certificates.passing import make_certificate
from tests.factories import ada, cora, make_exam, make_membership, make_organization, pia
from tests.lti_platform.launches.deep_linking.staging import Picking, picking
from tests.lti_platform.launches.staging import lena_starts
from tests.lti_platform.tools.test_key_pages import active
from tests.proctoring.desk.staging import Recorded, begin
from tests.together import together

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# A theme changes colours and nothing else.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
PUBLIC = ("/accounts/login/", "/accounts/password/reset/", "/help/", "/privacy/", "/accessibility/")
UNKNOWN = ("/no-such-page/", "/proof/no-such-certificate/")
OWN = (
    "/learn/",
    "/learn/certificates/",
    "/you/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/you/tools/",
)


@dataclass
class House:
    """One of everything that a page can show."""

    recorded: Recorded
    certificate: Certificate
    exam: str
    launch: str
    destination: str
    group: str
    picked: Picking
    review: str
    door: str
    key: str

    @property
    def lena(self) -> Person:
        """She has an exam to take, one in review and a certificate."""
        return self.recorded.attempt.person

    @property
    def learners(self) -> list[str]:
        """Pages that only Lena sees."""
        attempts = (self.recorded.attempt.pk, self.certificate.attempt_id)
        link = reverse("link-page", args=[self.recorded.day.exam.assessment_link_id])
        return [
            *OWN,
            self.exam,
            link,
            reverse("course-page", args=[self.picked.course.pk]),
            reverse("submissions", args=[self.recorded.day.exam.context_id]),
            reverse("own-results", args=[self.recorded.day.exam.context_id]),
            *(reverse("attempt", args=[pk]) for pk in attempts),
        ]

    @property
    def admins(self) -> list[str]:
        """Pages of the people who keep the platform."""
        link = self.recorded.day.exam.proctoring_link
        names = ("tool", "course", "exam", "person")
        made = (*names, "credential")
        lists = [reverse(f"{name}-{page}") for name in made for page in ("list", "new")]
        rows = (link.deployment.registration, link.context, self.recorded.day.exam, self.lena)
        details = [reverse(f"{name}-detail", args=[row.pk]) for name, row in zip(names, rows, strict=True)]
        singles = ("launch-list", "delivery-list", "destination-new", "key-list", "door-list", "door-new")
        others = [reverse(name) for name in singles]
        changed = {
            "tool": rows[0].pk,
            "exam": rows[2].pk,
            "credential": self.certificate.credential_id,
        }
        changes = [reverse(f"{name}-edit", args=[pk]) for name, pk in changed.items()]
        sides = ("tool-try", "tool-check-up", "notice-list")
        others += [reverse(name, args=[rows[0].pk]) for name in sides]
        return [
            *lists,
            *details,
            *others,
            *changes,
            *self.grades,
            *self.content,
            *self.course,
            self.launch,
            self.destination,
            self.door,
            self.key,
        ]

    @property
    def course(self) -> list[str]:
        """Pages about a course, its members, its links and its tools."""
        link = self.recorded.day.exam.assessment_link
        names = ("course-edit", "course-copy", "course-tool-new", "link-new")
        member = reverse("member-edit", args=[link.context_id, self.lena.pk])
        shown = reverse("link-edit", args=[link.context_id, link.pk])
        return [*(reverse(name, args=[link.context_id]) for name in names), member, shown]

    @property
    def content(self) -> list[str]:
        """Pages of what tools give a course."""
        held = reverse("course-content", args=[self.picked.course.pk])
        return [held, self.review]

    @property
    def grades(self) -> list[str]:
        """Pages of a course's gradebook and groups."""
        exam = self.recorded.day.exam
        course = exam.context_id
        sheet = reverse("course-gradebook", args=[course])
        result = reverse("course-gradebook-result", args=[course, exam.line_item_id, self.lena.pk])
        return [sheet, result, reverse("group-list", args=[course]), self.group]

    @property
    def files(self) -> list[str]:
        """Pages of the people who answer for the records."""
        lists = [reverse(name) for name in ("compliance-search", "certificate-register", "journal-list")]
        attempts = (self.recorded.attempt.pk, self.certificate.attempt_id)
        return [*lists, "/files/?q=nobody", *(reverse("attempt-file", args=[pk]) for pk in attempts)]


@pytest.fixture
def house(settings: LazySettings, live_server: LiveServer, tmp_path: Path) -> House:
    settings.EVIDENCE_DIR, settings.PLATFORM_URL = tmp_path / "evidence", live_server.url
    now = datetime.now(UTC)
    recorded = Recorded()
    recorded.flag(1, "Second person in view")
    recorded.photograph()
    recorded.record("camera", 0)
    recorded.hand_in(("recording", "camera", 1), ("identity_photo", "", 1), ("candidate_photo", "", 1))
    lena = recorded.attempt.person
    exam = make_exam()
    make_membership(lena, exam.context)
    picked = picking()
    picked.give([picked.link(lineItem={"scoreMaximum": 5}), {"type": "html", "html": "<p>Wear gloves.</p>"}])
    picked.press("add")
    make_membership(lena, picked.course)
    destination, _secret = destinations.create(name="Portal", url="https://portal.example/hook", now=now)
    certificate = make_certificate(now, person=lena)
    with transaction.atomic():
        deliveries.queue(certificate.pk, now=now)
    course = recorded.day.exam.context
    told_of_copies(recorded.day.exam.proctoring_link.deployment, now=now)
    group = grouping.make_group(course, name="Night shift", group_set=None, now=now)
    stage = lena_starts()
    stage.ask(prompt="login")
    return House(
        recorded, certificate, reverse("exam-ready", args=[exam.pk]),
        reverse("launch-detail", args=[stage.launch.reference]),
        reverse("destination-detail", args=[destination.pk]),
        reverse("group-detail", args=[group.context_id, group.pk]), picked,
        reverse("content-review", args=[picked.request.pk]),
        reverse("door-detail", args=[came_from_elsewhere(certificate.attempt, now=now).pk]),
        reverse("key-revoke", args=[active("access_token")]),
    )  # fmt: skip


def told_of_copies(deployment: Deployment, *, now: datetime) -> None:
    """The tool wants to be told of copies, at a long address, and did not take the last notice."""
    address = "https://proctoring.steady-watch.example/platforms/coldline/notices/of/copied/courses"
    deployment.notice_handlers.create(notice_type="LtiContextCopyNotice", url=address, updated_at=now)
    deployment.notices.create(
        notice_type="LtiContextCopyNotice", subject="copied", state="dropped", attempts=9, created_at=now,
        due_at=now, settled_at=now, last_error="The tool answered 503.",
    )  # fmt: skip


def came_from_elsewhere(attempt: Attempt, *, now: datetime) -> OtherPlatform:
    """The LMS of Lena's company, which sent her and could not take her result."""
    company = make_organization("Gulf Coast Mechanical")
    hers = "https://learning.gulf-coast-mechanical.example"
    platform = OtherPlatform.objects.create(
        name="Learning at Gulf Coast Mechanical", organization=company, issuer=hers, client_id="QvT7pZ2m",
        deployment_ids=["1"], authorization_endpoint=f"{hers}/auth", token_endpoint=f"{hers}/token",
        key_set_url=f"{hers}/keys",
    )  # fmt: skip
    visitor = platform.visitors.create(
        subject=str(uuid4()), person=attempt.person, created_at=now, last_at=now
    )
    visitor.returned_results.create(
        attempt=attempt, line_item_url=f"{hers}/items/7/scores", percent=84, settled_at=now, state="parked",
        due_at=now, created_at=now, last_error="The other side answered 403: this line item is closed.",
    )  # fmt: skip
    return platform


@dataclass
class Visitor:
    """Somebody's browser going from page to page; what is wrong anywhere is gathered."""

    page: Page
    url: str
    language: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))

    def hear(self, message: ConsoleMessage) -> None:
        """What the browser complains about, a broken policy among it; a page that is not there is no complaint."""
        if message.type in ("error", "warning") and "404 (Not Found)" not in message.text:
            self.faults.append(f"{self.page.url} says {message.text}")

    def look_at(self, address: str) -> None:
        """Opens the page and looks at it wide and narrow, light and dark."""
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(WIDE)
        self.page.goto(self.url + address)
        if self.page.url != self.url + address:
            self.faults.append(f"{address} leads to {self.page.url}")
        if (spoken := self.page.locator("html").get_attribute("lang")) != self.language:
            self.faults.append(f"{address} speaks {spoken}")
        self.page.evaluate(Axe().axe_script)
        self._judge(f"{address} wide", EVERYTHING)
        self.page.emulate_media(color_scheme="dark")
        self._judge(f"{address} wide and dark", COLOURS)
        self.page.set_viewport_size(NARROW)
        self._judge(f"{address} narrow and dark", EVERYTHING)

    def _judge(self, where: str, rules: dict[str, Any]) -> None:
        found = self.page.evaluate(f"axe.run({json.dumps(rules)})")["violations"]
        self.faults += [
            f"{where}: {one['id']}: {[node['html'] for node in one['nodes']][:3]}" for one in found
        ]
        if self.page.evaluate(TOO_WIDE):
            self.faults.append(f"{where}: scrolls sideways")


Visit = Callable[..., list[str]]


@pytest.fixture
def visit(house: House, live_server: LiveServer, chromium: Path) -> Iterator[Visit]:
    """Lets a person, or nobody in particular, look at pages; says what was wrong with them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)

        def visited(addresses: Iterable[str], *, session: str = "", language: str = "en") -> list[str]:
            context = browser.new_context(locale=language, reduced_motion="reduce")
            if session:
                context.add_cookies([{"name": "platform_session", "value": session, "url": live_server.url}])
            visitor = Visitor(context.new_page(), live_server.url, language)
            for address in addresses:
                visitor.look_at(address)
            context.close()
            return visitor.faults

        yield visited
        browser.close()


def session_of(who: Callable[[], Person]) -> str:
    """Signs a person in; asked aside, since Playwright's loop has this thread."""
    return str(together(lambda: signed_in(who()).cookies["platform_session"].value)[0])


def speaks(person: Person, language: str) -> Person:
    """The person reads this language from now on."""
    person.locale = language
    person.save()
    return person


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_that_need_no_account(house: House, visit: Visit, language: str) -> None:
    proof = reverse("certificate-proof", args=[house.certificate.proof_token])
    assert visit([*PUBLIC, *UNKNOWN, proof], language=language) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_of_a_learner(house: House, visit: Visit, language: str) -> None:
    session = session_of(lambda: speaks(house.lena, language))
    assert visit(house.learners, session=session, language=language) == []


def test_pages_of_a_proctor(house: House, visit: Visit) -> None:
    elsewhere = session_of(lambda: pia(make_organization("Other Company")))
    assert visit([reverse("review-queue"), reverse("review-decided")], session=elsewhere) == []
    person = together(pia)[0]
    case = reverse("review-session", args=[house.recorded.number])
    session = session_of(lambda: person)
    assert visit([reverse("review-queue"), case], session=session) == []
    together(lambda: begin(signed_in(person), house.recorded.number))
    assert visit([case], session=session) == []


def test_pages_of_an_admin(house: House, visit: Visit) -> None:
    assert visit(house.admins, session=session_of(ada)) == []


def test_pages_of_a_compliance_officer(house: House, visit: Visit) -> None:
    assert visit(house.files, session=session_of(cora)) == []
