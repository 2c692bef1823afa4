"""Working off reactions: claim by conditional update under a lease, run, mark done in the same transaction."""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from lti_platform.journal import reactions
from lti_platform.journal.actors import Actor, acting_as
from lti_platform.journal.clock import Clock, clock_from
from lti_platform.journal.facts import fact_class
from lti_platform.journal.models import Reaction
from lti_platform.journal.sweeping import SWEEP

log = logging.getLogger(__name__)

LONG_LEASES = 15
BACK_OFF_SECONDS = (1, 5, 15, 60, 300, 900, 3600, 3600, 3600, 7200)


def lease() -> timedelta:
    """How long a claim holds before another worker may take over."""
    return timedelta(seconds=settings.REACTION_LEASE_SECONDS)


class LeaseLost(Exception):
    """Another worker took over while we were at it; our effect is rolled back."""


class TriesUsedUp(Exception):
    """Every worker that took it died at it; it waits for a person instead of killing the next."""


def claimable(*, now: datetime) -> QuerySet[Reaction]:
    """Reactions that are due and in nobody's hands, leases of dead workers included."""
    return Reaction.objects.filter(state=Reaction.State.DUE, due_at__lte=now).filter(
        Q(leased_until=None) | Q(leased_until__lte=now)
    )


def claim(reaction_id: int, *, now: datetime) -> Reaction | None:
    """The reaction, ours for `lease()`, its attempt counted before any work; None if another has it or it is done."""
    token = uuid.uuid4()
    taken = (
        claimable(now=now)
        .filter(id=reaction_id)
        .update(lease=token, leased_until=now + lease(), attempts=F("attempts") + 1)
    )
    return Reaction.objects.select_related("entry").get(id=reaction_id) if taken else None


def run(reaction: Reaction, *, clock: Clock) -> bool:
    """Runs a claimed reaction; True when its effect is committed. A failure is stored with the next due time.

    The reaction is handed the moment it begins; what is kept of its end bears the moment it ended.
    """
    if reaction.attempts > len(BACK_OFF_SECONDS) + 1:  # only workers that died at it come this far
        _mark_failed(reaction, error=TriesUsedUp("no worker survived it"), now=clock())
        return False
    try:
        with acting_as(Actor("system", reaction.name)):
            _work_off(reaction, clock=clock)
    except Exception as error:  # any failure of a reaction is kept and tried again
        log.exception("reaction %s for %s failed", reaction.name, reaction.entry_id)
        _mark_failed(reaction, error=error, now=clock())
        return False
    return True


def _work_off(reaction: Reaction, *, clock: Clock) -> None:
    now = clock()
    if reactions.takes_long(reaction.name):
        _ours(reaction).update(leased_until=now + LONG_LEASES * lease())
        _react(reaction, now=now)
        _mark_done(reaction, now=clock())
    else:
        with transaction.atomic():
            _react(reaction, now=now)
            _mark_done(reaction, now=clock())


def _react(reaction: Reaction, *, now: datetime) -> None:
    fact = fact_class(reaction.entry.fact_type).from_payload(reaction.entry.payload)
    reactions.by_name(reaction.name)(fact, now=now)


def _ours(reaction: Reaction) -> QuerySet[Reaction]:
    return Reaction.objects.filter(id=reaction.id, lease=reaction.lease, state=Reaction.State.DUE)


def _mark_done(reaction: Reaction, *, now: datetime) -> None:
    if not _ours(reaction).update(
        state=Reaction.State.DONE, done_at=now, lease=None, leased_until=None, last_error=""
    ):
        raise LeaseLost(reaction.name)


def _mark_failed(reaction: Reaction, *, error: Exception, now: datetime) -> None:
    spent = reaction.attempts > len(BACK_OFF_SECONDS)
    wait = BACK_OFF_SECONDS[min(reaction.attempts, len(BACK_OFF_SECONDS)) - 1]
    _ours(reaction).update(
        state=Reaction.State.PARKED if spent else Reaction.State.DUE,
        due_at=now + timedelta(seconds=wait),
        last_error=f"{type(error).__name__}: {error}"[:2000],
        lease=None,
        leased_until=None,
    )


def run_all(reaction_ids: Iterable[int], *, clock: Clock) -> int:
    """Claims and runs each that can be claimed, at its own moment; how many effects were committed."""
    claimed = (claim(reaction_id, now=clock()) for reaction_id in reaction_ids)
    return sum(run(reaction, clock=clock) for reaction in claimed if reaction)


def run_entry(entry_id: uuid.UUID, *, now: datetime) -> int:
    """Works off what one entry owes."""
    owed = claimable(now=now).filter(entry_id=entry_id).values_list("id", flat=True)
    return run_all(list(owed), clock=clock_from(now))


def run_due(*, now: datetime, most: int = 200, clock: Clock | None = None) -> int:
    """Works off what is due, oldest first, until nothing is or a minute is over; how many effects were committed.

    `clock` shows the time as the work goes on; without one it goes on from `now`.
    """
    clock = clock or clock_from(now)
    total = 0
    while clock() - now < SWEEP:
        due = list(claimable(now=clock()).order_by("due_at", "id").values_list("id", flat=True)[:most])
        if not due:
            break
        total += run_all(takewhile(lambda _: clock() - now < SWEEP, due), clock=clock)
    return total
