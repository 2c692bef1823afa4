"""A result becomes final when recording, score and review say so, in whatever order they come."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from threading import Event

import pytest
from django.db import transaction

from gradebook.models import Result
from gradebook.scoring import accept
from lti_platform.journal.models import Entry
from proctoring import releasing, reviewing, sessions
from proctoring.cases import undecided_incidents
from proctoring.deadlines import release_what_may
from proctoring.errors import CaseNotOpen, IllegalMove, OutcomeUnknown, OwnSession, ReasonMissing
from proctoring.models import Attempt, Incident, IncidentDecision, ReviewCase
from proctoring.transitions import State
from tests.factories import grant, make_line_item, make_organization, pia
from tests.gradebook.submitting import submission
from tests.proctoring.exam_day import ExamDay, exam_day
from tests.together import together

pytestmark = pytest.mark.django_db
Settle = Callable[..., int]


def hand_in(day: ExamDay, settle: Settle, given: int = 84) -> ExamDay:
    day.pass_by(minutes=20)
    day.score(given)
    settle(now=day.now)
    return day


def judge(day: ExamDay, outcome: str = "clear", note: str = "") -> None:
    """Pia dismisses every incident, then gives her verdict."""
    case = ReviewCase.objects.get(attempt=day.attempt)
    for incident in undecided_incidents(day.attempt):
        dismiss(incident, now=day.now)
    reviewing.give_verdict(case.id, reviewer=pia(), outcome=outcome, note=note, now=day.now)


def dismiss(incident: Incident, *, now: datetime) -> None:
    reviewing.decide_incident(incident.id, reviewer=pia(), judgement="dismissed", reason="a poster", now=now)


def policy(now: datetime, review_policy: str) -> ExamDay:
    day = exam_day(now, review_policy=review_policy)
    day.start()
    return day


def let_settle(day: ExamDay, settle: Settle) -> None:
    settle(now=day.now)
    day.pass_by(seconds=6)
    release_what_may(now=day.now)
    settle(now=day.now)


def result() -> Result:
    return Result.objects.get()


@pytest.mark.parametrize("order", list(permutations(["score", "seal", "verdict"])))
def test_cleared_and_passed_is_released_whatever_came_last(
    running: ExamDay, settle: Settle, order: tuple[str, ...]
) -> None:
    running.score(None, grading_progress="Pending")
    settle(now=running.now)
    steps: dict[str, Callable[[], object]] = {
        "score": lambda: running.score(84),
        "seal": running.seal,
        "verdict": lambda: judge(running),
    }
    for name in order:
        assert running.state == State.SUBMITTED
        running.pass_by(seconds=10)
        steps[name]()
        settle(now=running.now)
    let_settle(running, settle)
    assert (running.state, running.attempt.passed) == (State.RELEASED, True)
    assert result().state == Result.State.RELEASED
    fact = Entry.objects.get(fact_type="proctoring.attempt_released")
    assert fact.payload["passed"] is True


def test_nothing_is_released_before_the_settle_delay(running: ExamDay, settle: Settle) -> None:
    hand_in(running, settle)
    running.seal()
    judge(running)
    settle(now=running.now)
    assert not releasing.consider(running.attempt.id, now=running.now + timedelta(seconds=4))
    assert releasing.consider(running.attempt.id, now=running.now + timedelta(seconds=5))
    assert not releasing.consider(running.attempt.id, now=running.now + timedelta(seconds=6))


def test_nothing_is_released_while_the_recording_is_open(running: ExamDay, settle: Settle) -> None:
    hand_in(running, settle)
    judge(running)
    let_settle(running, settle)
    assert running.state == State.SUBMITTED
    sessions.end(running.session.id, now=running.now)
    let_settle(running, settle)
    assert running.state == State.SUBMITTED


def test_cleared_but_failed_is_released_as_failed(running: ExamDay, settle: Settle) -> None:
    hand_in(running, settle, given=40)
    running.seal()
    judge(running)
    let_settle(running, settle)
    assert (running.state, running.attempt.passed) == (State.RELEASED, False)


@pytest.mark.parametrize("outcome", ["violation_minor", "violation_major", "identity_mismatch"])
def test_passed_but_rejected_counts_for_nothing(running: ExamDay, settle: Settle, outcome: str) -> None:
    hand_in(running, settle)
    judge(running, outcome, "A second person answers.")
    assert (running.state, result().state) == (State.INVALIDATED, Result.State.VOID)
    let_settle(running, settle)
    assert Entry.objects.get(fact_type="proctoring.attempt_invalidated").payload["outcome"] == outcome
    assert not Entry.objects.filter(fact_type="proctoring.attempt_released").exists()


def test_a_technical_retake_uses_no_attempt_up(now: datetime, settle: Settle) -> None:
    day = exam_day(now, attempts_allowed=1)
    day.start()
    hand_in(day, settle)
    judge(day, "technical_retake", "The camera froze.")
    settle(now=day.now)
    assert (day.state, result().state) == (State.VOIDED, Result.State.VOID)
    assert day.begin().number == 2


def test_a_rejection_after_the_release_withdraws_the_result(running: ExamDay, settle: Settle) -> None:
    hand_in(running, settle)
    running.seal()
    judge(running)
    let_settle(running, settle)
    with pytest.raises(CaseNotOpen):
        judge(running)
    judge(running, "identity_mismatch", "Found later.")
    assert (running.state, result().state) == (State.INVALIDATED, Result.State.VOID)


@pytest.mark.parametrize("own_score", [None, 40])
def test_the_score_of_another_tool_that_names_the_attempt_releases_nothing(
    running: ExamDay, settle: Settle, own_score: int | None
) -> None:
    theirs = make_line_item(running.exam.proctoring_link)
    said = submission(running.person, at=running.now, given=100)
    accept(theirs, said, binding=str(running.attempt.id), now=running.now)
    running.score(own_score, grading_progress="FullyGraded" if own_score else "Pending")
    settle(now=running.now)
    running.seal()
    judge(running)
    let_settle(running, settle)
    expected = (State.RELEASED, False) if own_score else (State.SUBMITTED, None)
    assert (running.state, running.attempt.passed) == expected


def test_no_review_where_the_policy_asks_for_none(now: datetime, settle: Settle) -> None:
    day = policy(now, "not_required")
    hand_in(day, settle).seal()
    let_settle(day, settle)
    assert day.state == State.RELEASED


def test_a_clean_recording_needs_nobody_where_only_flags_are_reviewed(now: datetime, settle: Settle) -> None:
    day = policy(now, "flagged")
    day.control("flag", incident_severity=0)
    hand_in(day, settle)
    assert not ReviewCase.objects.exists()
    day.seal()
    let_settle(day, settle)
    assert (day.state, ReviewCase.objects.get().state) == (State.RELEASED, ReviewCase.State.NOT_REQUIRED)


@pytest.mark.parametrize("what", ["flag", "gap", "terminate"])
def test_what_is_not_clean_waits_for_a_person(now: datetime, settle: Settle, what: str) -> None:
    day = policy(now, "flagged")
    if what == "flag":
        day.control("flag", incident_severity=0.4)
    if what == "terminate":
        day.control("terminate")
    hand_in(day, settle).seal(complete=what != "gap")
    let_settle(day, settle)
    assert day.state in (State.SUBMITTED, State.TERMINATED)
    assert ReviewCase.objects.get().state == ReviewCase.State.WAITING


def test_a_flag_that_comes_late_stops_a_release_that_needed_nobody(now: datetime, settle: Settle) -> None:
    day = policy(now, "flagged")
    hand_in(day, settle).seal()
    settle(now=day.now)
    assert ReviewCase.objects.get().state == ReviewCase.State.NOT_REQUIRED
    day.control("flag", incident_severity=0.9)
    let_settle(day, settle)
    assert (day.state, ReviewCase.objects.get().state) == (State.SUBMITTED, ReviewCase.State.WAITING)


@pytest.mark.parametrize("review_policy", ["always", "flagged"])
@pytest.mark.parametrize("outcome", ["clear", "identity_mismatch"])
def test_what_is_flagged_after_the_release_comes_before_a_person(
    now: datetime, settle: Settle, review_policy: str, outcome: str
) -> None:
    day = policy(now, review_policy)
    hand_in(day, settle).seal()
    settle(now=day.now)
    if review_policy == "always":
        judge(day)
    let_settle(day, settle)
    assert day.state == State.RELEASED
    day.control("flag", incident_severity=0.9, reason_code="somebody_else", incident_time=now.isoformat())
    assert ReviewCase.objects.get().state == ReviewCase.State.WAITING
    judge(day, outcome, "Looked again.")
    let_settle(day, settle)
    expected = State.RELEASED if outcome == "clear" else State.INVALIDATED
    assert (day.state, ReviewCase.objects.get().state) == (expected, ReviewCase.State.DECIDED)


def test_a_flag_after_the_release_changes_nothing_where_nobody_reviews(now: datetime, settle: Settle) -> None:
    day = policy(now, "not_required")
    hand_in(day, settle).seal()
    let_settle(day, settle)
    day.control("flag", incident_severity=0.9)
    assert (day.state, ReviewCase.objects.get().state) == (State.RELEASED, ReviewCase.State.NOT_REQUIRED)


def test_an_attempt_the_proctor_ended_is_released_only_by_a_person(now: datetime, settle: Settle) -> None:
    day = policy(now, "not_required")
    day.control("terminate")
    settle(now=day.now)
    day.score(90, at=day.pass_by(seconds=20))
    day.seal()
    let_settle(day, settle)
    assert day.state == State.TERMINATED
    judge(day)
    let_settle(day, settle)
    assert (day.state, day.attempt.passed) == (State.RELEASED, True)


class TestReviewing:
    def test_the_case_is_as_severe_as_the_worst_incident_that_stands(
        self, running: ExamDay, settle: Settle
    ) -> None:
        running.control("flag", incident_severity=0.9, reason_code="a")
        running.control("flag", incident_severity=0.3, reason_code="b")
        hand_in(running, settle)
        case = ReviewCase.objects.get()
        worst = Incident.objects.get(reason_code="a")
        assert float(case.severity) == 0.9
        dismiss(worst, now=running.now)
        case.refresh_from_db()
        assert (float(case.severity), IncidentDecision.objects.get().reason) == (0.3, "a poster")

    def test_a_decision_needs_a_reason_and_a_known_word(self, running: ExamDay) -> None:
        running.control("flag")
        incident = Incident.objects.get()
        with pytest.raises(ReasonMissing):
            reviewing.decide_incident(
                incident.id, reviewer=pia(), judgement="dismissed", reason=" ", now=running.now
            )
        with pytest.raises(OutcomeUnknown):
            reviewing.decide_incident(
                incident.id, reviewer=pia(), judgement="ignored", reason="x", now=running.now
            )

    def test_nobody_judges_their_own_exam(self, running: ExamDay, settle: Settle) -> None:
        hand_in(running, settle)
        me = grant(running.person, "proctor")
        case = ReviewCase.objects.get()
        with pytest.raises(OwnSession):
            reviewing.give_verdict(case.id, reviewer=me, outcome="clear", note="", now=running.now)
        assert not reviewing.queue(me).exists()

    @pytest.mark.parametrize(
        ("outcome", "error"), [("fine", OutcomeUnknown), ("violation_major", ReasonMissing)]
    )
    def test_a_verdict_is_one_of_seven_and_says_why(
        self, running: ExamDay, settle: Settle, outcome: str, error: type[Exception]
    ) -> None:
        hand_in(running, settle)
        with pytest.raises(error):
            judge(running, outcome)

    def test_what_the_reviewer_saw_is_kept(self, running: ExamDay, settle: Settle) -> None:
        hand_in(running, settle)
        before = reviewing.incidents_digest(running.attempt)
        running.control("flag")
        judge(running)
        verdict = ReviewCase.objects.get().verdicts.get()
        assert verdict.incidents_digest == reviewing.incidents_digest(running.attempt) != before

    def test_a_verdict_may_be_replaced_until_it_took_effect(self, running: ExamDay, settle: Settle) -> None:
        hand_in(running, settle)
        judge(running)
        judge(running, "violation_major", "On second thoughts.")
        assert (running.state, ReviewCase.objects.get().verdicts.count()) == (State.INVALIDATED, 2)

    def test_what_comes_up_after_the_verdict_is_judged_before_it_takes_effect(
        self, running: ExamDay, settle: Settle
    ) -> None:
        hand_in(running, settle).seal()
        judge(running)
        running.control("flag", incident_severity=0.9, reason_code="late")
        let_settle(running, settle)
        assert (running.state, ReviewCase.objects.get().state) == (State.SUBMITTED, ReviewCase.State.WAITING)
        judge(running)
        let_settle(running, settle)
        assert running.state == State.RELEASED

    def test_the_queue_shows_the_worst_first_and_only_to_who_may_review(
        self, running: ExamDay, settle: Settle
    ) -> None:
        hand_in(running, settle)
        worse = exam_day(running.now)
        worse.start()
        worse.control("flag", incident_severity=0.7)
        hand_in(worse, settle)
        found = reviewing.queue(pia())
        assert [case.attempt_id for case in found] == [worse.attempt.id, running.attempt.id]
        assert list(found.values_list("flags", "open_flags")) == [(1, 1), (0, 0)]  # type: ignore[misc]
        assert not reviewing.queue(pia(make_organization("Other Company"))).exists()
        assert not reviewing.queue(running.person).exists()


@pytest.mark.django_db(transaction=True)
def test_a_correction_that_comes_during_the_release_is_not_overlooked(now: datetime, settle: Settle) -> None:
    day = policy(now, "not_required")
    hand_in(day, settle).seal()
    settle(now=day.now)
    arriving, later = Event(), day.pass_by(seconds=30)

    def correct() -> bool:
        with transaction.atomic():
            day.score(40)
            arriving.set()
            time.sleep(0.5)  # not committed yet
        return True

    def release() -> bool:
        return arriving.wait(10) and releasing.consider(day.attempt.id, now=later)

    assert together(correct, release) == [True, False]
    assert (day.state, result().state) == (State.SUBMITTED, Result.State.HELD)


def test_staff_void_an_attempt_with_a_reason(running: ExamDay, settle: Settle) -> None:
    hand_in(running, settle)
    releasing.void(running.attempt.id, note="Fire alarm.", now=running.now)
    assert (running.state, result().state) == (State.VOIDED, Result.State.VOID)
    with pytest.raises(IllegalMove):
        releasing.void(running.attempt.id, note="Again.", now=running.now)


def test_sealing_is_considered_for_each_session(running: ExamDay, settle: Settle) -> None:
    first = running.session
    running.open_proctoring()
    running.check_in()
    hand_in(running, settle)
    judge(running)
    running.seal()
    let_settle(running, settle)
    assert running.state == State.SUBMITTED
    sessions.mark_sealed(first.id, complete=True, coverage_percent=None, now=running.now)
    let_settle(running, settle)
    assert Attempt.objects.get().state == State.RELEASED
