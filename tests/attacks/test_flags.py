"""Mallory against the flag service and the start address of proctoring tools that know only ordinary links."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from lti_platform.journal.models import Entry
from lti_platform.tools import scopes
from lti_platform.tools.models import Deployment
from proctoring import linked
from proctoring.deadlines import release_what_may
from proctoring.models import Incident, ReviewCase, Session
from proctoring.transitions import State
from tests.browsing import signed_in
from tests.calling import make_tool
from tests.factories import make_membership, mallory
from tests.proctoring.browsing import BrowserDay

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
        {"occurred_at": "9999-12-31T23:59:59-12:00"},
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


@pytest.mark.parametrize("started_by", ["tool", "learner"])
def test_a_learner_who_starts_around_the_tool_gets_no_final_result(
    settle: Callable[..., int], started_by: str
) -> None:
    story = BrowserDay(kind="linked", started_by=started_by, review_policy="not_required")
    registration = story.day.exam.proctoring_link.deployment.registration
    registration.scopes = [scope for scope in registration.scopes if scope != scopes.EVIDENCE]
    registration.save()
    story.day.begin()  # her browser has the launch, and all that it says
    by_learner = reverse("attempt-start", args=[story.day.attempt.id])
    assert story.lena.post(start_of(story) if started_by == "tool" else by_learner).status_code == 303
    story.day.pass_by(minutes=20)
    story.day.score()
    settle(now=story.day.now)
    release_what_may(now=story.day.pass_by(hours=1))
    assert story.day.state == State.SUBMITTED
    assert ReviewCase.objects.get().state == ReviewCase.State.WAITING


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


@pytest.fixture
def few(settings: LazySettings) -> int:
    """How many a session keeps."""
    settings.PROCTORING_FLAGS_PER_SESSION = 3
    return 3


def kept_of_the_tool() -> int:
    return Incident.objects.filter(source=Incident.Source.TOOL).count()


def test_a_tool_in_a_loop_is_refused_and_a_person_sees_it(story: BrowserDay, few: int) -> None:
    answers = [
        story.tool.post(flags_of(story), {**GOOD, "key": f"alert-{place}"}) for place in range(few + 2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429, 429]
    assert answers[-1].json()["code"] == "flags_too_many"
    assert kept_of_the_tool() == few
    noticed = Incident.objects.get(source=Incident.Source.PLATFORM)
    assert (noticed.reason_code, noticed.needs_decision) == ("flags_too_many", True)
    refused = Entry.objects.filter(fact_type="security.refused").latest("recorded_at")
    assert refused.payload["rule"] == "service.flags_too_many"


def test_a_flag_that_is_kept_gets_its_reply_for_ever(story: BrowserDay, few: int) -> None:
    first = story.tool.post(flags_of(story), GOOD)
    for place in range(few):
        story.tool.post(flags_of(story), {**GOOD, "key": f"alert-{place + 7}"})
    again = story.tool.post(flags_of(story), GOOD)
    assert (again.status_code, again.json()) == (201, first.json())


def test_what_steers_the_exam_is_done_however_much_was_told(few: int) -> None:
    story = BrowserDay()
    story.day.start()
    answers = [story.control("flag", reason_code=str(place)) for place in range(few + 1)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert story.control("update", extra_time=0).status_code == 429
    assert story.control("update", extra_time=5).json()["extra_time"] == 5
    assert story.control("pause").status_code == 200
    assert story.day.state == State.PAUSED


def test_what_steers_the_exam_takes_no_room_from_what_is_told(few: int) -> None:
    story = BrowserDay()
    story.day.start()
    for action, said in (("pause", {}), ("resume", {}), ("update", {"extra_time": 5})):
        story.day.pass_by(seconds=1)
        assert story.control(action, **said).status_code == 200
    told = [story.control("flag", reason_code=str(place)).status_code for place in range(few - 1)]
    story.control("pause")
    told += [story.control("flag", reason_code=f"late-{place}").status_code for place in range(2)]
    assert told == [200, 200, 200, 429]
    assert Incident.objects.filter(reason_code="flags_too_many").count() == 1


def test_each_session_has_room_of_its_own(story: BrowserDay, few: int) -> None:
    for place in range(few):
        story.tool.post(flags_of(story), {**GOOD, "key": f"alert-{place}"})
    story.day.open_proctoring()
    assert story.tool.post(flags_of(story), GOOD).status_code == 201


def test_a_deployment_that_was_switched_off_raises_no_flag_with_any_token(story: BrowserDay) -> None:
    Deployment.objects.update(is_enabled=False)
    answers = [story.tool.post(flags_of(story, what), GOOD) for what in ("flags", "end")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert not Incident.objects.exists()
