"""The life of a signing key: upcoming → active → retired → revoked.

Nothing is recorded here: each function returns what changed, and its caller records that in the same
transaction. Every move is a conditional update, so two processes cannot both make it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

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
    owner: str = ""


@dataclass(frozen=True)
class RotationOutcome:
    """Who signs now, who signed until now and how long that one stays published, and who comes next."""

    purpose: Purpose
    activated_kid: str
    retired_kid: str
    upcoming_kid: str
    published_until: datetime
    owner: str = ""


@dataclass(frozen=True)
class RevocationOutcome:
    """The key withdrawn, the one that took over if it was active, and the pairs made to fill the gap."""

    purpose: Purpose
    revoked_kid: str
    activated_kid: str | None = None
    made: tuple[KeyMade, ...] = field(default=())
    owner: str = ""


@dataclass(frozen=True)
class Line:
    """The keys that follow one another: those of a purpose, for everybody or for one owner alone."""

    purpose: Purpose
    owner: str = ""

    def __str__(self) -> str:
        return f"{self.purpose} of {self.owner}" if self.owner else str(self.purpose)

    @property
    def keys(self) -> QuerySet[SigningKey]:
        """Its rows."""
        return SigningKey.objects.filter(purpose=self.purpose, owner=self.owner)

    def kid(self, state: str) -> str | None:
        """The key in this state, of which there is one at most: active or upcoming."""
        return self.keys.filter(state=state).values_list("kid", flat=True).first()

    def states(self) -> set[str]:
        """The states in which it has keys."""
        return set(self.keys.values_list("state", flat=True))


def ensure_keys(
    *, now: datetime, purposes: Iterable[Purpose] = tuple(Purpose), owner: str = ""
) -> tuple[KeyMade, ...]:
    """Give every purpose one active and one upcoming key; returns the pairs this call made, if any."""
    made: list[KeyMade] = []
    for line in (Line(purpose, owner) for purpose in purposes):
        if not line.states() >= {State.ACTIVE, State.UPCOMING}:
            with transaction.atomic():
                made += _fill(line, now=now)
            _forget()
    return tuple(made)


def rotate(
    purpose: Purpose, *, now: datetime, overlap: timedelta = OVERLAP, owner: str = ""
) -> RotationOutcome:
    """Upcoming signs from now on; the one before stays published for `overlap` (LTI Security Framework 6.4).

    Raises RotationRaced when another process moved either key first.
    """
    line = Line(purpose, owner)
    ensure_keys(now=now, purposes=[purpose], owner=owner)
    fresh = custody.make_key()
    with transaction.atomic():
        retiring, rising = _kid_of(line, state=State.ACTIVE), _kid_of(line, state=State.UPCOMING)
        until = now + overlap
        _move(retiring, from_state=State.ACTIVE, state=State.RETIRED, retired_at=now, published_until=until)
        _move(rising, from_state=State.UPCOMING, state=State.ACTIVE, activated_at=now)
        if not _insert(fresh, line=line, state=State.UPCOMING, now=now):
            raise RotationRaced(f"{line} was rotated elsewhere")
    _forget()
    return RotationOutcome(purpose, rising, retiring, fresh.kid, until, owner)


def is_due(purpose: Purpose, *, now: datetime, every: timedelta, overlap: timedelta, owner: str = "") -> bool:
    """Whether the active key signed for `every`, and its successor has been published for `overlap`.

    A successor made in an emergency waits, so that everybody who keeps our key set has seen it before it signs.
    """
    line = Line(purpose, owner)
    old = line.keys.filter(state=State.ACTIVE, activated_at__lte=now - every)
    return old.exists() and line.keys.filter(state=State.UPCOMING, created_at__lte=now - overlap).exists()


def retire_all(
    purpose: Purpose, *, owner: str, now: datetime, overlap: timedelta = OVERLAP
) -> tuple[str, ...]:
    """Ends the keys that one owner had alone: none signs any more, each stays published for `overlap`; their kids."""
    with transaction.atomic():
        rows = Line(purpose, owner).keys.filter(state__in=[State.ACTIVE, State.UPCOMING])
        kids = tuple(rows.values_list("kid", flat=True))
        rows.filter(kid__in=kids).update(state=State.RETIRED, retired_at=now, published_until=now + overlap)
    _forget()
    return kids


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
        line = Line(Purpose(row.purpose), row.owner)
        before = line.kid(State.ACTIVE)
        _move(kid, from_state=row.state, state=State.REVOKED, revoked_at=now, sealed_private=None)
        # An owner whose keys were ended keeps none; whoever signs must go on signing.
        made = tuple(_fill(line, now=now)) if row.state in {State.ACTIVE, State.UPCOMING} else ()
        after = line.kid(State.ACTIVE)
    custody.forget(kid)
    _forget()
    taken_over = after if after != before else None
    return RevocationOutcome(line.purpose, kid, activated_kid=taken_over, made=made, owner=line.owner)


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


def _fill(line: Line, *, now: datetime) -> list[KeyMade]:
    made: list[KeyMade] = []
    if State.ACTIVE not in line.states():
        # The upcoming key has been published all along, so it can take over without anyone refetching.
        waiting = line.keys.filter(state=State.UPCOMING)
        if not waiting.update(state=State.ACTIVE, activated_at=now):
            made += _make(line, state=State.ACTIVE, now=now)
    if State.UPCOMING not in line.states():
        made += _make(line, state=State.UPCOMING, now=now)
    return made


def _make(line: Line, *, state: str, now: datetime) -> list[KeyMade]:
    pair = custody.make_key()
    made = KeyMade(pair.kid, line.purpose, state, line.owner)
    return [made] if _insert(pair, line=line, state=state, now=now) else []


def _insert(pair: custody.NewKey, *, line: Line, state: str, now: datetime) -> bool:
    row = SigningKey(
        purpose=line.purpose,
        owner=line.owner,
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


def _kid_of(line: Line, *, state: str) -> str:
    kid = line.kid(state)
    if kid is None:
        raise RotationRaced(f"{line} has no {state} key")
    return kid


def _forget() -> None:
    signing.forget_cached_keys()
    transaction.on_commit(signing.forget_cached_keys)
