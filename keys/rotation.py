"""The life of a signing key: upcoming → active → retired → revoked.

Nothing is recorded here: each function returns what changed, and its caller records that in the same
transaction. Every move is a conditional update, so two processes cannot both make it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from keys import custody, signing
from keys.errors import KeyAlreadyRevoked, RotationRaced, SigningKeyUnknown
from keys.models import SigningKey
from keys.purposes import Purpose

OVERLAP = timedelta(days=7)
State = SigningKey.State


@dataclass(frozen=True)
class KeyMade:
    """A pair that now exists, and the state it started in."""

    kid: str
    purpose: Purpose
    state: str


@dataclass(frozen=True)
class RotationOutcome:
    """Who signs now, who signed until now and how long that one stays published, and who comes next."""

    purpose: Purpose
    activated_kid: str
    retired_kid: str
    upcoming_kid: str
    published_until: datetime


@dataclass(frozen=True)
class RevocationOutcome:
    """The key withdrawn, the one that took over if it was active, and the pairs made to fill the gap."""

    purpose: Purpose
    revoked_kid: str
    activated_kid: str | None = None
    made: tuple[KeyMade, ...] = field(default=())


def ensure_keys(*, now: datetime, purposes: Iterable[Purpose] = tuple(Purpose)) -> tuple[KeyMade, ...]:
    """Give every purpose one active and one upcoming key; returns the pairs this call made, if any."""
    made: list[KeyMade] = []
    for purpose in purposes:
        if not _present(purpose) >= {State.ACTIVE, State.UPCOMING}:
            with transaction.atomic():
                made += _fill(purpose, now=now)
            _forget()
    return tuple(made)


def rotate(purpose: Purpose, *, now: datetime, overlap: timedelta = OVERLAP) -> RotationOutcome:
    """Upcoming signs from now on; the one before stays published for `overlap` (LTI Security Framework 6.4).

    Raises RotationRaced when another process moved either key first.
    """
    ensure_keys(now=now, purposes=[purpose])
    fresh = custody.make_key()
    with transaction.atomic():
        retiring, rising = _kid_of(purpose, state=State.ACTIVE), _kid_of(purpose, state=State.UPCOMING)
        until = now + overlap
        _move(retiring, from_state=State.ACTIVE, state=State.RETIRED, retired_at=now, published_until=until)
        _move(rising, from_state=State.UPCOMING, state=State.ACTIVE, activated_at=now)
        if not _insert(fresh, purpose=purpose, state=State.UPCOMING, now=now):
            raise RotationRaced(f"{purpose} was rotated elsewhere")
    _forget()
    return RotationOutcome(purpose, rising, retiring, fresh.kid, until)


def revoke(kid: str, *, now: datetime) -> RevocationOutcome:
    """Withdraw the key for good: unpublished, private half destroyed, its signatures no longer accepted.

    If it was active the upcoming one takes over at once.
    Raises SigningKeyUnknown, KeyAlreadyRevoked, RotationRaced.
    """
    with transaction.atomic():
        row = SigningKey.objects.filter(kid=kid).first()
        if row is None:
            raise SigningKeyUnknown(kid)
        if row.state == State.REVOKED:
            raise KeyAlreadyRevoked(kid)
        purpose = Purpose(row.purpose)
        before = _active_kid(purpose)
        _move(kid, from_state=row.state, state=State.REVOKED, revoked_at=now, sealed_private=None)
        made = tuple(_fill(purpose, now=now))
        after = _active_kid(purpose)
    custody.forget(kid)
    _forget()
    return RevocationOutcome(purpose, kid, activated_kid=after if after != before else None, made=made)


def sweep(*, now: datetime) -> tuple[str, ...]:
    """Destroy the private half of keys whose overlap is over; returns their kids.

    They are no longer published. The public half stays: seals verify for as long as evidence is kept.
    """
    over = Q(state=State.RETIRED, published_until__lte=now, sealed_private__isnull=False)
    kids = tuple(SigningKey.objects.filter(over).values_list("kid", flat=True))
    SigningKey.objects.filter(over, kid__in=kids).update(sealed_private=None)
    for kid in kids:
        custody.forget(kid)
    return kids


def _fill(purpose: Purpose, *, now: datetime) -> list[KeyMade]:
    made: list[KeyMade] = []
    if State.ACTIVE not in _present(purpose):
        # The upcoming key has been published all along, so it can take over without anyone refetching.
        waiting = SigningKey.objects.filter(purpose=purpose, state=State.UPCOMING)
        if not waiting.update(state=State.ACTIVE, activated_at=now):
            made += _make(purpose, state=State.ACTIVE, now=now)
    if State.UPCOMING not in _present(purpose):
        made += _make(purpose, state=State.UPCOMING, now=now)
    return made


def _make(purpose: Purpose, *, state: str, now: datetime) -> list[KeyMade]:
    pair = custody.make_key()
    return [KeyMade(pair.kid, purpose, state)] if _insert(pair, purpose=purpose, state=state, now=now) else []


def _insert(pair: custody.NewKey, *, purpose: Purpose, state: str, now: datetime) -> bool:
    row = SigningKey(
        purpose=purpose,
        kid=pair.kid,
        state=state,
        public_jwk=pair.public_jwk,
        sealed_private=pair.sealed_private,
        created_at=now,
        activated_at=now if state == State.ACTIVE else None,
    )
    # Another process may be first: the constraint decides, and the loser's pair is dropped unseen.
    SigningKey.objects.bulk_create([row], ignore_conflicts=True)
    return SigningKey.objects.filter(kid=pair.kid).exists()


def _move(kid: str, *, from_state: str, **change: object) -> None:
    if not SigningKey.objects.filter(kid=kid, state=from_state).update(**change):
        raise RotationRaced(f"{kid} is no longer {from_state}")


def _present(purpose: Purpose) -> set[str]:
    return set(SigningKey.objects.filter(purpose=purpose).values_list("state", flat=True))


def _active_kid(purpose: Purpose) -> str | None:
    return (
        SigningKey.objects.filter(purpose=purpose, state=State.ACTIVE).values_list("kid", flat=True).first()
    )


def _kid_of(purpose: Purpose, *, state: str) -> str:
    kid = SigningKey.objects.filter(purpose=purpose, state=state).values_list("kid", flat=True).first()
    if kid is None:
        raise RotationRaced(f"{purpose} has no {state} key")
    return kid


def _forget() -> None:
    signing.forget_cached_keys()
    transaction.on_commit(signing.forget_cached_keys)
