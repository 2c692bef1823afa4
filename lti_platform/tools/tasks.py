"""Periodic work about keys, which keep no clock of their own, and what tools used once."""

from datetime import datetime

from keys import replay, rotation
from lti_platform.journal.schedule import every


@every(seconds=300)
def forget_used_values(*, now: datetime) -> None:
    replay.sweep(now=now)


@every(seconds=3600)
def destroy_retired_keys(*, now: datetime) -> None:
    rotation.sweep(now=now)
