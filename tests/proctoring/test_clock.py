"""The exam clock counts what ran, to the microsecond."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring import clock
from proctoring.deadlines import run_clocks_out
from proctoring.models import RunningInterval
from proctoring.transitions import State
from tests.proctoring.exam_day import ExamDay

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
seconds = st.floats(min_value=0, max_value=10_000, allow_nan=False)


@given(st.lists(st.tuples(seconds, seconds), max_size=20))
def test_the_time_used_is_the_sum_of_the_stretches(stretches: list[tuple[float, float]]) -> None:
    moment, intervals, total = START, [], timedelta()
    for pause, run in stretches:
        begun = moment + timedelta(seconds=pause)
        moment = begun + timedelta(seconds=run)
        intervals.append((begun, moment))
        total += moment - begun
    assert clock.used(intervals, now=moment + timedelta(days=1)) == total


def test_a_clock_that_was_set_back_takes_nothing_away() -> None:
    backwards = [(START, START - timedelta(seconds=5)), (START, START + timedelta(seconds=2))]
    assert clock.used(backwards, now=START) == timedelta(seconds=2)


def test_a_change_to_summer_time_costs_nobody_an_hour() -> None:
    before = datetime(
        2026, 3, 8, 7, 30, tzinfo=UTC
    )  # 01:30 in Chicago, where 02:00 does not exist that night
    assert clock.used([(before, None)], now=before + timedelta(hours=1)) == timedelta(hours=1)


@pytest.mark.django_db
class TestOfAnAttempt:
    def test_it_runs_only_between_start_and_pause(self, day: ExamDay) -> None:
        day.begin()
        day.pass_by(minutes=20)
        day.check_in()
        day.pass_by(minutes=10, microseconds=1)
        day.control("pause")
        day.pass_by(minutes=30)
        assert clock.left(day.fresh(), now=day.now) == timedelta(minutes=50) - timedelta(microseconds=1)
        assert day.fresh().ends_by is None

    def test_it_goes_on_with_what_was_left(self, running: ExamDay) -> None:
        running.pass_by(minutes=10)
        running.control("pause")
        running.pass_by(minutes=5)
        running.control("resume")
        assert running.fresh().ends_by == running.now + timedelta(minutes=50)

    def test_the_exams_minutes_are_those_of_the_start(self, running: ExamDay) -> None:
        type(running.exam).objects.update(minutes=5)
        assert clock.seconds_left(running.fresh(), now=running.now) == 3600

    def test_when_it_has_run_out_the_exam_is_handed_in(self, running: ExamDay) -> None:
        running.pass_by(minutes=60, microseconds=-1)
        assert run_clocks_out(now=running.now) == 0
        running.pass_by(seconds=3)
        assert run_clocks_out(now=running.now) == 1
        assert (running.state, running.attempt.ended_by) == (State.SUBMITTED, "time_out")
        assert clock.seconds_left(running.attempt, now=running.now) == 0

    def test_never_do_two_stretches_run_at_once(self, running: ExamDay) -> None:
        running.control("pause")
        running.control("resume")
        assert RunningInterval.objects.filter(attempt=running.attempt, ended_at=None).count() == 1
