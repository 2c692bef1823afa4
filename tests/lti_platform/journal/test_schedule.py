"""Periodic work: one worker at a time, and an end that is kept when it was a good one."""

from datetime import datetime, timedelta

import pytest

from lti_platform.journal import schedule
from lti_platform.journal.models import ScheduledRun
from lti_platform.journal.schedule import every

pytestmark = pytest.mark.django_db
HERE = __name__


@every(seconds=3600)
def sweep_well(*, now: datetime) -> None:
    assert not schedule.run(f"{HERE}:sweep_well", now=now)  # it is in our hands


@every(seconds=3600)
def sweep_badly(*, now: datetime) -> None:
    raise RuntimeError("the sweep was told to fail")


def test_a_job_is_in_one_workers_hands_and_its_end_is_kept(now: datetime) -> None:
    assert schedule.run(f"{HERE}:sweep_well", now=now)
    kept = ScheduledRun.objects.get()
    assert kept.ran_at
    assert kept.ran_at >= now
    assert kept.leased_until is None


def test_a_sweep_that_fails_has_not_run_and_may_be_taken_again(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("CRITICAL"):
        assert not schedule.run(f"{HERE}:sweep_badly", now=now)
    kept = ScheduledRun.objects.get()
    assert (kept.ran_at, kept.lease) == (None, None)


def test_the_good_end_before_a_failure_stays_the_last(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    before = now - timedelta(hours=1)
    ScheduledRun.objects.create(name=f"{HERE}:sweep_badly", ran_at=before)
    with caplog.at_level("CRITICAL"):
        schedule.run(f"{HERE}:sweep_badly", now=now)
    assert ScheduledRun.objects.get().ran_at == before
