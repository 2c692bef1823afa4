"""Working off reactions: claim by conditional update under a lease, run, mark done in the same transaction."""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from lti_platform.journal import reactions
from lti_platform.journal.actors import Actor, acting_as
from lti_platform.journal.facts import fact_class
from lti_platform.journal.models import Reaction

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


def run(reaction: Reaction, *, now: datetime) -> bool:
    """Runs a claimed reaction; True when its effect is committed. A failure is stored with the next due time."""
    if reaction.attempts > len(BACK_OFF_SECONDS) + 1:  # only workers that died at it come this far
        _mark_failed(reaction, error=TriesUsedUp("no worker survived it"), now=now)
        return False
    try:
        with acting_as(Actor("system", reaction.name)):
            if reactions.takes_long(reaction.name):
                _ours(reaction).update(leased_until=now + LONG_LEASES * lease())
                _react(reaction, now=now)
                _mark_done(reaction, now=now)
            else:
                with transaction.atomic():
                    _react(reaction, now=now)
                    _mark_done(reaction, now=now)
    except Exception as error:  # any failure of a reaction is kept and tried again
        log.exception("reaction %s for %s failed", reaction.name, reaction.entry_id)
        _mark_failed(reaction, error=error, now=now)
        return False
    return True


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


def run_all(reaction_ids: Iterable[int], *, now: datetime) -> int:
    """Claims and runs each that can be claimed; how many effects were committed."""
    claimed = (claim(reaction_id, now=now) for reaction_id in reaction_ids)
    return sum(run(reaction, now=now) for reaction in claimed if reaction)


def run_entry(entry_id: uuid.UUID, *, now: datetime) -> int:
    """Works off what one entry owes."""
    return run_all(list(claimable(now=now).filter(entry_id=entry_id).values_list("id", flat=True)), now=now)


def run_due(*, now: datetime, most: int = 200) -> int:
    """Works off what is due, oldest first, until nothing is; how many effects were committed."""
    total = 0
    while due := list(claimable(now=now).order_by("due_at", "id").values_list("id", flat=True)[:most]):
        total += run_all(due, now=now)
    return total
