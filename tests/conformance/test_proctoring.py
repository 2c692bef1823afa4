"""Proctoring Services 1.0, clause by clause: one small test for each rule that is the platform's."""

from typing import Any

import pytest
from django.urls import reverse

from lti_platform.journal.working import run_due
from lti_platform.launches import id_token
from lti_platform.launches.models import Launch
from proctoring import releasing, sessions
from proctoring.claims import A, end_claims, proctoring_claims
from proctoring.messages import LTI
from proctoring.models import Incident, Session
from proctoring.transitions import State
from tests.calling import CallingTool
from tests.launching import make_launch
from tests.proctoring.browsing import BrowserDay

pytestmark = pytest.mark.django_db
TOLD = {"data": "video=on,audio=on", "https://vendor.test/lockdown": "full"}


@pytest.fixture
def story() -> BrowserDay:
    """Lena is checking in."""
    kept = {key: value for key, value in TOLD.items() if key != "data"}
    story = BrowserDay(proctoring_settings=TOLD["data"], vendor_settings=kept)
    story.day.begin()
    return story


@pytest.fixture
def running(story: BrowserDay) -> BrowserDay:
    story.day.check_in()
    return story


def launch_of(story: BrowserDay, message_type: str = "LtiStartProctoring") -> Launch:
    day, link = story.day, story.day.exam.proctoring_link
    tool = CallingTool(deployment=link.deployment, context=link.context, link=link)
    about = {"subject": f"attempt:{day.attempt.id}", "session_digest": sessions.digest(day.browser)}
    return make_launch(tool, now=day.now, person=day.person, message_type=message_type, **about)


def said(story: BrowserDay, message_type: str = "LtiStartProctoring") -> dict[str, Any]:
    """All claims of the message."""
    launch = launch_of(story, message_type)
    return id_token.claims(launch, nonce="n", roles=["x"], now=story.day.now)


REQUIRED_OF_START = [
    "iss", "aud", "sub", "exp", "iat", "nonce",
    *(f"{LTI}{name}" for name in ("message_type", "version", "deployment_id", "target_link_uri")),
    *(f"{LTI}{name}" for name in ("resource_link", "roles")),
    *(f"{A}{name}" for name in ("attempt_number", "start_assessment_url", "session_data")),
]  # fmt: skip


@pytest.mark.parametrize(
    "claim", REQUIRED_OF_START, ids=lambda name: f"LtiStartProctoring requires {name.rpartition('/')[2]}"
)
def test_the_start_message_says(story: BrowserDay, claim: str) -> None:
    assert said(story)[claim] not in (None, "")


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartProctoring attempt_number counts from 1"])
def test_attempts_are_numbered_from_one(story: BrowserDay, _clause: int) -> None:
    assert said(story)[f"{A}attempt_number"] == 1


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartProctoring a relaunch is the same attempt_number"])
def test_opened_again_the_attempt_is_the_same_and_session_data_is_new(
    running: BrowserDay, _clause: int
) -> None:
    first, again = said(running), said(running)
    assert first[f"{A}attempt_number"] == again[f"{A}attempt_number"] == 1
    assert first[f"{A}session_data"] != again[f"{A}session_data"]
    assert running.day.attempt.sessions.count() == 3


@pytest.mark.parametrize("message", ["LtiStartProctoring", "LtiEndAssessment"], ids="{} settings".format)
def test_both_messages_carry_the_settings_of_the_attempt(running: BrowserDay, message: str) -> None:
    type(running.day.exam).objects.update(proctoring_settings="changed later")
    if message == "LtiEndAssessment":
        running.day.control("terminate")
    assert said(running, message)[f"{A}proctoring_settings"] == TOLD


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartProctoring acs needs url and actions"])
def test_assessment_control_is_offered_with_its_actions(story: BrowserDay, _clause: int) -> None:
    acs = said(story)[f"{A}acs"]
    assert acs["assessment_control_url"].startswith("http")
    assert set(acs["actions"]) == {"pause", "resume", "terminate", "update", "flag"}


@pytest.mark.parametrize(
    "claim", ["session_data", "attempt_number", "resource_link"], ids="LtiStartAssessment {} unaltered".format
)
def test_what_comes_back_altered_starts_nothing(story: BrowserDay, claim: str) -> None:
    value: Any = {"id": "x"} if claim == "resource_link" else 7 if claim == "attempt_number" else "x"
    assert story.post_start(story.day.token(**{claim: value})).status_code == 400
    assert story.day.state == State.CHECKING_IN


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartAssessment form post of JWT"])
def test_the_start_message_is_a_form_post(story: BrowserDay, _clause: int) -> None:
    assert story.lena.get(reverse("start-assessment")).status_code == 405
    assert story.post_start(story.day.token()).status_code == 303


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartAssessment end_assessment_return absent is false"])
def test_without_being_asked_no_end_is_told(story: BrowserDay, _clause: int) -> None:
    story.post_start(story.day.token(end_assessment_return=None))
    story.day.control("terminate")
    assert story.lena.post(reverse("attempt-end", args=[story.day.attempt.id])).status_code == 404


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartAssessment verified_user without sub and iss"])
def test_who_the_person_is_stays_ours(story: BrowserDay, _clause: int) -> None:
    story.post_start(story.day.token(verified_user={"sub": "x", "iss": "y", "name": "Lena Ruiz"}))
    assert Session.objects.get().verified_user == {"name": "Lena Ruiz"}
    assert not Incident.objects.exists()


REQUIRED_OF_END = ["sub", *(f"{LTI}{name}" for name in ("message_type", "version", "deployment_id", "roles"))]


@pytest.mark.parametrize(
    "claim",
    [*REQUIRED_OF_END, f"{LTI}target_link_uri", f"{A}attempt_number"],
    ids=lambda name: f"LtiEndAssessment requires {name.rpartition('/')[2]}",
)
def test_the_end_message_says(running: BrowserDay, claim: str) -> None:
    running.day.control("terminate")
    assert said(running, "LtiEndAssessment")[claim] not in (None, "")


@pytest.mark.parametrize("_clause", [0], ids=["LtiEndAssessment no error after an ordinary end"])
def test_an_ordinary_end_is_no_error(running: BrowserDay, _clause: int) -> None:
    running.day.score()
    run_due(now=running.day.now)
    claims = proctoring_claims(launch_of(running, "LtiEndAssessment"), now=running.day.now)
    assert not {f"{A}errormsg", f"{A}errorlog"} & claims.keys()


@pytest.mark.parametrize(
    ("locale", "how", "words"),
    [
        ("en", "terminate", "The proctor ended the exam."),
        ("es", "terminate", "supervis"),
        ("en", "void", "The attempt was declared void. It does not count."),
    ],
    ids=["errormsg terminated", "errormsg in Spanish", "errormsg void"],
)
def test_every_abnormal_end_is_told_in_the_learners_language(
    running: BrowserDay, locale: str, how: str, words: str
) -> None:
    day = running.day
    type(day.person).objects.filter(pk=day.person.pk).update(locale=locale)
    if how == "void":
        releasing.void(day.attempt.id, note="Power cut.", now=day.now)
    else:
        day.control("terminate", reason_code="phone")
    claims = end_claims(day.fresh())
    assert words in claims[f"{A}errormsg"]
    assert how in claims[f"{A}errorlog"]
    answer = running.lena.post(reverse("attempt-end", args=[day.attempt.id]))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("action", "status"),
    [("flag", "running"), ("update", "running"), ("pause", "paused"), ("terminate", "terminated")],
    ids=["control flag", "control update", "control pause", "control terminate"],
)
def test_control_answers_the_state_after_it(running: BrowserDay, action: str, status: str) -> None:
    answer = running.control(action)
    assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert answer["Content-Type"] == "application/vnd.ims.lti-ap.v1.control+json"
