"""Our signing keys' lives, written down: `keys` makes each move and records nothing, so its caller does, at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from keys import rotation
from keys.purposes import Purpose
from keys.rotation import RevocationOutcome, RotationOutcome
from lti_platform.journal.facts import Fact
from lti_platform.journal.recording import record
from lti_platform.tools.facts import KeyDestroyed, KeyMade, KeyRevoked, KeyRotated


@transaction.atomic
def make_missing(*, now: datetime, purposes: Iterable[Purpose] = tuple(Purpose)) -> tuple[str, ...]:
    """Gives every purpose an active and an upcoming key where it lacks one; the kids made."""
    return _record_made(rotation.ensure_keys(now=now, purposes=purposes), now=now)


@transaction.atomic
def rotate(purpose: Purpose, *, now: datetime) -> RotationOutcome:
    """The upcoming key takes over. Raises RotationRaced when another process moved a key first."""
    make_missing(now=now, purposes=[purpose])
    done = rotation.rotate(purpose, now=now)
    fact = KeyRotated(
        purpose=str(purpose),
        activated_kid=done.activated_kid,
        retired_kid=done.retired_kid,
        upcoming_kid=done.upcoming_kid,
    )
    _record(fact, kid=done.activated_kid, now=now)
    return done


@transaction.atomic
def revoke(kid: str, *, now: datetime) -> RevocationOutcome:
    """Withdraws the key for good. Raises SigningKeyUnknown, KeyAlreadyRevoked, RotationRaced."""
    done = rotation.revoke(kid, now=now)
    _record_made(done.made, now=now)
    fact = KeyRevoked(purpose=str(done.purpose), kid=kid, activated_kid=done.activated_kid or "")
    _record(fact, kid=kid, now=now)
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


def _record(fact: Fact, *, kid: str, now: datetime) -> None:
    record(fact, now=now, subject=f"key:{kid}")
