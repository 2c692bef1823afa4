"""Sweeps of the proctoring deadlines."""

from datetime import datetime

from lti_platform.journal.schedule import every
from proctoring import deadlines


@every(seconds=5, is_vital=True)
def sweep_clocks(*, now: datetime) -> None:
    deadlines.run_clocks_out(now=now)
    deadlines.notice_lost_connections(now=now)


@every(seconds=5)
def sweep_releases(*, now: datetime) -> None:
    deadlines.release_what_may(now=now)


@every(seconds=60)
def sweep_silences(*, now: datetime) -> None:
    deadlines.notice_silent_tools(now=now)
    deadlines.notice_missing_scores(now=now)
    deadlines.give_up_check_ins(now=now)
    deadlines.interrupt_long_pauses(now=now)


@every(seconds=30)
def sweep_sessions(*, now: datetime) -> None:
    deadlines.end_overdue_sessions(now=now)
    deadlines.seal_overdue_sessions(now=now)
