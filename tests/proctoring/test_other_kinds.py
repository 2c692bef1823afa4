"""Exams whose proctoring tool knows only ordinary links, and exams of one tool that does everything."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from lti_platform.launches.contributing import LaunchRefused
from lti_platform.launches.models import Launch
from lti_platform.launches.substitution import custom_parameters
from proctoring import connection, deadlines, linked, sessions
from proctoring.claims import A, attempt_variables, proctoring_claims
from proctoring.deadlines import release_what_may
from proctoring.errors import OtherBrowser, OtherPerson, SessionDataExpired, SessionDataUnknown, ToolNotOpened
from proctoring.evidence.claims import CLAIM as EVIDENCE_CLAIM
from proctoring.evidence.claims import evidence_service
from proctoring.exams import create
from proctoring.messages import Visitor
from proctoring.models import Exam, Incident, ReviewCase, Session
from proctoring.picking import hear_picked
from proctoring.tool_launches import CLAIM, CUSTOM_PARAMETERS
from proctoring.transitions import State
from tests.calling import CallingTool
from tests.factories import make_context, make_deployment, make_membership, mallory
from tests.launching import make_launch
from tests.proctoring.exam_day import ExamDay, exam_day
from tests.proctoring.test_deadlines import clear

pytestmark = pytest.mark.django_db
Settle = Callable[..., int]


@pytest.fixture
def link(now: datetime) -> ExamDay:
    """Lena has pressed Start; the tool opened by an ordinary link."""
    day = exam_day(now, kind="linked")
    day.begin()
    return day


@pytest.fixture
def one(now: datetime) -> ExamDay:
    """Lena has pressed Start at an exam of one tool; it has not opened yet."""
    day = exam_day(now, kind="one_tool")
    day.begin()
    Session.objects.all().delete()
    return day


def opened(day: ExamDay, **fields: Any) -> Launch:
    """An ordinary launch of the proctoring tool about the attempt."""
    place = day.exam.proctoring_link
    tool = CallingTool(deployment=place.deployment, context=place.context, link=place)
    about = {"subject": f"attempt:{day.attempt.id}", "session_digest": sessions.digest(day.browser)}
    return make_launch(tool, now=day.now, person=day.person, **(about | fields))


def without_evidence(day: ExamDay) -> None:
    """The tool keeps its own recordings."""
    registration = day.exam.proctoring_link.deployment.registration
    registration.scopes = [scope for scope in registration.scopes if "evidence" not in scope]
    registration.save()


def without_a_word(day: ExamDay, *, settle: Settle) -> None:
    """Lena answers and hands in; nothing comes from the proctoring tool, and every deadline passes."""
    day.pass_by(minutes=20)
    day.score()
    settle(now=day.now)
    deadlines.end_overdue_sessions(now=day.pass_by(hours=8))
    deadlines.seal_overdue_sessions(now=day.pass_by(hours=8))
    settle(now=day.now)
    release_what_may(now=day.pass_by(minutes=1))


class TestAToolThatKnowsOnlyLinks:
    def test_its_launch_says_where_exam_control_flags_and_recordings_are(self, link: ExamDay) -> None:
        launch = opened(link)
        claims = proctoring_claims(launch, now=link.now)
        session = Session.objects.get(launch=launch)
        assert claims[f"{A}attempt_number"] == 1
        assert str(session.pk) in claims[f"{A}acs"]["assessment_control_url"]
        assert set(claims[CLAIM]) == {"attempt_number", "scope", "flags_url", "end_url", "start_url"}
        assert f"/sessions/{session.pk}/flags" in claims[CLAIM]["flags_url"]
        assert str(session.pk) in evidence_service(launch, now=link.now)[EVIDENCE_CLAIM]["items_url"]
        assert link.state == State.CHECKING_IN

    def test_custom_parameters_say_it_to_tools_that_read_no_claims(self, link: ExamDay) -> None:
        link.exam.proctoring_link.custom_parameters = CUSTOM_PARAMETERS
        launch = opened(link)
        custom = custom_parameters(launch, roles=[])
        assert custom["exam_attempt_number"] == "1"
        assert custom["exam_start_url"] == attempt_variables(launch)["ProctoredExam.startUrl"]
        assert urlsplit(custom["exam_start_url"]).path.count("/") == 6
        assert not Session.objects.filter(launch=launch).exists()  # asking what a launch says makes nothing

    def test_a_variable_says_where_the_exam_is_controlled_to_tools_that_may(self, link: ExamDay) -> None:
        registration = link.exam.proctoring_link.deployment.registration
        launch = opened(link)
        control = proctoring_claims(launch, now=link.now)[f"{A}acs"]["assessment_control_url"]
        assert attempt_variables(launch)["LtiLink.acs.url"] == control
        launch.subject = ""
        assert set(attempt_variables(launch).values()) == {""}
        registration.scopes = []
        registration.save()
        assert "LtiLink.acs.url" not in attempt_variables(opened(link))

    def test_its_start_address_starts_the_exam_once(self, link: ExamDay) -> None:
        link.check_in()
        link.check_in()
        assert link.state == State.RUNNING
        assert link.attempt.transitions.filter(event="start", reason_code="opened_by_tool").count() == 1

    def test_the_start_address_is_of_one_session_one_person_and_one_browser(self, link: ExamDay) -> None:
        with pytest.raises(SessionDataUnknown):
            link.start_by_address(linked.start_token(link.attempt.id))
        with pytest.raises(OtherPerson):
            link.start_by_address(person=mallory())
        with pytest.raises(OtherBrowser):
            link.start_by_address(browser="another")
        link.pass_by(hours=5)
        with pytest.raises(SessionDataExpired):
            link.start_by_address()
        assert link.state == State.CHECKING_IN

    def test_the_learner_starts_only_where_the_exam_says_so(self, link: ExamDay) -> None:
        visitor = Visitor(person=link.person, session_key=link.browser)
        with pytest.raises(ToolNotOpened):
            linked.start_by_learner(link.attempt.id, visitor=visitor, now=link.now)
        assert link.state == State.CHECKING_IN

    def test_the_learner_starts_once_the_tool_is_open(self, now: datetime) -> None:
        day = exam_day(now, kind="linked", started_by="learner")
        day.begin()
        visitor = Visitor(person=day.person, session_key=day.browser)
        assert linked.start_by_learner(day.attempt.id, visitor=visitor, now=now).state == State.RUNNING
        assert "start_url" not in proctoring_claims(opened(day), now=now)[CLAIM]
        assert attempt_variables(opened(day))["ProctoredExam.startUrl"] == ""

    def test_opened_again_it_is_a_new_session_of_the_same_attempt(self, link: ExamDay) -> None:
        link.check_in()
        first = link.session
        link.open_proctoring()
        link.check_in()
        first.refresh_from_db()
        assert (first.state, link.session.state) == (Session.State.ENDED, Session.State.RECORDING)
        assert (link.state, link.attempt.number, link.attempt.sessions.count()) == (State.RUNNING, 1, 2)

    def test_without_recordings_of_ours_silence_is_no_incident_and_the_result_is_final(
        self, now: datetime, settle: Settle
    ) -> None:
        day = exam_day(now, kind="linked", review_policy="flagged", identity_policy="ignore")
        without_evidence(day)
        day.start()
        day.pass_by(minutes=1)
        day.flag(severity=Decimal(0), code="watching")
        assert deadlines.notice_silent_tools(now=day.pass_by(minutes=20)) == 0
        day.score()
        settle(now=day.now)
        assert day.attempt.sessions.get().state == Session.State.COMPLETE
        release_what_may(now=day.pass_by(minutes=1))
        assert (day.state, Incident.objects.exclude(reason_code="watching").count()) == (State.RELEASED, 0)

    @pytest.mark.parametrize("hands_over", [True, False])
    @pytest.mark.parametrize("policy", ["flagged", "not_required"])
    def test_an_exam_of_which_its_tool_never_spoke_goes_before_a_person(
        self, now: datetime, settle: Settle, policy: str, hands_over: bool
    ) -> None:
        day = exam_day(now, kind="linked", review_policy=policy, identity_policy="ignore")
        if not hands_over:
            without_evidence(day)
        day.begin()
        day.flag(severity=Decimal(0), code="opened")  # before the start: of a check-in, not of the exam
        day.check_in()
        without_a_word(day, settle=settle)
        assert (day.state, ReviewCase.objects.get().state) == (State.SUBMITTED, ReviewCase.State.WAITING)
        assert Incident.objects.filter(reason_code="proctoring_no_word", session=day.session).count() == 1

    def test_every_window_that_started_must_have_been_heard_of(self, now: datetime, settle: Settle) -> None:
        day = exam_day(now, kind="linked", review_policy="not_required")
        without_evidence(day)
        day.start()
        day.pass_by(minutes=1)
        day.control("update", incident_severity=0)
        day.open_proctoring()
        day.check_in()
        without_a_word(day, settle=settle)
        assert [one.session for one in Incident.objects.filter(reason_code="proctoring_no_word")] == [
            day.session
        ]
        assert day.state == State.SUBMITTED

    def test_a_person_may_clear_an_exam_of_which_its_tool_never_spoke(
        self, now: datetime, settle: Settle
    ) -> None:
        day = exam_day(now, kind="linked", review_policy="not_required")
        without_evidence(day)
        day.start()
        without_a_word(day, settle=settle)
        clear(day)
        settle(now=day.now)
        assert day.state == State.RELEASED

    def test_with_recordings_they_are_awaited(self, link: ExamDay, settle: Settle) -> None:
        link.check_in()
        link.score()
        settle(now=link.now)
        session = link.attempt.sessions.get()
        assert (session.state, session.hands_over) == (Session.State.RECORDING, True)

    def test_outside_of_an_attempt_its_link_opens_nothing(self, link: ExamDay) -> None:
        with pytest.raises(LaunchRefused, match="from its own page"):
            proctoring_claims(opened(link, subject=""), now=link.now)

    def test_proctoring_services_are_not_spoken_to_it(self, link: ExamDay) -> None:
        with pytest.raises(LaunchRefused, match="ordinary link"):
            proctoring_claims(opened(link, message_type="LtiStartProctoring"), now=link.now)


class TestOneToolThatDoesEverything:
    def test_the_clock_runs_as_soon_as_it_opens(self, one: ExamDay) -> None:
        claims = proctoring_claims(opened(one), now=one.now)
        assert {f"{A}attempt_number", f"{A}acs", CLAIM} <= claims.keys()
        assert "start_url" not in claims[CLAIM]
        assert (one.state, one.attempt.sessions.get().state) == (State.RUNNING, Session.State.RECORDING)

    def test_opened_again_it_goes_on_and_the_first_window_is_over(self, one: ExamDay) -> None:
        first, again = opened(one), opened(one)
        proctoring_claims(first, now=one.now)
        proctoring_claims(again, now=one.pass_by(minutes=2))
        states = [session.state for session in one.attempt.sessions.all()]
        assert states == [Session.State.ENDED, Session.State.RECORDING]
        assert one.attempt.transitions.filter(event="start").count() == 1

    def test_a_score_hands_it_in_and_it_opens_no_more(self, one: ExamDay, settle: Settle) -> None:
        proctoring_claims(opened(one), now=one.now)
        one.score()
        settle(now=one.now)
        assert one.state == State.SUBMITTED
        with pytest.raises(LaunchRefused, match="submitted"):
            proctoring_claims(opened(one), now=one.now)

    def test_the_tool_may_end_it(self, one: ExamDay) -> None:
        proctoring_claims(opened(one), now=one.now)
        one.session = Session.objects.get()
        assert one.control("terminate") == {"status": "terminated", "extra_time": 0}
        assert one.state == State.TERMINATED

    def test_our_page_in_the_background_stops_no_clock(self, one: ExamDay) -> None:
        proctoring_claims(opened(one), now=one.now)
        assert deadlines.notice_lost_connections(now=one.pass_by(minutes=10)) == 0
        connection.seen(one.attempt.id, was_lost=True, now=one.now)
        assert one.state == State.RUNNING

    def test_outside_of_an_attempt_it_opens_nothing(self, one: ExamDay) -> None:
        with pytest.raises(LaunchRefused, match="from its own page"):
            proctoring_claims(opened(one, subject=""), now=one.now)

    def test_it_is_made_with_one_link(self, now: datetime) -> None:
        tool = make_deployment()
        exam = create(make_context(), assessment=tool, now=now, title="All in one", kind=Exam.Kind.ONE_TOOL)
        assert exam.assessment_link == exam.proctoring_link == exam.line_item.resource_link
        assert exam.assessment_link.custom_parameters == CUSTOM_PARAMETERS

    def test_an_item_picked_for_it_keeps_what_it_is_told(self, now: datetime) -> None:
        exam = exam_day(now, kind="one_tool").exam
        exam.proctoring_link.custom_parameters = {"item": "7"}
        hear_picked(exam.proctoring_link, now=now)
        exam.refresh_from_db()
        assert exam.proctoring_link.custom_parameters == {"item": "7", **CUSTOM_PARAMETERS}


class TestFlags:
    def test_a_flag_is_an_incident_and_changes_nothing_else(self, link: ExamDay) -> None:
        link.check_in()
        reply = link.flag(message="A second person")
        incident = Incident.objects.get()
        assert reply == {"id": str(incident.pk), "attempt_status": "running"}
        assert (incident.action, incident.session, incident.reason_message) == (
            "flag", link.session, "A second person",
        )  # fmt: skip
        assert link.state == State.RUNNING

    def test_said_twice_it_is_kept_once_even_when_the_truth_has_moved_on(self, link: ExamDay) -> None:
        link.check_in()
        at = link.now
        first = link.flag(occurred_at=at)
        link.control("terminate")
        assert link.flag(occurred_at=at) == first
        assert Incident.objects.filter(action="flag").count() == 1

    def test_after_the_end_it_comes_before_the_reviewer(self, link: ExamDay, settle: Settle) -> None:
        link.check_in()
        link.score()
        settle(now=link.now)
        assert link.flag()["attempt_status"] == "complete"
        assert f"{ReviewCase.objects.get().severity:.1f}" == "0.7"


@pytest.mark.parametrize("kind", ["two_tools", "linked", "one_tool"])
def test_a_plain_launch_by_a_stranger_starts_nothing(kind: str, now: datetime) -> None:
    day = exam_day(now, kind=kind)
    day.begin()
    attacker = mallory()
    make_membership(attacker, day.exam.context)
    launch = opened(day)
    launch.person = attacker
    launch.message_type = "LtiResourceLinkRequest"
    if kind == "two_tools":
        assert proctoring_claims(launch, now=now) == {}
    else:
        with pytest.raises(LaunchRefused):
            proctoring_claims(launch, now=now)
    assert day.state == State.CHECKING_IN
