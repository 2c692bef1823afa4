"""Periodic work about keys, which keep no clock of their own, and what tools used once."""

from datetime import datetime

from keys import replay
from lti_platform.journal.schedule import every
from lti_platform.tools import calls, signing_keys


@every(seconds=300)
def forget_used_values(*, now: datetime) -> None:
    replay.sweep(now=now)


@every(seconds=3600)
def destroy_retired_keys(*, now: datetime) -> None:
    signing_keys.destroy_overdue(now=now)


@every(seconds=3600)
def rotate_keys_that_are_due(*, now: datetime) -> None:
    signing_keys.rotate_due(now=now)


@every(seconds=3600)
def forget_old_calls(*, now: datetime) -> None:
    calls.forget_old(now=now)
