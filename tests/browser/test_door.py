"""Our exam opened from another LMS, which is our own platform once more, on another site with a database of its own.

Ada picks the exam there by deep linking; Lena opens it from there, takes it here, and is reviewed here; and there her
settled result appears, and nothing before.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import company_lms
from tests.browser.acting import Candidate, eventually, review, sign_in
from tests.browser.company_lms import CompanyLms
from tests.browser.world import World, browser, person_at, world
from tests.services.processes import free_port

pytestmark = [pytest.mark.browser, pytest.mark.camera, pytest.mark.services]
TOOL, EXAM = "Northgate exams", "Refrigerant handling"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"


def ourselves(stage: World) -> dict[str, Any]:
    """What our platform is as a tool, as an admin elsewhere would type it in from our page."""
    return {
        "client_name": TOOL,
        "initiate_login_uri": f"{stage.url}/door/login",
        "redirect_uris": [f"{stage.url}/door/launch"],
        "jwks_uri": f"{stage.url}/.well-known/jwks.json",
        "token_endpoint_auth_method": "private_key_jwt",
        "grant_types": ["implicit", "client_credentials"],
        "response_types": ["id_token"],
        "application_type": "web",
        "scope": SCORE,
        "https://purl.imsglobal.org/spec/lti-tool-configuration": {
            "domain": stage.url.removeprefix("http://"),
            "target_link_uri": f"{stage.url}/door/launch",
            "custom_parameters": {"employee_id": "$Person.sourcedId"},
            "claims": ["sub", "given_name", "family_name", "email"],
            "messages": [
                {"type": kind, "target_link_uri": f"{stage.url}/door/launch"}
                for kind in ("LtiResourceLinkRequest", "LtiDeepLinkingRequest")
            ],
        },
    }


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[World, CompanyLms]]:
    """The platform with the exam, and the company's LMS that knows it as a tool; each may reach the other."""
    port = free_port()
    with world(OUTBOUND_PLAIN_HTTP_HOSTS=f"127.0.0.1:{port}") as stage:
        host = stage.url.removeprefix("http://")
        with company_lms.company_lms(
            ourselves(stage), port=port, OUTBOUND_PLAIN_HTTP_HOSTS=host
        ) as elsewhere:
            yield stage, elsewhere


def lms_is_entered(stage: World, elsewhere: CompanyLms, *, chrome: Browser) -> Page:
    """Our Ada types in what the company's LMS says of itself; her page about it."""
    ada = sign_in(person_at(chrome), stage, "ada@demo.example")
    ada.get_by_role("link", name="Other LMS").click()
    ada.get_by_role("link", name="Add a learning system").click()
    sheet = elsewhere.sheet
    for label, value in {
        "Name": "Company Learning",
        "Issuer": sheet["issuer"],
        "Client id": sheet["client_id"],
        "Deployment ids": sheet["deployment_id"],
        "Authorization endpoint": sheet["authorization_endpoint"],
        "Token endpoint": sheet["token_endpoint"],
        "Key set address": sheet["jwks_uri"],
    }.items():
        ada.get_by_label(label, exact=True).fill(value)
    ada.get_by_label("Organization", exact=True).select_option(label="Northgate Energy")
    ada.get_by_label("Employee id", exact=True).select_option(label="A custom parameter: employee_id")
    ada.get_by_label("Add people who are new to us").check()
    ada.get_by_role("button", name="Save").click()
    expect(ada.locator("h1")).to_have_text(re.compile("Nobody came yet"))
    return ada


def exam_is_picked(elsewhere: CompanyLms, *, chrome: Browser) -> Page:
    """Their Ada picks our exam into her course; her gradebook of it."""
    ada = sign_in(person_at(chrome), elsewhere, company_lms.ADA)
    ada.goto(f"{elsewhere.url}/admin/courses/")
    ada.get_by_role("link", name=company_lms.COURSE).click()
    course = ada.url
    ada.get_by_role("link", name="Add content from a tool").click()
    ada.get_by_role("button", name=f"Pick in {TOOL}").click()
    expect(ada.locator("h1")).to_have_text("Which exam goes into your course?")
    ada.get_by_label(EXAM).check()
    ada.get_by_role("button", name="Put it into the course").click()
    expect(ada.locator("h1")).to_have_text(re.compile("1 item is ready to be added"))
    ada.get_by_role("button", name="Add to the course").click()
    expect(ada.get_by_text("Added: 1.")).to_be_visible()
    ada.goto(course)
    ada.get_by_role("link", name="Gradebook").click()
    expect(ada.get_by_role("columnheader", name=EXAM)).to_be_visible()
    return ada


def exam_is_opened(elsewhere: CompanyLms, *, chrome: Browser) -> Page:
    """Lena opens the link in the company's LMS: a window with our page before the exam."""
    lena = sign_in(person_at(chrome), elsewhere, company_lms.LENA)
    lena.get_by_role("link", name=company_lms.COURSE, exact=True).click()
    lena.get_by_role("link", name="Open", exact=True).click()
    with lena.context.expect_page() as opened:
        lena.get_by_role("link", name="Open in a new window").click()
    return opened.value


def points(gradebook: Page) -> str:
    """Lena's points, as the company's gradebook shows them."""
    gradebook.reload()
    return gradebook.get_by_role("row").filter(has_text="Lena Ruiz").inner_text()


def test_an_exam_opened_from_another_lms_settles_there(
    both: tuple[World, CompanyLms], chrome: Browser
) -> None:
    stage, elsewhere = both
    desk = lms_is_entered(stage, elsewhere, chrome=chrome)
    gradebook = exam_is_picked(elsewhere, chrome=chrome)
    nothing_yet = points(gradebook)

    ready = exam_is_opened(elsewhere, chrome=chrome)
    ready.wait_for_url(re.compile(rf"{stage.url}/exams/[0-9a-f-]+/$"))
    lena = Candidate.start(ready)
    lena.check_in()
    lena.answer(wrong=4)
    lena.hand_in()
    lena.wait_for_the_last_segment()
    assert points(gradebook) == nothing_yet

    pia = sign_in(person_at(chrome), stage, "pia@demo.example")
    review(pia, verdict="1")
    expect(pia.locator("h1")).to_contain_text(re.compile("clear", re.I), timeout=20_000)
    eventually(lambda: points(gradebook) != nothing_yet)
    assert "84" in points(gradebook)

    desk.reload()
    expect(desk.get_by_role("row").filter(has_text="NG-20417")).to_be_visible()
    sent = desk.get_by_role("row").filter(has_text=EXAM)
    expect(sent).to_contain_text("Lena Ruiz")
    expect(sent).to_contain_text("84")
    expect(sent).to_contain_text("Arrived")
