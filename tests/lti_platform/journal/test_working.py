from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from lti_platform.journal import working
from lti_platform.journal.models import Reaction
from lti_platform.journal.recording import record
from lti_platform.people.models import Organization
from tests.clocks import stopped, walking
from tests.lti_platform.journal.probe import reactions  # noqa: F401  (registers the reaction)
from tests.lti_platform.journal.probe.facts import Probed, ProbedAtLength

pytestmark = pytest.mark.django_db


def recorded(now: datetime, **fields: object) -> Reaction:
    with transaction.atomic():
        entry = record(Probed(**{"name": "effect", **fields}), now=now)  # type: ignore[arg-type]
    return entry.reactions.get()


def effects() -> list[str]:
    return list(Organization.objects.values_list("name", flat=True))


def test_due_work_is_done_once(now: datetime, settle: Callable[..., int]) -> None:
    recorded(now)
    assert settle() == 1
    assert settle() == 0
    assert effects() == ["effect|"]


def test_two_workers_cannot_claim_the_same_reaction(now: datetime) -> None:
    reaction = recorded(now)
    assert working.claim(reaction.pk, now=now) is not None
    assert working.claim(reaction.pk, now=now) is None


def test_the_lease_of_a_dead_worker_is_taken_over(now: datetime) -> None:
    reaction = recorded(now)
    working.claim(reaction.pk, now=now)
    later = now + working.lease() + timedelta(seconds=1)
    assert working.run_due(now=later) == 1
    assert effects() == ["effect|"]


def test_a_worker_that_lost_its_lease_leaves_no_effect(now: datetime) -> None:
    reaction = recorded(now)
    slow = working.claim(reaction.pk, now=now)
    later = now + working.lease() + timedelta(seconds=1)
    assert working.run_due(now=later) == 1
    assert slow is not None
    assert not working.run(slow, clock=stopped(later))
    assert effects() == ["effect|"]


def test_a_failure_is_kept_and_tried_again_later(now: datetime) -> None:
    reaction = recorded(now, fails=True)
    assert working.run_due(now=now, clock=stopped(now)) == 0
    reaction.refresh_from_db()
    assert reaction.state == Reaction.State.DUE
    assert reaction.due_at == now + timedelta(seconds=1)
    assert "told to fail" in reaction.last_error


def test_what_keeps_failing_is_parked_for_a_person(now: datetime) -> None:
    reaction = recorded(now, fails=True)
    for day in range(len(working.BACK_OFF_SECONDS) + 2):
        working.run_due(now=now + timedelta(days=day))
    reaction.refresh_from_db()
    assert reaction.state == Reaction.State.PARKED
    assert reaction.attempts == len(working.BACK_OFF_SECONDS) + 1


@pytest.mark.django_db(transaction=True)
def test_what_every_worker_dies_at_is_parked_for_a_person(now: datetime) -> None:
    reaction = recorded(now)
    for _death in range(len(working.BACK_OFF_SECONDS) + 1):
        assert working.claim(reaction.pk, now=now) is not None
        now += working.lease() + timedelta(seconds=1)
    assert working.run_due(now=now) == 0
    reaction.refresh_from_db()
    assert (reaction.state, effects()) == (Reaction.State.PARKED, [])


def test_what_takes_long_holds_no_lock_and_keeps_what_it_committed(now: datetime) -> None:
    with transaction.atomic():
        entry = record(ProbedAtLength(name="long", fails=True), now=now)
    assert working.run_due(now=now) == 0
    assert effects() == ["long at depth 0"]
    assert entry.reactions.get().state == Reaction.State.DUE


def test_each_reaction_is_claimed_and_done_at_its_own_moment(now: datetime) -> None:
    first, second = recorded(now, name="first"), recorded(now, name="second")
    working.run_due(now=now, clock=walking(now, seconds=4))
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.done_at
    assert second.done_at
    assert now < first.done_at < second.done_at


def test_the_wait_after_a_failure_begins_when_it_failed(now: datetime) -> None:
    reaction = recorded(now, fails=True)
    clock = walking(now, seconds=4)
    claimed = working.claim(reaction.pk, now=clock())
    assert claimed
    assert not working.run(claimed, clock=clock)
    reaction.refresh_from_db()
    assert reaction.due_at == now + timedelta(seconds=2 * 4 + 1)


def test_a_sweep_ends_after_a_minute_and_the_next_goes_on(now: datetime, settle: Callable[..., int]) -> None:
    for number in range(20):
        recorded(now, name=f"effect {number}")
    assert 0 < working.run_due(now=now, clock=walking(now, seconds=4)) < 20
    settle(now=now + timedelta(minutes=2))
    assert not Reaction.objects.exclude(state=Reaction.State.DONE).exists()
