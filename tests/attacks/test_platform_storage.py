"""Tools that ask our page to keep what is not theirs, or not so: in a real browser, at a link's own page."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Frame, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from lti_platform.people.models import Person
from tests.factories import lena
from tests.lti_platform.launches.asking import ask, error_of, get, is_silent, nest, put, tools
from tests.lti_platform.launches.staging import browser_of, make_course

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Desk:
    """Lena's browser, with the pages of two tools' links; a third origin belongs to nobody we know."""

    page: Page
    pages: list[str]
    origins: list[str]

    def open(self, number: int = 0) -> Frame:
        """The tool in the frame of its link's page."""
        self.page.goto(self.pages[number])
        frame = self.page.frame("tool")
        assert frame
        frame.wait_for_url(self.origins[number] + "/**")
        return frame


def place(person: Person, origin: str) -> str:
    """The page of a link whose tool lives at this origin."""
    link = make_course(
        person,
        initiate_login_uri=f"{origin}/login",
        redirect_uris=[f"{origin}/launch"],
        target_link_uri=f"{origin}/launch",
        domains=[origin.partition("//")[2]],
    )
    link.document_target = "iframe"
    link.save()
    return reverse("link-page", args=[link.pk])


@pytest.fixture
def desk(settings: LazySettings, live_server: LiveServer, chromium: Path) -> Iterator[Desk]:
    settings.PLATFORM_URL = live_server.url
    person = lena()
    session = browser_of(person).cookies["platform_session"].value
    with tools(3) as origins:
        pages = [live_server.url + place(person, origin) for origin in origins[:2]]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
            context = browser.new_context()
            context.add_cookies([{"name": "platform_session", "value": session, "url": live_server.url}])
            yield Desk(context.new_page(), pages, origins)
            browser.close()


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-199 put_data from an unregistered origin")])
def test_an_origin_that_no_tool_here_registered_stores_nothing(desk: Desk, _case: int) -> None:
    stranger = nest(desk.open(), desk.origins[2])
    assert error_of(put(stranger, "k", "v")) == "wrong_origin"
    assert "error" in ask(stranger, {"subject": "lti.get_data", "message_id": "1", "key": "k"})
    assert get(desk.page.frame("tool") or stranger, "k") is None
    assert desk.page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-200 a key of another tool's origin")])
def test_a_tool_does_not_find_what_another_one_stored(desk: Desk, _case: int) -> None:
    put(desk.open(0), "lti_state_1", "mine")
    assert get(desk.open(1), "lti_state_1") is None
    put(desk.open(1), "lti_state_1", "another")
    assert get(desk.open(0), "lti_state_1") == "mine"
    assert error_of(put(nest(desk.open(0), desk.origins[1]), "k", "v")) == "wrong_origin"


@pytest.mark.parametrize(
    "message",
    [
        pytest.param({"subject": "lti.put_data", "message_id": "1", "value": "v"}, id="case-201 no key"),
        pytest.param({"subject": "lti.get_data", "message_id": "1"}, id="case-201 no key to get"),
        pytest.param({"subject": "lti.put_data", "message_id": "1", "key": "k"}, id="case-201 no value"),
        pytest.param({"subject": "lti.put_data", "key": "k", "value": "v"}, id="case-201 no message_id"),
        pytest.param({"message_id": "1", "key": "k", "value": "v"}, id="case-201 no subject"),
        pytest.param(
            {"subject": "lti.put_data", "message_id": "1", "key": "k", "value": 7}, id="case-201 no text"
        ),
    ],
)
def test_a_request_without_what_it_needs_is_a_bad_one(desk: Desk, message: dict[str, Any]) -> None:
    tool = desk.open()
    answer = ask(tool, message)
    assert error_of(answer) == "bad_request"
    assert answer.get("message_id") == message.get("message_id")
    assert desk.page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-202 an unknown subject of lti")])
def test_what_we_do_not_do_is_said(desk: Desk, _case: int) -> None:
    tool = desk.open()
    for subject in ("lti.eat_data", "lti.__proto__", "org.imsglobal.lti.toString"):
        answer = ask(tool, {"subject": subject, "message_id": "1", "key": "k"})
        assert error_of(answer) == "unsupported_subject"
        assert (answer["subject"], answer["message_id"]) == (f"{subject}.response", "1")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-203 quota exceeded")])
def test_more_than_there_is_room_for_is_refused_and_what_is_there_stays(desk: Desk, _case: int) -> None:
    tool = desk.open()
    put(tool, "state", "old")
    assert error_of(put(tool, "state", "x" * 70_000)) == "storage_exhaustion"
    assert get(tool, "state") == "old"


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("lti.get_data", id="case-204 a text"),
        pytest.param(["lti.get_data", "1", "k"], id="case-204 a list"),
        pytest.param(None, id="case-204 nothing"),
        pytest.param({"type": "resize", "height": 300}, id="case-204 of other scripts"),
        pytest.param({"subject": "ltiresize", "message_id": "1"}, id="case-204 another family"),
        pytest.param(
            {"subject": "lti.get_data.response", "message_id": "1", "key": "k"}, id="case-204 an answer"
        ),
        pytest.param({"subject": "lti.nothing.response", "message_id": "1"}, id="case-204 an unknown answer"),
    ],
)
def test_noise_is_not_answered(desk: Desk, message: Any) -> None:
    assert is_silent(desk.open(), message)
    assert desk.page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-205 the value null")])
def test_null_removes_the_key(desk: Desk, _case: int) -> None:
    tool = desk.open()
    put(tool, "state", "1")
    answer = put(tool, "state", None)
    assert (answer["key"], answer["value"], "error" in answer) == ("state", None, False)
    assert get(tool, "state") is None
    assert desk.page.evaluate("sessionStorage.length") == 0
