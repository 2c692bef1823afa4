"""Who may begin an exam, and which rule says no."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from proctoring import errors
from proctoring.eligibility import Applicant, require_eligible
from proctoring.models import Attempt, Exam

State = Attempt.State


def exam(**rules: Any) -> Exam:
    return Exam(**{"title": "Refrigerant handling", "attempts_allowed": 2, **rules})


def tried(state: State, now: datetime, **fields: Any) -> Attempt:
    """An attempt that ended two hours ago."""
    ended = now - timedelta(hours=2)
    return Attempt(**{"state": state, "started_at": ended, "ended_at": ended, "passed": False, **fields})


def judge(now: datetime, *attempts: Attempt, of: Exam | None = None, **changes: Any) -> None:
    applicant = Applicant(**{"is_in_standing": True, "is_member": True, "attempts": attempts, **changes})
    require_eligible(applicant, exam=of or exam(), now=now)


def test_a_member_in_standing_may_begin(now: datetime) -> None:
    judge(now)


@pytest.mark.parametrize(
    ("rules", "error"),
    [
        ({"is_published": False}, errors.ExamUnpublished),
        ({"opens_at": timedelta(microseconds=1)}, errors.ExamNotOpenYet),
        ({"closes_at": timedelta()}, errors.ExamClosed),
    ],
)
def test_the_exam_must_be_open(now: datetime, rules: dict[str, Any], error: type[Exception]) -> None:
    shifted = {name: now + value if isinstance(value, timedelta) else value for name, value in rules.items()}
    with pytest.raises(error):
        judge(now, of=exam(**shifted))


def test_it_opens_on_the_second_and_is_open_until_it_closes(now: datetime) -> None:
    judge(now, of=exam(opens_at=now, closes_at=now + timedelta(microseconds=1)))


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"is_in_standing": False}, errors.NotInStanding), ({"is_member": False}, errors.NotAMember)],
)
def test_the_person_must_be_one_of_the_course(
    now: datetime, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        judge(now, **changes)


def test_two_attempts_are_two(now: datetime) -> None:
    failed = tried(State.RELEASED, now)
    judge(now, failed)
    with pytest.raises(errors.AttemptsUsedUp):
        judge(now, failed, tried(State.INVALIDATED, now))


def test_void_attempts_and_check_ins_that_came_to_nothing_do_not_count(now: datetime) -> None:
    retake, unstarted = tried(State.VOIDED, now), tried(State.ABANDONED, now, started_at=None)
    judge(now, retake, unstarted, tried(State.RELEASED, now))


def test_the_wait_runs_from_the_end_of_the_last_attempt(now: datetime) -> None:
    failed = tried(State.RELEASED, now)
    with pytest.raises(errors.WaitNotOver) as caught:
        judge(now, failed, of=exam(wait_minutes=180))
    assert caught.value.until == now + timedelta(hours=1)
    judge(now, failed, of=exam(wait_minutes=120))


@pytest.mark.parametrize("state", [State.SUBMITTED, State.TERMINATED])
def test_nobody_begins_again_before_the_result(now: datetime, state: State) -> None:
    with pytest.raises(errors.ResultAwaited):
        judge(now, tried(state, now))


def test_who_has_passed_has_passed(now: datetime) -> None:
    with pytest.raises(errors.AlreadyPassed):
        judge(now, tried(State.RELEASED, now, passed=True))
