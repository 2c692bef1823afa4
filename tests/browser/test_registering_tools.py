"""Ada lets a tool register itself: from "add a tool" to the first launch, with a tool that is no code of ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment, Registration
from tests.browser.test_pages import Visitor
from tests.browser.world import ARGUMENTS
from tests.browsing import signed_in
from tests.factories import ada, make_context, make_link, make_membership
from tests.lti_platform.tools.dynamic.registering import activated, invited, registered
from tests.sandbox.assessment_tool.app import create_app as assessment_app
from tests.sandbox.lti import Tool
from tests.sandbox.proctoring_tool.app import create_app as proctoring_app
from tests.sandbox.shelf import Shelf
from tests.sandbox.tool_key import own_key
from tests.sandbox_tests.platform import Server
from tests.services.processes import free_port
from tests.together import together

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
APPS = {"Coldline Exams": assessment_app, "Steady Watch": proctoring_app}
SECONDS = 30_000


@dataclass
class Desk:
    """Ada at her desk, and the address at which the tool registers."""

    page: Page
    person: Person
    url: str
    tool_url: str

    def open_waiting_page(self) -> None:
        """From the list of tools to the page where Ada waits."""
        self.page.goto(f"{self.url}{reverse('tool-list')}")
        self.page.get_by_role("link", name="Register a tool").first.click()
        self.page.get_by_role("link", name="Register automatically").click()
        self.page.get_by_label("The tool’s registration address").fill(f"{self.tool_url}/register")
        self.page.get_by_role("button", name="Continue").click()

    def register(self) -> None:
        """Until the tool's request is on the screen."""
        self.open_waiting_page()
        self.page.get_by_role("button", name="Open it").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(
            "registered itself", timeout=SECONDS
        )

    def open_a_tool_that_says_nothing(self) -> Page:
        """The tool's window, in which it registered without a word to us."""
        self.page.context.route("**/shared/registered.js", lambda route: route.abort())
        self.open_waiting_page()
        with self.page.expect_popup() as opening:
            self.page.get_by_role("button", name="Open it").click()
        expect(opening.value.get_by_role("heading", name="Registered")).to_be_visible()
        return opening.value


@pytest.fixture(params=APPS)
def desk(
    request: pytest.FixtureRequest,
    settings: LazySettings,
    live_server: LiveServer,
    tmp_path: Path,
    chromium: Path,
) -> Iterator[Desk]:
    port = free_port()
    tool_url = f"http://127.0.0.1:{port}"
    settings.PLATFORM_URL = live_server.url
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = [f"127.0.0.1:{port}"]
    shelf = Shelf(tmp_path / "tool.sqlite3")
    tool = Tool(name="tool", config={}, key=own_key(tmp_path), shelf=shelf, base_url=tool_url)
    person = ada()
    cookie = signed_in(person).cookies["platform_session"].value
    with Server(APPS[request.param](tool), port=port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
        context.add_cookies([{"name": "platform_session", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(SECONDS)
        yield Desk(page, person, live_server.url, tool_url)
        browser.close()


def only_assessment(test: object) -> object:
    """What one tool shows need not be shown by both."""
    return pytest.mark.parametrize("desk", ["Coldline Exams"], indirect=True)(test)


def launched(desk: Desk) -> None:
    """Ada opens the tool from a course."""
    deployment = together(Deployment.objects.get)[0]
    link = together(lambda: make_link(make_context(), deployment))[0]
    together(lambda: make_membership(desk.person, link.context, "Instructor"))
    desk.page.goto(f"{desk.url}{reverse('launch-link', args=[link.pk])}")


def test_a_tool_registers_itself_and_is_activated(desk: Desk) -> None:
    desk.register()
    assert len(desk.page.context.pages) == 1  # the tool's window said it was done, and was closed
    expect(desk.page.get_by_role("table")).to_contain_text(desk.tool_url)
    desk.page.get_by_role("button", name="Activate and deploy").click()
    expect(desk.page.get_by_text("is active and deployed")).to_be_visible()
    tool = together(Registration.objects.get)[0]
    assert (tool.state, tool.is_enabled, tool.jwks_uri) == ("active", True, f"{desk.tool_url}/jwks.json")


@only_assessment
def test_the_activated_tool_launches(desk: Desk) -> None:
    desk.register()
    desk.page.get_by_role("button", name="Activate and deploy").click()
    expect(desk.page.get_by_text("is active and deployed")).to_be_visible()
    launched(desk)
    desk.page.wait_for_url(f"{desk.tool_url}/**")
    expect(desk.page.get_by_text("Coldline Exams").first).to_be_visible()


@only_assessment
@pytest.mark.parametrize("_case", [pytest.param(0, id="case-198 other windows and other words")])
def test_only_the_tools_own_window_is_heard(desk: Desk, _case: int) -> None:
    own = desk.open_a_tool_that_says_nothing()
    waiting = desk.page.url
    with desk.page.expect_popup() as opening:
        desk.page.evaluate("window.open('/help/', 'another')")
    another = opening.value
    another.wait_for_load_state()
    for page, words in [
        (desk.page, {"subject": "org.imsglobal.lti.close"}),
        (another, {"subject": "org.imsglobal.lti.close"}),
        (own, {"subject": "org.imsglobal.lti.capabilities"}),
        (own, {"subject": ["org.imsglobal.lti.close"]}),
        (own, "org.imsglobal.lti.close"),
        (own, None),
    ]:
        page.evaluate("(words) => (opener ?? window).postMessage(words, '*')", words)
    desk.page.wait_for_timeout(500)
    assert (desk.page.url, own.is_closed()) == (waiting, False)
    own.evaluate("opener.postMessage({subject: 'lti.close'}, '*')")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("registered itself")


@only_assessment
def test_ada_goes_on_herself_when_the_tool_never_says_it_is_done(desk: Desk) -> None:
    desk.open_a_tool_that_says_nothing()
    expect(desk.page.get_by_text("The tool has registered.")).to_be_visible()
    desk.page.get_by_role("link", name="I’m done there").click()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("registered itself")


def pages(person: Person) -> list[str]:
    """One of every page about tools that register themselves."""
    waiting, used = invited(by=person), invited(by=person)
    links = [reverse("registration-link", args=[waiting.link.pk])]
    links += [reverse("registration-by-vendor", args=[tool.token]) for tool in (waiting, used)]
    changing = activated(used, client_name="Changing Tool")
    changing.put(client_name="Payroll", scope="")
    asking = registered(scope="https://tool.example/scope", tool={"claims": ["sub", "email"]})
    requests = [reverse("tool-request", args=[tool.row.pk]) for tool in (changing, asking)]
    return [reverse("registration-link-new"), reverse("tool-request-list"), *links, *requests]


@only_assessment
def test_the_pages_are_well_made(desk: Desk) -> None:
    [addresses] = together(lambda: pages(desk.person))
    visitor = Visitor(desk.page, desk.url, "en")
    for address in addresses:
        visitor.look_at(address)
    assert visitor.faults == []
