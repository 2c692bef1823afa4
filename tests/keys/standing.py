"""Signing keys for tests: made once per process, since making RSA pairs for every test would cost seconds."""

from datetime import datetime
from functools import cache

from keys.custody import NewKey, make_key
from keys.models import SigningKey
from keys.purposes import Purpose
from keys.signing import forget_cached_keys


@cache
def _pair(purpose: Purpose, state: str) -> NewKey:
    return make_key()


def install_standing_keys(*, now: datetime) -> None:
    """Give the test database an active and an upcoming key for every purpose, as `ensure_keys` would."""
    states = (SigningKey.State.ACTIVE, SigningKey.State.UPCOMING)
    SigningKey.objects.bulk_create(
        [_row(purpose, state=state, now=now) for purpose in Purpose for state in states],
        ignore_conflicts=True,
    )
    forget_cached_keys()


def _row(purpose: Purpose, *, state: SigningKey.State, now: datetime) -> SigningKey:
    pair = _pair(purpose, state)
    return SigningKey(
        purpose=purpose,
        kid=pair.kid,
        state=state,
        public_jwk=pair.public_jwk,
        sealed_private=pair.sealed_private,
        created_at=now,
        activated_at=now if state == SigningKey.State.ACTIVE else None,
    )
