"""Exams without Proctoring Services, in a real browser: a tool that knows only links, and one tool for everything."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from lti_platform.courses.models import ResourceLink
from lti_platform.journal.working import run_due
from lti_platform.tools.models import Deployment
from proctoring.models import Attempt, Incident
from proctoring.tool_launches import CUSTOM_PARAMETERS
from proctoring.transitions import State
from tests.browser.test_exam_day import TAGS, aside
from tests.factories import make_deployment, make_registration
from tests.proctoring.browsing import BrowserDay
from tests.sandbox.tool_key import own_key
from tests.services.processes import accepts, free_port, running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Outside:
    """A tool of the sandbox in its own process, registered for resource links alone."""

    program: str
    folder: Path
    port: int
    platform: str

    def deployment(self) -> Deployment:
        base = f"http://127.0.0.1:{self.port}"
        fields: dict[str, Any] = {
            "initiate_login_uri": f"{base}/login",
            "redirect_uris": [f"{base}/launch"],
            "target_link_uri": f"{base}/launch",
            "domains": [f"127.0.0.1:{self.port}"],
            "jwks": own_key(self.folder).jwks,
            "messages": [{"type": "LtiResourceLinkRequest"}],
        }
        return make_deployment(make_registration("Outside", **fields))

    @contextmanager
    def open(self, deployment: Deployment) -> Iterator[None]:
        """The program, while the block runs."""
        at = {
            "authorization_endpoint": f"{self.platform}{reverse('lti-authorize')}",
            "token_endpoint": f"{self.platform}{reverse('lti-token')}",
            "jwks_uri": f"{self.platform}/.well-known/jwks.json",
        }
        known = {"client_id": deployment.registration.client_id, "deployment_ids": [deployment.deployment_id]}
        config = self.folder / "config.json"
        config.write_text(json.dumps({"platform": {"issuer": self.platform, **at}, **known}))
        where = ["--port", str(self.port), "--config", str(config), "--data", str(self.folder)]
        command = [sys.executable, "-m", f"tests.sandbox.{self.program}", *where]
        log = self.folder / "tool.log"
        with running(
            command, ready=lambda: accepts(self.port), log=log, environment={"PYTHONPATH": str(ROOT)}
        ):
            yield


@pytest.fixture
def outside(
    request: pytest.FixtureRequest, tmp_path: Path, live_server: LiveServer, settings: LazySettings
) -> Outside:
    settings.PLATFORM_URL = live_server.url
    return Outside(program=request.param, folder=tmp_path, port=free_port(), platform=live_server.url)


@contextmanager
def at_the_exam(story: BrowserDay, *, url: str, chromium: Path) -> Iterator[tuple[Page, Page]]:
    """Lena has pressed Start: our window, and the tool's."""
    cookie = story.lena.cookies["platform_session"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": "platform_session", "value": cookie, "url": url}])
        page = context.new_page()
        page.goto(url + reverse("exam-ready", args=[story.day.exam.pk]))
        page.locator("#agree").check()
        with context.expect_page() as opened:
            page.get_by_role("button", name="Start exam").click()
        page.wait_for_url("**/attempts/**")
        yield page, opened.value
        browser.close()


def state() -> str:
    return str(aside(lambda: Attempt.objects.get().state))


@pytest.mark.parametrize("outside", ["proctoring_tool"], indirect=True)
def test_a_tool_that_knows_only_links_opens_the_exam_and_raises_a_flag(
    outside: Outside, live_server: LiveServer, chromium: Path
) -> None:
    tool = outside.deployment()
    story = BrowserDay(kind="linked", proctoring=tool)
    ResourceLink.objects.filter(deployment=tool).update(custom_parameters=CUSTOM_PARAMETERS)
    with outside.open(tool), at_the_exam(story, url=live_server.url, chromium=chromium) as (page, window):
        window.get_by_role("link", name="Open my exam").click()
        start = page.get_by_role("button", name="Start the exam")
        expect(start).to_be_visible()
        assert Axe().run(page, options=TAGS).response["violations"] == []
        assert state() == State.CHECKING_IN
        start.click()
        expect(page.locator("#exam-frame")).to_be_attached()
        assert state() == State.RUNNING
        window.get_by_role("button", name="Raise a flag").click()
        expect(window.get_by_text("1 flags raised.")).to_be_visible()
        flag = aside(lambda: Incident.objects.get(source="tool", reason_code="proctor_flag"))
        assert flag.reason_message == "The proctor saw something"


@pytest.mark.parametrize("outside", ["assessment_tool"], indirect=True)
def test_one_tool_does_everything_in_its_own_window(
    outside: Outside, live_server: LiveServer, chromium: Path
) -> None:
    tool = outside.deployment()
    story = BrowserDay(kind="one_tool", assessment=tool)
    with outside.open(tool), at_the_exam(story, url=live_server.url, chromium=chromium) as (page, window):
        window.locator("fieldset").first.wait_for()
        expect(page.get_by_role("heading", name="Your exam is running in its own window.")).to_be_visible()
        assert Axe().run(page, options=TAGS).response["violations"] == []
        window.get_by_role("button", name="Finish", exact=True).click()
        window.get_by_role("button", name="Hand in", exact=True).click()
        expect(window.get_by_role("heading")).to_be_visible()
        aside(lambda: run_due(now=timezone.now()))
        expect(page.get_by_role("heading", name="Your answers are in.")).to_be_visible(timeout=15_000)
        assert state() == State.SUBMITTED
