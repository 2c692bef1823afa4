"""What a score means for the attempt, depending on when it comes."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from gradebook.models import Result
from proctoring.deadlines import interrupt_long_pauses, run_clocks_out
from proctoring.models import Attempt, Incident, ReviewCase
from proctoring.transitions import State
from tests.factories import lena, make_membership
from tests.proctoring.exam_day import ExamDay, exam_day

pytestmark = pytest.mark.django_db
Settle = Callable[..., int]


def incidents() -> list[str]:
    return [incident.reason_code for incident in Incident.objects.order_by("received_at")]


@pytest.mark.parametrize("progress", ["Submitted", "Completed"])
def test_work_handed_in_hands_the_attempt_in(running: ExamDay, settle: Settle, progress: str) -> None:
    running.pass_by(minutes=20)
    running.score(84, activity_progress=progress)
    settle(now=running.now)
    attempt = running.fresh()
    assert (attempt.state, attempt.percent, attempt.passed) == (State.SUBMITTED, Decimal(84), True)
    assert incidents() == []


def test_a_score_on_the_way_leaves_the_clock_running(running: ExamDay, settle: Settle) -> None:
    running.score(None, activity_progress="InProgress", grading_progress="NotReady")
    settle(now=running.now)
    assert (running.state, running.attempt.percent) == (State.RUNNING, None)


def test_grading_that_follows_makes_it_scorable(running: ExamDay, settle: Settle) -> None:
    running.score(None, grading_progress="PendingManual")
    settle(now=running.now)
    assert (running.state, running.attempt.scored_at) == (State.SUBMITTED, None)
    running.pass_by(days=1)
    running.score(69)
    settle(now=running.now)
    attempt = running.fresh()
    assert (attempt.passed, attempt.scored_at, incidents()) == (False, running.now, [])


def test_a_grade_taken_back_is_no_grade(running: ExamDay, settle: Settle) -> None:
    running.score(90)
    settle(now=running.now)
    running.pass_by(seconds=5)
    running.score(90, grading_progress="Pending")
    settle(now=running.now)
    assert (running.fresh().passed, running.attempt.scored_at) == (None, None)


def test_zero_is_a_score(running: ExamDay, settle: Settle) -> None:
    running.score(0)
    settle(now=running.now)
    assert (running.fresh().percent, running.attempt.passed) == (Decimal(0), False)


def test_work_handed_in_while_paused_counts(running: ExamDay, settle: Settle) -> None:
    running.control("pause")
    running.score()
    settle(now=running.now)
    assert running.state == State.SUBMITTED


def test_a_score_after_the_clock_ran_out_is_kept_and_put_before_a_person(now: object, settle: Settle) -> None:
    day = exam_day(now, review_policy="not_required")  # type: ignore[arg-type]
    day.start()
    run_clocks_out(now=day.pass_by(minutes=61))
    settle(now=day.now)
    assert ReviewCase.objects.get().state == ReviewCase.State.NOT_REQUIRED
    day.score(at=day.pass_by(minutes=1))
    settle(now=day.now)
    day.seal()
    settle(now=day.pass_by(minutes=5))
    assert (day.state, incidents()) == (State.SUBMITTED, ["score_after_end"])
    assert ReviewCase.objects.get().state == ReviewCase.State.WAITING
    assert Result.objects.get().state == Result.State.HELD


def test_a_score_after_the_proctor_ended_the_exam_settles_nothing(running: ExamDay, settle: Settle) -> None:
    running.control("terminate")
    settle(now=running.now)
    running.score(100, at=running.pass_by(seconds=30))
    settle(now=running.now)
    running.seal()
    settle(now=running.pass_by(hours=1))
    assert running.state == State.TERMINATED
    assert "score_after_end" in incidents()


def test_a_score_during_an_interruption_waits_for_a_person(running: ExamDay, settle: Settle) -> None:
    running.control("pause")
    interrupt_long_pauses(now=running.pass_by(hours=4))
    running.score()
    settle(now=running.now)
    assert (running.state, incidents()[-1]) == (State.INTERRUPTED, "score_while_interrupted")


def test_a_score_before_the_start_starts_nothing(day: ExamDay, settle: Settle) -> None:
    day.begin()
    day.score()
    settle(now=day.now)
    assert (day.state, incidents()) == (State.CHECKING_IN, ["score_before_start"])


def test_a_score_without_attempt_is_matched_to_the_time_the_clock_ran(
    running: ExamDay, settle: Settle
) -> None:
    running.pass_by(minutes=20)
    running.score(75, binding="", submitted_at=running.now - timedelta(minutes=1))
    settle(now=running.now)
    assert (running.state, running.attempt.passed) == (State.SUBMITTED, True)
    assert Result.objects.get().binding == str(running.attempt.id)


def test_a_score_that_fits_no_time_is_held_for_a_person(running: ExamDay, settle: Settle) -> None:
    running.pass_by(hours=5)
    running.score(75, binding="", submitted_at=running.now - timedelta(hours=9))
    settle(now=running.now)
    assert (running.state, incidents()) == (State.RUNNING, ["score_unmatched"])
    assert Result.objects.get().binding == ""


def test_a_score_for_the_attempt_of_another_hands_nothing_in(running: ExamDay, settle: Settle) -> None:
    other = exam_day(running.now, person=lena())
    other.start()
    make_membership(other.person, running.exam.context)
    mine = ExamDay(exam=running.exam, person=other.person, now=running.now)
    mine.attempt = running.attempt
    mine.score(100)
    settle(now=running.now)
    assert set(Attempt.objects.values_list("state", flat=True)) == {State.RUNNING}


def test_the_same_score_told_twice_changes_nothing_more(running: ExamDay, settle: Settle) -> None:
    for _time in range(2):
        running.score(84)
        settle(now=running.now)
    assert running.fresh().transitions.filter(event="submit").count() == 1
