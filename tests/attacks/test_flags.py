"""Mallory against the flag service and the start address of proctoring tools that know only ordinary links."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.tools import scopes
from proctoring import linked
from proctoring.models import Incident, Session
from proctoring.transitions import State
from tests.calling import make_tool
from tests.factories import make_membership, mallory
from tests.proctoring.browsing import BrowserDay, signed_in

pytestmark = pytest.mark.django_db
GOOD: dict[str, Any] = {
    "key": "alert-1",
    "occurred_at": "2026-03-02T15:12:04Z",
    "severity": 0.7,
    "code": "second_person",
    "message": "Second person",
}


@pytest.fixture
def story() -> BrowserDay:
    """Lena's tool is open, and her exam has not started."""
    story = BrowserDay(kind="linked")
    story.day.begin()
    return story


def flags_of(story: BrowserDay, what: str = "flags") -> str:
    return f"/api/v1/proctoring/sessions/{story.day.session.id}/{what}"


def start_of(story: BrowserDay, token: str = "") -> str:
    session_id = story.day.session.id
    return reverse("linked-start", args=[session_id, token or linked.start_token(session_id)])


def test_a_replay_gets_the_same_reply_and_another_body_a_conflict(story: BrowserDay) -> None:
    answers = [story.tool.post(flags_of(story), GOOD) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json() == {
        "id": str(Incident.objects.get().pk), "attempt_status": "none",
    }  # fmt: skip
    other = story.tool.post(flags_of(story), {**GOOD, "severity": 0.1})
    assert (other.status_code, other.json()["code"]) == (409, "flag_differs")
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("what", ["flags", "end"])
def test_another_tool_finds_no_session(story: BrowserDay, what: str) -> None:
    answer = make_tool().post(flags_of(story, what), GOOD)
    assert (answer.status_code, answer.json()["code"]) == (404, "control_target_unknown")
    assert not Incident.objects.exists()
    assert Session.objects.get().state == Session.State.LAUNCHED


@pytest.mark.parametrize("what", ["flags", "end"])
@pytest.mark.parametrize(
    ("scope", "is_enough"),
    [(scopes.FLAGS, True), (scopes.ACS_CONTROL, True), (scopes.EVIDENCE, False), (scopes.SCORE, False)],
)
def test_the_scope_must_be_one_of_two(story: BrowserDay, what: str, scope: str, is_enough: bool) -> None:
    tool = story.tool
    tool.scopes = [scope]
    answer = tool.post(flags_of(story, what), GOOD)
    assert (answer.status_code < 300, answer.status_code == 403) == (is_enough, not is_enough)


def test_without_a_token_nothing_is_heard(story: BrowserDay) -> None:
    answer = Client().post(flags_of(story), GOOD, content_type="application/json")
    assert (answer.status_code, Incident.objects.exists()) == (401, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": ""},
        {"key": "x" * 101},
        {"key": "a\x00b"},
        {"severity": -0.1},
        {"severity": 1.5},
        {"severity": "high"},
        {"occurred_at": "2026-03-02T15:12:04"},
        {"occurred_at": "0001-01-01T00:00:00Z"},
        {"occurred_at": "now"},
        {"code": None},
        {"code": "a\x00"},
        {"message": "\x00"},
        {"message": "x" * 1001},
    ],
)
def test_a_flag_without_sense_is_not_kept(story: BrowserDay, changes: dict[str, Any]) -> None:
    answer = story.tool.post(flags_of(story), {**GOOD, **changes})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    assert not Incident.objects.exists()


def test_what_a_flag_says_is_shown_as_text(story: BrowserDay) -> None:
    story.tool.post(flags_of(story), {**GOOD, "message": "<script>x</script>"})
    assert Incident.objects.get().reason_message == "<script>x</script>"


def test_looking_at_the_start_address_starts_nothing(story: BrowserDay) -> None:
    assert "Start the exam" in story.lena.get(start_of(story)).content.decode()
    assert story.day.state == State.CHECKING_IN
    assert story.lena.post(start_of(story)).status_code == 303
    assert story.day.state == State.RUNNING


def test_a_guessed_or_foreign_start_address_starts_nothing(story: BrowserDay) -> None:
    attacker = mallory()
    make_membership(attacker, story.day.exam.context)
    tries = [
        (story.lena, start_of(story, "a" * 64)),
        (story.lena, start_of(story, linked.start_token(story.day.attempt.id))),
        (signed_in(attacker), start_of(story)),
        (signed_in(story.day.person), start_of(story)),
    ]
    for browser, address in tries:
        assert [browser.get(address).status_code, browser.post(address).status_code] == [400, 400]
    assert Client().post(start_of(story)).status_code == 302
    assert story.day.state == State.CHECKING_IN


def test_another_site_cannot_press_the_button(story: BrowserDay) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = story.lena.cookies
    assert careful.post(start_of(story)).status_code == 403
    assert story.day.state == State.CHECKING_IN


def test_the_learner_cannot_start_without_the_tool_where_the_tool_starts(story: BrowserDay) -> None:
    answer = story.lena.post(reverse("attempt-start", args=[story.day.attempt.id]))
    assert (answer.status_code, story.day.state) == (400, State.CHECKING_IN)


def test_the_start_address_of_an_exam_by_proctoring_services_is_none() -> None:
    story = BrowserDay()
    story.day.begin()
    assert story.lena.post(start_of(story)).status_code == 400
    assert story.day.state == State.CHECKING_IN
