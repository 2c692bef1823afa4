"""Who builds a course in the other LMS picks one of our exams, and the LMS gets it as Deep Linking 2.0 has it."""

import html
import re
from typing import Any

import jwt
import pytest
from django.test import Client

from proctoring.door import refusals
from proctoring.models import Exam
from tests.factories import ada, make_exam
from tests.proctoring.door.other_lms import LTI, OtherLms
from tests.services.receiver import Receiver

pytestmark = pytest.mark.django_db
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"


@pytest.fixture
def lms(receiver: Receiver) -> OtherLms:
    made = OtherLms(receiver, make_exam())
    made.known_as()
    return made


@pytest.fixture
def browser() -> Client:
    """A browser as it is: forms need the token of the page they stand in."""
    return Client(enforce_csrf_checks=True)


def pick(browser: Client, page: Any, *, exam: str) -> Any:
    """The form of the offer's page, sent."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token
    return browser.post("/door/offer", {"exam": exam, "csrfmiddlewaretoken": token[1]})


def claims_of(page: Any) -> dict[str, Any]:
    """What the page carries back, unverified."""
    found = re.search(r'name="JWT" value="([^"]+)"', page.content.decode())
    assert found
    return dict(jwt.decode(html.unescape(found[1]), options={"verify_signature": False}))


def test_the_exam_goes_back_as_a_link_with_its_line_item(browser: Client, lms: OtherLms) -> None:
    page = pick(browser, lms.launch_picker(browser), exam=str(lms.exam.pk))
    claims = claims_of(page)
    assert (claims["iss"], claims["aud"]) == (lms.client_id, ["https://lms.northgate.example"])
    assert claims[f"{LTI}message_type"] == "LtiDeepLinkingResponse"
    assert claims[f"{DL}data"] == "csrf-1"
    [item] = claims[f"{DL}content_items"]
    assert item["type"] == "ltiResourceLink"
    assert item["custom"] == {"exam": str(lms.exam.pk)}
    assert item["window"] == {}
    assert item["lineItem"]["scoreMaximum"] == 100


def test_nothing_picked_is_an_empty_answer(browser: Client, lms: OtherLms) -> None:
    assert claims_of(pick(browser, lms.launch_picker(browser), exam=""))[f"{DL}content_items"] == []


@pytest.mark.parametrize(
    "asked_for", [{"data": None}, {"accept_lineitem": False}], ids=["no data", "no line item"]
)
def test_what_was_not_asked_for_is_not_in_the_answer(
    browser: Client, lms: OtherLms, asked_for: dict[str, Any]
) -> None:
    claims = claims_of(pick(browser, lms.launch_picker(browser, settings=asked_for), exam=str(lms.exam.pk)))
    assert (f"{DL}data" in claims) == ("data" not in asked_for)
    assert ("lineItem" in claims[f"{DL}content_items"][0]) == ("accept_lineitem" not in asked_for)


def test_the_page_can_be_loaded_again_until_something_is_picked(browser: Client, lms: OtherLms) -> None:
    lms.launch_picker(browser)
    page = browser.get("/door/offer")
    assert lms.exam.title in page.content.decode()
    assert claims_of(pick(browser, page, exam=str(lms.exam.pk)))[f"{DL}content_items"]
    late = browser.get("/door/offer")
    assert (late.status_code, "There is nothing to pick here any more." in late.content.decode()) == (
        400,
        True,
    )


@pytest.mark.parametrize("exam", ["no id", "00000000-0000-4000-8000-000000000000"])
def test_an_exam_that_is_not_offered_is_refused_where_its_admin_sees_it(
    browser: Client, lms: OtherLms, exam: str
) -> None:
    assert pick(browser, lms.launch_picker(browser), exam=exam).status_code == 400
    [refused] = refusals.latest(lms.known().get(), viewer=ada())
    assert (refused.rule, "no such exam is offered" in refused.reason) == ("door_arrival_refused", True)


def test_an_exam_that_nobody_can_take_yet_is_said_to_be_one(browser: Client, lms: OtherLms) -> None:
    Exam.objects.update(is_published=False)
    assert "Not published yet" in lms.launch_picker(browser).content.decode()
