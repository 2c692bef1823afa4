"""What is good once stays good once when sixteen clients come with it at the same moment.

Hint, jti, nonce, registration token, session_data and deep linking data, each over HTTP and on real transactions.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from keys.models import OneTimeUse
from lti_platform.courses.models import Membership
from lti_platform.journal.models import Entry
from lti_platform.launches.models import ContentRequest
from lti_platform.tools.models import Registration, RegistrationLink
from proctoring.door.facts import VisitorCame
from proctoring.door.models import Visitor
from proctoring.models import RunningInterval, Session
from tests.attacks.asking_for_tokens import post_form, seeker
from tests.factories import make_exam, make_registration
from tests.lti_platform.launches.deep_linking.staging import RETURN, opened, picking, press
from tests.lti_platform.launches.staging import lena_starts
from tests.lti_platform.tools.dynamic.registering import invited
from tests.proctoring.browsing import START_URL, BrowserDay
from tests.proctoring.door.other_lms import OtherLms
from tests.services.receiver import Receiver
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 16
HTML = [{"type": "html", "html": "<p>x</p>"}]


def twin_of(browser: Client) -> Client:
    """The same browser once more: the same session, and a connection of its own."""
    twin = Client(enforce_csrf_checks=True)
    twin.cookies = browser.cookies
    return twin


def raced(calls: Sequence[Callable[[], Any]]) -> list[int]:
    """The status codes of sixteen requests that were sent together, sorted."""
    assert len(calls) == CLIENTS
    return sorted(answer.status_code for answer in together(*calls))


def named(clause: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("clause", [clause], ids=[clause])


@named("Security Framework 5.1.1.3 a hint answers one authentication request")
def test_a_hint_gets_one_id_token(clause: str) -> None:
    stage = lena_starts()
    answers = together(
        *[
            lambda nonce=f"nonce-{n}": stage.ask("POST", browser=twin_of(stage.browser), nonce=nonce)
            for n in range(CLIENTS)
        ]
    )
    assert sum(b'name="id_token"' in answer.content for answer in answers) == 1
    assert {answer.status_code for answer in answers} <= {200, 400}
    assert Entry.objects.filter(fact_type="launches.sent").count() == 1


@named("Security Framework 4.1.1 an assertion's jti gets one access token")
def test_a_jti_gets_one_access_token(clause: str) -> None:
    tool = seeker(make_registration())
    claims = tool.claims()
    # Other bytes each time, so that it is the id that counts and not the text.
    forms = [tool.fields(assertion=tool.key.sign({**claims, "n": n})) for n in range(CLIENTS)]
    answers = raced([partial(post_form, form) for form in forms])
    assert answers == [200, *[400] * (CLIENTS - 1)]
    assert OneTimeUse.objects.count() == 1


@named("Security Framework 5.1.3 a tool's nonce is taken in one message")
def test_a_nonce_is_taken_in_one_message(clause: str) -> None:
    stage, nonce = picking(), uuid4().hex
    address = reverse("content-ask", args=[stage.course.pk, stage.tool.pk])
    more = [opened(stage.browser, press(stage.browser, address), stage.course, stage.tool) for _ in range(15)]
    tokens = [each.token(HTML, nonce=nonce) for each in [stage, *more]]
    posts = [lambda token=token: twin_of(stage.browser).post(RETURN, {"JWT": token}) for token in tokens]
    assert raced(posts) == [303, *[400] * (CLIENTS - 1)]
    assert ContentRequest.objects.filter(state=ContentRequest.State.OPEN).count() == CLIENTS - 1


@named("Security Framework 5.1.3 our own nonce lets one message in")
def test_our_own_nonce_lets_one_message_in(clause: str, receiver: Receiver) -> None:
    lms = OtherLms(receiver, make_exam())
    lms.known_as(makes_people=True)
    browser = Client()
    asked = lms.begin(browser)
    token = lms.key.sign(lms.claims(asked))
    once = [lambda: lms.post(twin_of(browser), token=token, state=asked["state"])] * CLIENTS
    assert raced(once) == [302, *[400] * (CLIENTS - 1)]
    assert Entry.objects.filter(fact_type=VisitorCame.fact_type).count() == 1


@named("Dynamic Registration 3.5 an initial access token registers one tool")
def test_a_registration_token_registers_one_tool(clause: str) -> None:
    tool = invited()
    assert raced([tool.post] * CLIENTS) == [201, *[401] * (CLIENTS - 1)]
    assert Registration.objects.count() == 1
    assert RegistrationLink.objects.exclude(registration=None).count() == 1


@named("Proctoring Services 4.2 session_data starts one attempt")
def test_session_data_starts_one_attempt(clause: str) -> None:
    story = BrowserDay()
    story.day.begin()
    tokens = [story.day.token() for _ in range(CLIENTS)]
    posts = [lambda token=token: twin_of(story.lena).post(START_URL, {"JWT": token}) for token in tokens]
    assert raced(posts) == [303, *[400] * (CLIENTS - 1)]
    assert story.day.attempt.transitions.filter(event="start").count() == 1
    assert (RunningInterval.objects.count(), Session.objects.exclude(session_data_used_at=None).count()) == (
        1,
        1,
    )


@named("Deep Linking 4.5.2 data brings one answer back")
def test_data_brings_one_answer_back(clause: str) -> None:
    stage = picking()
    tokens = [stage.token(HTML) for _ in range(CLIENTS)]
    posts = [lambda token=token: twin_of(stage.browser).post(RETURN, {"JWT": token}) for token in tokens]
    assert raced(posts) == [303, *[400] * (CLIENTS - 1)]
    assert stage.request.state == ContentRequest.State.WAITING


def test_somebody_new_who_comes_by_many_windows_is_one_person(receiver: Receiver) -> None:
    lms = OtherLms(receiver, make_exam())
    lms.known_as(makes_people=True)
    browsers = [Client() for _ in range(4)]
    asked = [lms.begin(browser) for browser in browsers]
    forms = [{"token": lms.key.sign(lms.claims(said)), "state": said["state"]} for said in asked]
    pairs = zip(browsers, forms, strict=True)
    posts = [lambda browser=browser, form=form: lms.post(browser, **form) for browser, form in pairs]
    assert {answer.status_code for answer in together(*posts)} == {302}
    assert Visitor.objects.count() == Membership.objects.count() == 1
