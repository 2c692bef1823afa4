"""When nothing happens, something does: each deadline has an outcome that a person can see."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lti_platform.journal import schedule
from proctoring import connection, deadlines, reviewing, sessions
from proctoring.cases import undecided_incidents
from proctoring.models import Incident, ReviewCase, Session
from proctoring.moving import move
from proctoring.transitions import Event, State
from tests.factories import pia
from tests.proctoring.exam_day import ExamDay, exam_day

pytestmark = pytest.mark.django_db
Settle = Callable[..., int]


def codes() -> list[str]:
    return list(Incident.objects.values_list("reason_code", flat=True))


def clear(day: ExamDay) -> None:
    """Pia confirms what was flagged and clears the session."""
    for incident in undecided_incidents(day.attempt):
        reviewing.decide_incident(
            incident.id, reviewer=pia(), judgement="confirmed", reason="Known.", now=day.now
        )
    case = ReviewCase.objects.get(attempt=day.attempt)
    reviewing.give_verdict(case.id, reviewer=pia(), outcome="clear", note="", now=day.now)


def occupy_next_version(day: ExamDay) -> None:
    """Damages the attempt's history, so that no move of it can be written down."""
    version = day.fresh().version + 1
    day.attempt.transitions.create(event="", from_state="", to_state="", version=version, at=day.now)


class TestConnection:
    def test_a_page_that_reports_keeps_the_clock_running(self, running: ExamDay) -> None:
        for _report in range(20):
            connection.seen(running.attempt.id, was_lost=False, now=running.pass_by(seconds=10))
            deadlines.notice_lost_connections(now=running.now)
        assert (running.state, codes()) == (State.RUNNING, [])

    def test_a_silent_page_stops_the_clock_until_the_learner_continues(self, running: ExamDay) -> None:
        connection.seen(running.attempt.id, was_lost=False, now=running.pass_by(seconds=10))
        last = running.now
        deadlines.notice_lost_connections(now=running.pass_by(seconds=45))
        assert running.state == State.RUNNING
        deadlines.notice_lost_connections(now=running.pass_by(seconds=1))
        assert (running.state, running.attempt.held_by_connection) == (State.PAUSED, True)
        incident = Incident.objects.get()
        assert (incident.reason_code, incident.occurred_at) == ("connection_lost", last)
        running.pass_by(minutes=30)
        assert connection.go_on(running.attempt.id, now=running.now).state == State.RUNNING
        assert running.fresh().ends_by == running.now + timedelta(minutes=60, seconds=-56)

    def test_a_page_that_was_cut_off_and_came_back_says_so(self, running: ExamDay) -> None:
        connection.seen(running.attempt.id, was_lost=True, now=running.pass_by(seconds=30))
        assert running.state == State.PAUSED

    def test_a_late_report_tells_the_silence_itself(self, running: ExamDay) -> None:
        attempt = connection.seen(running.attempt.id, was_lost=False, now=running.pass_by(minutes=2))
        assert (attempt.state, codes()) == (State.PAUSED, ["connection_lost"])

    def test_each_loss_is_one_incident(self, running: ExamDay) -> None:
        for _loss in range(2):
            running.pass_by(seconds=50)
            deadlines.notice_lost_connections(now=running.now)
            deadlines.notice_lost_connections(now=running.now)
            connection.seen(running.attempt.id, was_lost=True, now=running.now)
            connection.go_on(running.attempt.id, now=running.now)
        assert codes() == ["connection_lost"] * 2

    def test_a_report_before_the_start_or_after_the_end_changes_nothing(self, day: ExamDay) -> None:
        day.begin()
        assert connection.seen(day.attempt.id, was_lost=True, now=day.now).state == State.CHECKING_IN
        day.check_in()
        day.control("terminate")
        assert connection.seen(day.attempt.id, was_lost=True, now=day.now).state == State.TERMINATED


class TestSweeps:
    def test_a_check_in_of_which_nothing_is_heard_is_given_up(self, day: ExamDay, settle: Settle) -> None:
        day.begin()
        sessions.heard(day.session.id, now=day.pass_by(hours=2))
        deadlines.give_up_check_ins(now=day.pass_by(hours=3))
        assert day.state == State.CHECKING_IN
        deadlines.give_up_check_ins(now=day.pass_by(hours=2))
        assert day.state == State.ABANDONED
        settle(now=day.now)
        assert Session.objects.get().state in (*sessions.SEALED, Session.State.ENDED)
        assert day.begin().number == 2

    def test_a_pause_nobody_ends_is_put_before_a_person(self, running: ExamDay) -> None:
        running.control("pause")
        deadlines.interrupt_long_pauses(now=running.pass_by(hours=4, seconds=-1))
        assert running.state == State.PAUSED
        deadlines.interrupt_long_pauses(now=running.pass_by(seconds=1))
        assert running.state == State.INTERRUPTED

    def test_who_was_interrupted_and_let_go_on_continues_with_the_time_left(self, running: ExamDay) -> None:
        running.pass_by(minutes=15)
        running.control("pause")
        deadlines.interrupt_long_pauses(now=running.pass_by(hours=5))
        move(running.attempt.id, Event.REOPEN, now=running.now)
        assert connection.go_on(running.attempt.id, now=running.now).state == State.RUNNING
        assert running.fresh().ends_by == running.now + timedelta(minutes=45)

    def test_a_silent_proctoring_tool_is_flagged_once_for_each_silence(self, running: ExamDay) -> None:
        for _silence in range(2):
            running.pass_by(minutes=5, seconds=1)
            assert deadlines.notice_silent_tools(now=running.now) == 1
            assert deadlines.notice_silent_tools(now=running.now) == 0
            sessions.heard(running.session.id, now=running.now)
        assert codes() == ["proctoring_silent"] * 2
        assert running.state == State.RUNNING

    def test_a_score_that_never_comes_is_put_before_a_person(self, now: object, settle: Settle) -> None:
        day = exam_day(now, review_policy="not_required")  # type: ignore[arg-type]
        day.start()
        move(day.attempt.id, Event.SUBMIT, now=day.now)
        settle(now=day.now)
        assert deadlines.notice_missing_scores(now=day.pass_by(minutes=59)) == 0
        assert deadlines.notice_missing_scores(now=day.pass_by(minutes=1)) == 1
        assert deadlines.notice_missing_scores(now=day.now) == 0
        assert (codes(), ReviewCase.objects.get().state) == (["score_missing"], ReviewCase.State.WAITING)

    def test_a_clear_verdict_without_a_score_comes_back_to_a_person(
        self, running: ExamDay, settle: Settle
    ) -> None:
        running.control("terminate")
        settle(now=running.now)
        running.seal()
        for _verdict in range(2):
            assert deadlines.notice_missing_scores(now=running.pass_by(hours=1)) == 0
            clear(running)
            assert deadlines.notice_missing_scores(now=running.pass_by(minutes=59)) == 0
            assert deadlines.notice_missing_scores(now=running.pass_by(minutes=1)) == 1
            assert ReviewCase.objects.get().state == ReviewCase.State.WAITING
        assert codes() == ["", "score_missing", "score_missing"]

    def test_a_session_whose_tool_never_says_it_is_done_ends(self, running: ExamDay, settle: Settle) -> None:
        running.score()
        settle(now=running.now)
        assert deadlines.end_overdue_sessions(now=running.pass_by(minutes=29)) == 0
        assert deadlines.end_overdue_sessions(now=running.pass_by(minutes=1)) == 1
        assert Session.objects.get().state == Session.State.ENDED

    def test_evidence_that_never_comes_leaves_the_session_incomplete(self, running: ExamDay) -> None:
        sessions.end(running.session.id, now=running.now)
        assert deadlines.seal_overdue_sessions(now=running.pass_by(hours=6, minutes=44)) == 0
        assert deadlines.seal_overdue_sessions(now=running.pass_by(minutes=1)) == 1
        assert Session.objects.get().state == Session.State.INCOMPLETE
        assert "recording_incomplete" in codes()

    def test_a_session_sealed_in_the_last_moment_stays_complete(self, running: ExamDay) -> None:
        sessions.end(running.session.id, now=running.now)
        running.seal()
        assert not sessions.give_up_collecting(running.session.id, now=running.pass_by(hours=7))
        assert Session.objects.get().state == Session.State.COMPLETE
        assert codes() == ["proctoring_ended_early"]

    def test_an_attempt_that_cannot_be_dealt_with_keeps_no_other_waiting(self, now: object) -> None:
        days = [exam_day(now) for _day in range(2)]  # type: ignore[arg-type]
        for day in days:
            day.start()
        first, second = sorted(days, key=lambda day: day.attempt.pk)
        occupy_next_version(first)
        deadlines.run_clocks_out(now=second.pass_by(minutes=60))
        assert (first.state, second.state) == (State.RUNNING, State.SUBMITTED)

    def test_a_sweep_that_finds_an_attempt_gone_on_leaves_it(self, running: ExamDay) -> None:
        running.control("pause")
        running.pass_by(hours=4)
        running.control("resume")
        assert deadlines.interrupt_long_pauses(now=running.now) == 0
        assert running.state == State.RUNNING

    def test_the_scheduler_knows_the_sweeps(self) -> None:
        jobs = schedule.jobs()
        assert {"proctoring:sweep_clocks", "proctoring:sweep_releases", "proctoring:sweep_sessions"} <= set(
            jobs
        )
        assert jobs["proctoring:sweep_clocks"] == 5
