"""An exam day to play with."""

from datetime import datetime

import pytest

from tests.proctoring.exam_day import ExamDay, exam_day


@pytest.fixture
def day(now: datetime) -> ExamDay:
    """Lena's exam day, before she presses Start."""
    return exam_day(now)


@pytest.fixture
def running(day: ExamDay) -> ExamDay:
    """Lena's exam day with the clock running."""
    day.start()
    return day
