"""Our signing keys' lives, written down: `keys` makes each move and records nothing, so its caller does, at once."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from keys import rotation
from keys.errors import RotationRaced
from keys.purposes import Purpose
from keys.rotation import RevocationOutcome, RotationOutcome
from lti_platform.journal.facts import Fact
from lti_platform.journal.recording import record
from lti_platform.tools.facts import KeyDestroyed, KeyMade, KeyRevoked, KeyRotated
from lti_platform.tools.models import Registration

# What these sign is read within minutes or hours, so its keys may come and go by the clock. Seals and certificates
# are verified for years, by keys that others noted down: people decide when those change.
BY_THE_CLOCK = (Purpose.ID_TOKEN, Purpose.ACCESS_TOKEN, Purpose.WEBHOOK, Purpose.TOOL)
log = logging.getLogger(__name__)


@transaction.atomic
def make_missing(
    *, now: datetime, purposes: Iterable[Purpose] = tuple(Purpose), owner: str = ""
) -> tuple[str, ...]:
    """Gives every purpose an active and an upcoming key where it lacks one; the kids made."""
    return _record_made(rotation.ensure_keys(now=now, purposes=purposes, owner=owner), now=now)


@transaction.atomic
def rotate(purpose: Purpose, *, now: datetime, owner: str = "") -> RotationOutcome:
    """The upcoming key takes over. Raises RotationRaced when another process moved a key first."""
    make_missing(now=now, purposes=[purpose], owner=owner)
    done = rotation.rotate(purpose, now=now, overlap=overlap(), owner=owner)
    fact = KeyRotated(
        purpose=str(purpose),
        activated_kid=done.activated_kid,
        retired_kid=done.retired_kid,
        upcoming_kid=done.upcoming_kid,
    )
    _record(fact, kid=done.activated_kid, now=now)
    return done


def rotate_due(*, now: datetime) -> tuple[RotationOutcome, ...]:
    """Rotates what has signed for KEY_ROTATION_DAYS; nothing where that is 0. What another process moved is left."""
    if not settings.KEY_ROTATION_DAYS:
        return ()
    every, done = timedelta(days=settings.KEY_ROTATION_DAYS), []
    for purpose, owner in _lines():
        if rotation.is_due(purpose, now=now, every=every, overlap=overlap(), owner=owner):
            try:
                done.append(rotate(purpose, now=now, owner=owner))
            except RotationRaced as error:
                log.info("%s", error)
    return tuple(done)


def overlap() -> timedelta:
    """How long a key stays published after it signed last, and is published before it signs first."""
    return timedelta(days=settings.KEY_OVERLAP_DAYS)


def _lines() -> Iterator[tuple[Purpose, str]]:
    yield from ((purpose, "") for purpose in BY_THE_CLOCK)
    owners = Registration.objects.filter(has_own_keys=True).order_by("client_id")
    yield from ((Purpose.ID_TOKEN, owner) for owner in owners.values_list("client_id", flat=True))


@transaction.atomic
def revoke(kid: str, *, now: datetime, reason: str = "") -> RevocationOutcome:
    """Withdraws the key for good; `reason` is kept beside the fact.

    Raises SigningKeyUnknown, KeyAlreadyRevoked, RotationRaced.
    """
    done = rotation.revoke(kid, now=now)
    _record_made(done.made, now=now)
    fact = KeyRevoked(purpose=str(done.purpose), kid=kid, activated_kid=done.activated_kid or "")
    _record(fact, kid=kid, now=now, note=reason)
    return done


@transaction.atomic
def destroy_overdue(*, now: datetime) -> tuple[str, ...]:
    """Destroys the private halves of keys whose overlap is over; their kids."""
    kids = rotation.sweep(now=now)
    for kid in kids:
        _record(KeyDestroyed(kid=kid), kid=kid, now=now)
    return kids


def _record_made(made: Iterable[rotation.KeyMade], *, now: datetime) -> tuple[str, ...]:
    kids = []
    for key in made:
        _record(KeyMade(kid=key.kid, purpose=str(key.purpose), state=key.state), kid=key.kid, now=now)
        kids.append(key.kid)
    return tuple(kids)


def _record(fact: Fact, *, kid: str, now: datetime, note: str = "") -> None:
    record(fact, now=now, subject=f"key:{kid}", note=note)
