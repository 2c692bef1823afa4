"""The attempt machine under any order of moves: late, doubled and impossible ones, and time passing in between."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lti_platform.journal.working import run_due
from proctoring import clock, connection, deadlines, reviewing
from proctoring.cases import undecided_incidents
from proctoring.clock import Interval
from proctoring.errors import CaseNotOpen, IllegalMove
from proctoring.models import Attempt, Incident, ReviewCase
from proctoring.moving import move
from proctoring.transitions import ENDED, SETTLED, Event, State, is_possible
from tests.factories import pia
from tests.proctoring.exam_day import ExamDay, exam_day

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
events = st.sampled_from([event for event in Event if event not in (Event.BEGIN, Event.RELEASE)])
skews = st.integers(min_value=-7200, max_value=7200)


class AnyOrder(RuleBasedStateMachine):
    """Lena's tools, her page, Pia and the sweeps act as they like; what must always hold is checked after each."""

    day: ExamDay

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.sent: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self.granted = 0
        self.settled_as: str = ""

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(
        policy=st.sampled_from(["always", "flagged", "not_required"]),
        kind=st.sampled_from(["two_tools", "two_tools", "linked", "one_tool"]),
        starts=st.sampled_from([True, True, False]),
    )
    def lena_begins(self, policy: str, kind: str, starts: bool) -> None:
        self.day = exam_day(START, review_policy=policy, kind=kind)
        self.day.begin()
        self.pia = pia()
        if starts:
            self.day.check_in()

    @rule(seconds=st.floats(min_value=0, max_value=3000) | st.just(4 * 3600.0))
    def time_passes(self, seconds: float) -> None:
        self.day.pass_by(seconds=seconds)

    @precondition(lambda self: self.day.state in (State.CHECKING_IN, State.RUNNING, State.PAUSED))
    @rule()
    def the_tool_starts(self) -> None:
        self.day.open_proctoring()
        self.day.check_in()

    @rule(action=st.sampled_from(["pause", "pause", "resume", "resume", "flag", "terminate"]), skew=skews)
    def the_tool_controls(self, action: str, skew: int) -> None:
        time = (self.day.now + timedelta(seconds=skew)).isoformat()
        self._send(self.day.control_body(action, incident_time=time, incident_severity=0.5))

    @rule(minutes=st.integers(min_value=0, max_value=30))
    def the_tool_grants_time(self, minutes: int) -> None:
        before = self.day.state
        body = self.day.control_body("update", extra_time=minutes, reason_code=str(len(self.sent)))
        if before not in (*ENDED, *SETTLED, State.ABANDONED):
            self.granted += minutes
        self._send(body)

    def _send(self, body: dict[str, Any]) -> None:
        if any(body == known for known, _ in self.sent):
            return
        self.sent.append((body, self.day.send(body)))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def a_message_comes_twice(self, data: st.DataObject) -> None:
        body, reply = data.draw(st.sampled_from(self.sent))
        before = self.day.fresh().version
        assert self.day.send(body) == reply
        assert self.day.fresh().version == before

    @rule(given=st.integers(min_value=0, max_value=100), grading=st.sampled_from(["FullyGraded", "Pending"]))
    def a_score_comes(self, given: int, grading: str) -> None:
        self.day.pass_by(milliseconds=1)  # two scores of one time contradict each other
        self.day.score(given, grading_progress=grading)
        run_due(now=self.day.now)

    @rule(lost=st.booleans())
    def the_page_reports(self, lost: bool) -> None:
        connection.seen(self.day.attempt.id, was_lost=lost, now=self.day.now)

    @rule()
    def lena_continues(self) -> None:
        connection.go_on(self.day.attempt.id, now=self.day.now)

    @rule()
    def the_sweeps_run(self) -> None:
        for sweep in (
            deadlines.run_clocks_out,
            deadlines.notice_lost_connections,
            deadlines.interrupt_long_pauses,
            deadlines.give_up_check_ins,
            deadlines.notice_missing_scores,
            deadlines.release_what_may,
        ):
            sweep(now=self.day.now)
        run_due(now=self.day.now)

    @precondition(lambda self: self.day.state in ENDED)
    @rule(complete=st.booleans())
    def the_recording_is_sealed(self, complete: bool) -> None:
        for session in self.day.attempt.sessions.all():
            self.day.session = session
            self.day.seal(complete=complete)
        run_due(now=self.day.now)

    @precondition(lambda self: ReviewCase.objects.exists())
    @rule(outcome=st.sampled_from(["clear", "technical_retake", "violation_major"]))
    def pia_judges(self, outcome: str) -> None:
        for incident in undecided_incidents(self.day.attempt):
            reviewing.decide_incident(
                incident.id, reviewer=self.pia, judgement="dismissed", reason="x", now=self.day.now
            )
        case = ReviewCase.objects.get()
        try:
            with transaction.atomic():
                reviewing.give_verdict(
                    case.id, reviewer=self.pia, outcome=outcome, note="x", now=self.day.now
                )
        except CaseNotOpen:
            assert self.day.state in SETTLED

    @rule(event=events)
    def somebody_tries_a_move(self, event: Event) -> None:
        before = self.day.fresh()
        if is_possible(event, state=before.state) and event in (Event.PAUSE, Event.RESUME, Event.SUBMIT):
            move(before.id, event, now=self.day.now)
        elif not is_possible(event, state=before.state):
            with pytest.raises(IllegalMove), transaction.atomic():
                move(before.id, event, now=self.day.now)

    @precondition(lambda self: self.day.state in (State.RUNNING, State.PAUSED, *ENDED))
    @rule(order=st.permutations(["score", "seal", "judge"]), given=st.integers(min_value=0, max_value=100))
    def the_end_goes_well(self, order: list[str], given: int) -> None:
        self.a_score_comes(given, "FullyGraded")
        steps: dict[str, Callable[[], object]] = {
            "score": lambda: self.a_score_comes(given, "FullyGraded"),
            "seal": lambda: self.the_recording_is_sealed(complete=True),
            "judge": lambda: ReviewCase.objects.exists() and self.pia_judges("clear"),
        }
        for name in order:
            steps[name]()
        self.day.pass_by(seconds=10)
        self.the_sweeps_run()

    @invariant()
    def what_must_always_hold(self) -> None:
        attempt = self.day.fresh()
        intervals = list(attempt.running_intervals.values_list("started_at", "ended_at"))
        the_clock_is_what_was_allowed_less_what_ran(attempt, intervals, now=self.day.now)
        the_clock_runs_exactly_while_running(attempt, intervals)
        every_version_is_one_move_of_the_history(attempt)
        only_a_paused_attempt_is_held(attempt)
        what_is_released_has_a_score_and_no_open_questions(attempt)
        assert attempt.extra_minutes == self.granted
        assert Incident.objects.filter(source=Incident.Source.TOOL).count() == len(self.sent)
        self._what_is_settled_stays_but_for_a_late_rejection(attempt.state)

    def _what_is_settled_stays_but_for_a_late_rejection(self, state: str) -> None:
        if self.settled_as and state != self.settled_as:
            assert (self.settled_as, state) == (State.RELEASED, State.INVALIDATED)
        self.settled_as = state if state in SETTLED else ""


def the_clock_is_what_was_allowed_less_what_ran(
    attempt: Attempt, intervals: list[Interval], *, now: datetime
) -> None:
    whole = timedelta(minutes=60 + attempt.extra_minutes)
    used = sum(((end or now) - start for start, end in intervals), timedelta())
    assert clock.left(attempt, now=now) == max(whole - used, timedelta())
    if attempt.state == State.RUNNING:
        assert attempt.ends_by == max(now + whole - used, *(start for start, _ in intervals))


def the_clock_runs_exactly_while_running(attempt: Attempt, intervals: list[Interval]) -> None:
    assert sum(end is None for _, end in intervals) == int(attempt.state == State.RUNNING)


def every_version_is_one_move_of_the_history(attempt: Attempt) -> None:
    history = list(attempt.transitions.order_by("version"))
    assert [one.version for one in history] == list(range(1, attempt.version + 1))
    assert history[-1].to_state == attempt.state
    assert all(after.from_state == before.to_state for before, after in pairwise(history))


def only_a_paused_attempt_is_held(attempt: Attempt) -> None:
    assert attempt.state == State.PAUSED or not (attempt.held_by_tool or attempt.held_by_connection)


def what_is_released_has_a_score_and_no_open_questions(attempt: Attempt) -> None:
    if attempt.state != State.RELEASED:
        return
    assert attempt.passed is not None
    case = ReviewCase.objects.get(attempt=attempt)
    assert case.state != ReviewCase.State.WAITING
    assert attempt.policy["review_policy"] != "always" or case.state == ReviewCase.State.DECIDED


@pytest.mark.django_db
class TestAnyOrder(AnyOrder.TestCase):  # type: ignore[misc,valid-type]
    settings = settings(max_examples=30, stateful_step_count=15, deadline=None)
