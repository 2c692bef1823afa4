"""Sessions of the proctoring tool, and their one-time session_data."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from proctoring import connection, deadlines, sessions
from proctoring.errors import AttemptUnknown, SessionDataExpired, SessionDataUsed
from proctoring.models import Incident, Session
from proctoring.transitions import State
from tests.proctoring.exam_day import ExamDay

pytestmark = pytest.mark.django_db
Settle = Callable[..., int]


def test_only_a_digest_of_session_data_is_kept(day: ExamDay) -> None:
    day.begin()
    assert len(day.session_data) >= 43
    row = Session.objects.values().get()
    assert day.session_data not in [str(value) for value in row.values()]


def test_every_call_of_the_tool_renews_session_data(day: ExamDay) -> None:
    day.begin()
    for _hour in range(3):
        sessions.heard(day.session.id, now=day.pass_by(hours=3))
    assert day.check_in().state == State.RUNNING


def test_session_data_that_has_expired_is_not_renewed(day: ExamDay) -> None:
    day.begin()
    sessions.heard(day.session.id, now=day.pass_by(hours=4))
    with pytest.raises(SessionDataExpired):
        day.check_in()


def test_a_new_session_takes_over_from_the_one_before(running: ExamDay) -> None:
    first = running.session
    running.pass_by(minutes=3)
    running.open_proctoring()
    running.check_in()
    first.refresh_from_db()
    assert (first.state, first.ended_at) == (Session.State.ENDED, running.now)
    assert running.session.state == Session.State.RECORDING
    assert (running.state, running.attempt.transitions.filter(event="start").count()) == (State.RUNNING, 1)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("how", ["taken over", "ended", "sealed"])
def test_a_session_that_is_over_starts_nothing_any_more(running: ExamDay, how: str) -> None:
    running.open_proctoring()
    late, session = running.token(), running.session
    if how == "taken over":
        running.open_proctoring()
        running.check_in()
    else:
        sessions.end(session.id, now=running.now)
    if how == "sealed":
        running.seal()
    with pytest.raises(SessionDataUsed):
        running.post(late)
    session.refresh_from_db()
    assert session.state not in sessions.LIVE
    assert session.session_data_used_at is None


def test_a_tool_opened_in_the_moment_of_the_end_holds_no_result_back(
    running: ExamDay, settle: Settle
) -> None:
    running.control("terminate")
    settle(now=running.now)
    running.open_proctoring()  # its launch had been judged while the exam still ran
    deadlines.end_overdue_sessions(now=running.pass_by(minutes=30))
    running.session.refresh_from_db()
    assert running.session.state == Session.State.ENDED


def test_checking_in_again_continues_after_a_lost_connection(running: ExamDay) -> None:
    connection.seen(running.attempt.id, was_lost=True, now=running.now)
    assert running.state == State.PAUSED
    running.open_proctoring()
    assert running.check_in().state == State.RUNNING


def test_recording_that_ends_during_the_exam_is_an_incident(running: ExamDay) -> None:
    sessions.end(running.session.id, now=running.now)
    sessions.end(running.session.id, now=running.now)
    assert Incident.objects.get().reason_code == "proctoring_ended_early"
    assert running.state == State.RUNNING


def test_an_incomplete_recording_is_flagged_and_fails_nobody(running: ExamDay) -> None:
    running.seal()
    Incident.objects.all().delete()
    sessions.mark_sealed(
        running.session.id, complete=False, coverage_percent=Decimal("61.5"), now=running.now
    )
    session = Session.objects.get()
    assert (session.state, session.coverage_percent) == (Session.State.INCOMPLETE, Decimal("61.5"))
    assert Incident.objects.get().reason_code == "recording_incomplete"
    assert running.state == State.RUNNING


def test_there_must_be_a_session(running: ExamDay) -> None:
    with pytest.raises(AttemptUnknown):
        sessions.end(running.attempt.id, now=running.now + timedelta(1))
