"""What workers run for the journal: take an id, call one function."""

from datetime import datetime
from uuid import UUID

from celery import shared_task

from lti_platform.journal import clock, ringing, schedule, sealing, working


@shared_task(name=ringing.REACT, ignore_result=True)
def react(entry_id: str) -> None:
    working.run_entry(UUID(entry_id), now=clock.now())


@shared_task(name="journal.run_periodic", ignore_result=True)
def run_periodic(name: str) -> None:
    schedule.run(name, now=clock.now())


@schedule.every(seconds=3, is_vital=True)
def sweep_reactions(*, now: datetime) -> None:
    working.run_due(now=now)


@schedule.every(seconds=10)
def seal_entries(*, now: datetime) -> None:
    sealing.seal_pending(now=now)
