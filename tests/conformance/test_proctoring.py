"""Proctoring Services 1.0, clause by clause: one small test for each rule that is the platform's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from lti_platform.journal.models import Entry
from lti_platform.journal.working import run_due
from lti_platform.launches import id_token
from lti_platform.launches.models import Launch
from lti_platform.tools import scopes
from lti_platform.tools.addresses import absolute
from proctoring import releasing, sessions
from proctoring.claims import A, end_claims, proctoring_claims
from proctoring.messages import LTI
from proctoring.models import Incident, Session
from proctoring.transitions import State
from tests.browsing import signed_in
from tests.calling import CallingTool
from tests.factories import mallory
from tests.launching import make_launch
from tests.lti_platform.launches.staging import Stage, claims_of, form_of
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


def arrived() -> tuple[BrowserDay, Stage]:
    """Lena presses Start in her browser; it stands before the proctoring tool's login address."""
    story = BrowserDay()
    answer = story.lena.post(reverse("exam-begin", args=[story.day.exam.pk]), {"agree": "yes"})
    launch = Launch.objects.get()
    login, link = form_of(answer).fields, story.day.exam.proctoring_link
    return story, Stage(story.lena, story.day.person, link, launch, login)


Told = Callable[[BrowserDay, Stage], Any]
VALUES_OF_START: dict[str, tuple[str, Told]] = {
    "message_type": (f"{LTI}message_type", lambda story, stage: "LtiStartProctoring"),
    "version": (f"{LTI}version", lambda story, stage: "1.3.0"),
    "target_link_uri as in the login": (
        f"{LTI}target_link_uri",
        lambda story, stage: stage.login["target_link_uri"],
    ),
    "iss as in the login": ("iss", lambda story, stage: stage.login["iss"]),
    "sub is the platform's user": ("sub", lambda story, stage: str(story.day.person.pk)),
    "deployment_id": (f"{LTI}deployment_id", lambda story, stage: stage.launch.deployment.deployment_id),
    "resource_link has a title": (
        f"{LTI}resource_link",
        lambda story, stage: {"id": str(stage.link.pk), "title": stage.link.title},
    ),
    "roles, if any, include Learner": (
        f"{LTI}roles",
        lambda story, stage: ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
    ),
    "start_assessment_url is ours": (
        f"{A}start_assessment_url",
        lambda story, stage: absolute(reverse("start-assessment")),
    ),
    "names are told": ("name", lambda story, stage: story.day.person.full_name),
}


@pytest.mark.parametrize("value", VALUES_OF_START, ids="LtiStartProctoring {}".format)
def test_the_start_message_means_what_the_clause_says(value: str) -> None:
    claim, wanted = VALUES_OF_START[value]
    story, stage = arrived()
    assert claims_of(stage.ask())[claim] == wanted(story, stage)


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartProctoring return_url hears the tool's refusal"])
def test_a_candidate_whom_the_tool_sends_back_does_not_start(_clause: int) -> None:
    story, stage = arrived()
    address = claims_of(stage.ask())[f"{LTI}launch_presentation"]["return_url"]
    story.lena.get(address, {"lti_errormsg": "Too dark.", "lti_errorlog": "lux=3"})
    attempt = story.day.exam.attempts.get()
    assert (attempt.state, attempt.started_at) == (State.BLOCKED, None)


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


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartProctoring acs only with its scope"])
def test_who_may_not_control_is_offered_no_control(story: BrowserDay, _clause: int) -> None:
    registration = story.day.exam.proctoring_link.deployment.registration
    registration.scopes = [scopes.SCORE]
    registration.save()
    assert f"{A}acs" not in said(story)


NEEDED_OF_ASSESSMENT = (
    "iss", "aud", "exp", "iat", "nonce", "message_type", "version", "deployment_id",
    "session_data", "resource_link", "attempt_number",
)  # fmt: skip


@pytest.mark.parametrize("claim", NEEDED_OF_ASSESSMENT, ids="LtiStartAssessment requires {}".format)
def test_without_a_required_claim_nothing_starts(story: BrowserDay, claim: str) -> None:
    assert story.post_start(story.day.token(**{claim: None})).status_code == 400
    assert story.day.state == State.CHECKING_IN


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"message_type": "LtiResourceLinkRequest"}, id="LtiStartAssessment message_type"),
        pytest.param({"version": "1.1.0"}, id="LtiStartAssessment version 1.3.0"),
        pytest.param({"deployment_id": "another"}, id="LtiStartAssessment deployment_id is the tool's"),
        pytest.param({"iss": "https://tool.example"}, id="LtiStartAssessment iss is the client_id"),
        pytest.param({"aud": "https://other.test"}, id="LtiStartAssessment aud is our issuer"),
        pytest.param({"exp": 1}, id="LtiStartAssessment exp"),
        pytest.param({"attempt_number": "1"}, id="LtiStartAssessment attempt_number is an integer"),
    ],
)
def test_a_claim_that_is_not_what_it_must_be_starts_nothing(
    story: BrowserDay, changes: dict[str, Any]
) -> None:
    answer = story.post_start(story.day.token(**changes))
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert story.day.state == State.CHECKING_IN
    assert Entry.objects.filter(fact_type="security.refused").count() == 1


def of_mallory(story: BrowserDay) -> Client:
    return signed_in(mallory())


def of_another_browser(story: BrowserDay) -> Client:
    return signed_in(story.day.person)


def too_late(story: BrowserDay) -> Client:
    Session.objects.update(session_data_expires_at=story.day.now - timedelta(seconds=1))
    return story.lena


def used(story: BrowserDay) -> Client:
    Session.objects.update(session_data_used_at=story.day.now)
    return story.lena


def no_proctoring_tool(story: BrowserDay) -> Client:
    registration = story.day.exam.proctoring_link.deployment.registration
    registration.messages = [{"type": "LtiResourceLinkRequest"}]
    registration.save()
    return story.lena


@pytest.mark.parametrize(
    ("staged", "rule"),
    [
        pytest.param(of_mallory, "other_person", id="LtiStartAssessment session_data is the person's"),
        pytest.param(
            of_another_browser, "other_browser", id="LtiStartAssessment session_data is the browser's"
        ),
        pytest.param(too_late, "session_data_expired", id="LtiStartAssessment session_data unexpired"),
        pytest.param(used, "session_data_used", id="LtiStartAssessment session_data unused"),
        pytest.param(
            no_proctoring_tool, "not_a_proctoring_tool", id="LtiStartAssessment from a proctoring tool"
        ),
    ],
)
def test_a_good_message_starts_nothing_where(
    story: BrowserDay, staged: Callable[[BrowserDay], Client], rule: str
) -> None:
    assert story.post_start(story.day.token(), browser=staged(story)).status_code == 400
    assert story.day.state == State.CHECKING_IN
    assert Entry.objects.get(fact_type="security.refused").payload["rule"] == f"start_{rule}"


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartAssessment an attempt that is over is not started"])
def test_what_is_over_is_not_started(running: BrowserDay, _clause: int) -> None:
    running.day.open_proctoring()
    running.day.control("terminate")
    running.post_start(running.day.token())
    assert running.day.state == State.TERMINATED
    assert Entry.objects.get(fact_type="security.refused").payload["rule"] == "start_attempt_over"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="LtiStartAssessment verified_user is optional"),
        pytest.param({"not_of_this_version": [1]}, id="LtiStartAssessment other claims are tolerated"),
    ],
)
def test_what_is_optional_stops_nothing(story: BrowserDay, changes: dict[str, Any]) -> None:
    assert story.post_start(story.day.token(**changes)).status_code == 303
    assert story.day.state == State.RUNNING


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartAssessment verified_user.picture is the tool's own"])
def test_our_own_picture_verifies_nobody(settings: LazySettings, _clause: int) -> None:
    settings.PLATFORM_URL = "http://localhost:8000"
    story = BrowserDay(identity_policy="flag")
    story.day.begin()
    picture = "http://localhost:8000/media/lena.jpg"
    story.post_start(story.day.token(verified_user={"name": "Lena Ruiz", "picture": picture}))
    assert Incident.objects.get().reason_code == "identity_picture_ours"


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


@pytest.mark.parametrize(
    "_clause", [0], ids=["LtiStartAssessment end_assessment_return true asks for the end"]
)
def test_a_tool_that_asked_is_told_of_the_end(running: BrowserDay, _clause: int) -> None:
    running.day.score()
    run_due(now=running.day.now)
    assert running.lena.post(reverse("attempt-end", args=[running.day.attempt.id])).status_code == 200
    assert Launch.objects.get().message_type == "LtiEndAssessment"


@pytest.mark.parametrize("_clause", [0], ids=["LtiStartAssessment verified_user without sub and iss"])
def test_who_the_person_is_stays_ours(story: BrowserDay, _clause: int) -> None:
    story.post_start(story.day.token(verified_user={"sub": "x", "iss": "y", "name": "Lena Ruiz"}))
    assert Session.objects.get().verified_user == {"name": "Lena Ruiz"}
    assert not Incident.objects.exists()


REQUIRED_OF_END = [
    "iss", "aud", "sub", "exp", "iat", "nonce",
    *(f"{LTI}{name}" for name in ("message_type", "version", "deployment_id", "roles")),
]  # fmt: skip


@pytest.mark.parametrize(
    "claim",
    [*REQUIRED_OF_END, f"{LTI}target_link_uri", f"{A}attempt_number"],
    ids=lambda name: f"LtiEndAssessment requires {name.rpartition('/')[2]}",
)
def test_the_end_message_says(running: BrowserDay, claim: str) -> None:
    running.day.control("terminate")
    assert said(running, "LtiEndAssessment")[claim] not in (None, "")


@pytest.mark.parametrize(
    "claim",
    [f"{A}attempt_number", f"{LTI}resource_link", f"{LTI}deployment_id", "sub"],
    ids=lambda name: f"LtiEndAssessment same {name.rpartition('/')[2]} as the start",
)
def test_the_end_is_that_of_what_was_started(running: BrowserDay, claim: str) -> None:
    started = said(running)[claim]
    running.day.control("terminate")
    told = said(running, "LtiEndAssessment")
    assert (told[f"{LTI}message_type"], told[f"{LTI}version"]) == ("LtiEndAssessment", "1.3.0")
    assert told[claim] == started


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
