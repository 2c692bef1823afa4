"""Lena's contract ends while she has an exam open."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from lti_platform.people import enrolling
from proctoring import departing, sessions
from proctoring.models import Attempt, ReviewCase, Transition
from proctoring.transitions import State
from tests.factories import make_membership, make_person
from tests.proctoring.exam_day import ExamDay

pytestmark = pytest.mark.django_db
Settle = Callable[..., int]


def let_go(day: ExamDay) -> None:
    """The daily look at contracts finds hers over."""
    day.person.contract_end = date(2026, 3, 1)
    day.person.save()
    assert enrolling.end_contracts(on=date(2026, 3, 2), now=day.now) == 1


def test_a_running_exam_ends_with_its_reason_and_waits_for_a_person(running: ExamDay, settle: Settle) -> None:
    running.pass_by(minutes=10)
    let_go(running)
    settle(now=running.now)
    assert running.state == State.TERMINATED
    assert Transition.objects.get(event="terminate").reason_code == "contract_ended"
    assert ReviewCase.objects.get(attempt=running.attempt).state == ReviewCase.State.WAITING
    running.session.refresh_from_db()
    assert running.session.collect_until is not None


def test_a_check_in_not_finished_is_closed_and_its_session_ends(day: ExamDay, settle: Settle) -> None:
    day.begin()
    let_go(day)
    settle(now=day.now)
    assert day.state == State.ABANDONED
    day.session.refresh_from_db()
    assert day.session.ended_at == day.now
    assert day.session.state not in sessions.LIVE


def test_told_twice_it_ends_once(running: ExamDay, settle: Settle) -> None:
    let_go(running)
    settle(now=running.now)
    assert departing.end_attempts_of(running.person.pk, now=running.now) == 0
    assert Transition.objects.filter(event="terminate").count() == 1


def test_who_may_act_again_by_then_goes_on(running: ExamDay, settle: Settle) -> None:
    let_go(running)
    running.person.status, running.person.contract_end = "active", date(2026, 3, 31)
    running.person.save()
    settle(now=running.now + timedelta(minutes=1))
    assert running.state == State.RUNNING


def test_nobody_elses_exam_ends(running: ExamDay, settle: Settle) -> None:
    other = ExamDay(exam=running.exam, person=make_person("Mateo", "Alvarez"), now=running.now)
    make_membership(other.person, running.exam.context)
    other.start()
    let_go(running)
    settle(now=running.now)
    assert set(Attempt.objects.values_list("state", flat=True)) == {State.TERMINATED, State.RUNNING}
    assert other.state == State.RUNNING
