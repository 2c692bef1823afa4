"""May this person begin the exam now? Pure: everything known is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from proctoring.errors import (
    AlreadyPassed,
    AttemptsUsedUp,
    ExamClosed,
    ExamNotOpenYet,
    ExamUnpublished,
    NotAMember,
    NotInStanding,
    ResultAwaited,
    WaitNotOver,
)
from proctoring.models import Attempt, Exam
from proctoring.transitions import ENDED


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """What is known of a person who wants to begin: standing, place in the course, attempts so far."""

    is_in_standing: bool
    is_member: bool
    attempts: Sequence[Attempt] = ()


def counted(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Those that use up an attempt: started, and not declared void."""
    return [one for one in attempts if one.started_at is not None and one.state != Attempt.State.VOIDED]


def require_eligible(applicant: Applicant, *, exam: Exam, now: datetime) -> None:
    """Nothing, if the person may begin a new attempt. Raises the NotEligible that names the first broken rule."""
    _require_window(exam, now=now)
    if not applicant.is_in_standing:
        raise NotInStanding
    if not applicant.is_member:
        raise NotAMember
    _require_result(applicant.attempts)
    _require_attempt_left(counted(applicant.attempts), exam=exam, now=now)


def _require_window(exam: Exam, *, now: datetime) -> None:
    if not exam.is_published:
        raise ExamUnpublished
    if exam.opens_at and now < exam.opens_at:
        raise ExamNotOpenYet(opens_at=exam.opens_at)
    if exam.closes_at and now >= exam.closes_at:
        raise ExamClosed


def _require_result(attempts: Sequence[Attempt]) -> None:
    if any(one.state in ENDED for one in attempts):
        raise ResultAwaited
    if any(one.state == Attempt.State.RELEASED and one.passed for one in attempts):
        raise AlreadyPassed


def _require_attempt_left(used: Sequence[Attempt], *, exam: Exam, now: datetime) -> None:
    if len(used) >= exam.attempts_allowed:
        raise AttemptsUsedUp
    last = max((one.ended_at for one in used if one.ended_at), default=None)
    if last and now < (until := last + timedelta(minutes=exam.wait_minutes)):
        raise WaitNotOver(until=until)
