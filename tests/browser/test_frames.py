"""Over HTTPS, as in production: tools in frames of another site, in a browser that refuses third-party cookies."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import jwt
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, make_response, request
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.acting import Candidate, sign_in
from tests.browser.world import ROOT, World, browser, person_at, world
from tests.sandbox.secure import SecureServer

pytestmark = [pytest.mark.browser, pytest.mark.camera]
TAGS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}
LENA = "lena@demo.example"
PLACE_A_LINK = """
from lti_platform.courses.models import Context, ResourceLink
from lti_platform.tools.models import Deployment
deployment = Deployment.objects.get(registration__name="Coldline Exams")
link = ResourceLink.objects.create(context=Context.objects.get(), deployment=deployment,
    title="Practice questions", document_target="{target}")
print("link", link.pk)
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with world(https=True) as made:
        yield made


@pytest.fixture(scope="module")
def chrome(stage: World) -> Iterator[Browser]:
    assert stage.secure
    with browser(stage.secure.argument) as launched:
        yield launched


def practice(stage: World, *, target: str) -> str:
    """A link of the exam tool in the course, and its page."""
    command = [sys.executable, "manage.py", "shell", "-c", PLACE_A_LINK.format(target=target)]
    answer = subprocess.run(
        command, cwd=ROOT, env=stage.variables, check=True, capture_output=True, text=True
    )
    found = re.search(r"^link (\S+)$", answer.stdout, flags=re.MULTILINE)
    assert found, answer.stdout + answer.stderr
    return f"{stage.url}/lti/links/{found[1]}/"


def stored_by(page: Page, origin: str) -> list[str]:
    """The keys that our page keeps for the tool at this origin."""
    kept = page.evaluate("(origin) => sessionStorage.getItem(`lti-storage ${origin}`)", origin)
    return [key for key, _value in json.loads(kept or '{"entries": []}')["entries"]]


def states_in_cookies(context: BrowserContext) -> list[str]:
    """Cookies in which a tool keeps the state of a login."""
    return [name for cookie in context.cookies() if "state-" in (name := cookie.get("name", ""))]


def posted_again(requests: list[Request]) -> list[Request]:
    """Authentication requests that came again from our own page."""
    return [one for one in requests if one.method == "POST" and "repost=1" in (one.post_data or "")]


@contextmanager
def probe(certificate: Path) -> Iterator[str]:
    """A page on `localhost` that frames one on `127.0.0.1`, which sets two cookies and tells which came back."""
    app = Flask(__name__)
    server = SecureServer("127.0.0.1", 0, app, certificate=certificate)
    port = server.server_port

    @app.get("/top")
    def top() -> str:
        return f"<!doctype html><iframe src='https://127.0.0.1:{port}/set'></iframe>"

    @app.get("/set")
    def frame() -> Response:
        answer = make_response("<!doctype html><meta http-equiv=refresh content='0;url=/told'>")
        answer.set_cookie("third", "1", samesite="None", secure=True)
        answer.set_cookie("apart", "1", samesite="None", secure=True, partitioned=True)
        return answer

    @app.get("/told")
    def told() -> str:
        return f"<!doctype html><p>{' '.join(sorted(request.cookies)) or 'none'}</p>"

    threading.Thread(target=server.run, daemon=True).start()
    yield f"https://localhost:{port}/top"
    server.shutdown()
    server.close()


def test_this_browser_keeps_no_third_party_cookies(stage: World, chrome: Browser) -> None:
    assert stage.secure
    context = person_at(chrome)
    with probe(stage.secure.certificate) as url:
        page = context.new_page()
        page.goto(url)
        expect(page.frame_locator("iframe").locator("p")).to_have_text("apart")
    context.close()


def test_an_exam_in_a_frame_of_another_site_needs_no_cookie_of_the_tool_s(
    stage: World, chrome: Browser
) -> None:
    context = person_at(chrome)
    lena = Candidate.begin(sign_in(context, stage, LENA))
    asked: list[Request] = []
    context.on("request", lambda one: asked.append(one) if "/lti/authorize" in one.url else None)
    lena.check_in()
    lena.answer()
    assert any(
        key.startswith("lti_state_") for key in stored_by(lena.page, stage.tool_url("assessment_tool"))
    )
    assert any(
        key.startswith("lti_state_") for key in stored_by(lena.page, stage.tool_url("proctoring_tool"))
    )
    assert states_in_cookies(context) == []
    assert posted_again(asked)
    lena.hand_in()
    context.close()


def test_our_own_session_stays_behind_on_the_way_from_the_frame_and_comes_with_the_second_post(
    stage: World, chrome: Browser
) -> None:
    context = person_at(chrome)
    page = sign_in(context, stage, LENA)
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one) if "/lti/authorize" in one.url else None)
    page.goto(practice(stage, target="iframe"))
    expect(page.frame_locator("#tool-frame").locator("fieldset").first).to_be_visible()
    (session,) = (one for one in context.cookies() if one.get("name") == "platform_session")
    assert (session.get("sameSite"), session.get("secure"), session.get("httpOnly")) == ("Lax", True, True)
    first, second = asked
    assert "platform_session" not in first.all_headers().get("cookie", "")
    assert "platform_session" in second.all_headers().get("cookie", "")
    assert posted_again(asked) == [second]
    context.close()


def test_a_framed_tool_opens_again_after_a_reload_and_beside_the_page(stage: World, chrome: Browser) -> None:
    context = person_at(chrome)
    page = sign_in(context, stage, LENA)
    page.goto(practice(stage, target="iframe"))
    questions = page.frame_locator("#tool-frame").locator("fieldset").first
    expect(questions).to_be_visible()
    before = stored_by(page, stage.tool_url("assessment_tool"))
    page.reload()
    expect(questions).to_be_visible()
    assert set(before) < set(stored_by(page, stage.tool_url("assessment_tool")))
    with context.expect_page() as opened:
        page.get_by_role("link", name="Open in a new window").click()
    expect(opened.value.locator("fieldset").first).to_be_visible()
    assert states_in_cookies(context) == []
    context.close()


def test_a_tool_that_leads_its_frame_back_to_us_is_heard(stage: World, chrome: Browser) -> None:
    context = person_at(chrome)
    page = sign_in(context, stage, LENA)
    tokens: list[Request] = []
    page.on("request", lambda one: tokens.append(one) if one.url.endswith("/launch/stored") else None)
    page.goto(practice(stage, target="iframe"))
    frame = page.frame_locator("#tool-frame")
    expect(frame.locator("fieldset").first).to_be_visible()
    token = parse_qs(tokens[0].post_data or "")["id_token"][0]
    claims = jwt.decode(token, options={"verify_signature": False})
    shown = claims["https://purl.imsglobal.org/spec/lti/claim/launch_presentation"]
    assert shown["document_target"] == "iframe"
    frame.locator("body").evaluate("(body, url) => { location = url }", shown["return_url"] + "?lti_msg=Done")
    expect(frame.get_by_text("It says: “Done”")).to_be_visible()
    frame.get_by_role("link", name="Continue").click()
    expect(frame.locator("fieldset").first).to_be_visible()
    assert page.url.startswith(f"{stage.url}/lti/links/")
    context.close()


def test_the_page_around_a_frame_is_for_everybody(stage: World, chrome: Browser) -> None:
    for phone in (False, True):
        context = person_at(chrome, phone=phone)
        page = sign_in(context, stage, LENA)
        page.goto(practice(stage, target="iframe"))
        expect(page.frame_locator("#tool-frame").locator("fieldset").first).to_be_visible()
        found = Axe().run(page, options=TAGS).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        context.close()


def test_a_link_that_wants_a_window_is_not_framed(stage: World, chrome: Browser) -> None:
    context = person_at(chrome)
    page = sign_in(context, stage, LENA)
    page.goto(practice(stage, target="window"))
    expect(page.locator("iframe")).to_have_count(0)
    with context.expect_page() as opened:
        page.get_by_role("link", name="Open in a new window").click()
    expect(opened.value.locator("fieldset").first).to_be_visible()
    context.close()
