from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keys.errors import KeyAlreadyRevoked, SigningKeyUnknown
from keys.models import SigningKey
from keys.publishing import published_key_set
from keys.purposes import Purpose
from keys.rotation import ensure_keys, revoke, rotate, sweep
from tests.keys.conftest import NOW
from tests.keys.processes import SharedDatabase, run_together

pytestmark = pytest.mark.django_db
State = SigningKey.State


def kids(state: str, *, purpose: Purpose = Purpose.SEAL) -> list[str]:
    return list(SigningKey.objects.filter(purpose=purpose, state=state).values_list("kid", flat=True))


def test_the_first_start_makes_every_purpose_an_active_and_an_upcoming_key(now: datetime) -> None:
    made = ensure_keys(now=now)
    assert {(key.purpose, key.state) for key in made} == {
        (p, s) for p in Purpose for s in ("active", "upcoming")
    }
    assert len(made) == SigningKey.objects.count() == len(published_key_set(now=now)["keys"])


@pytest.mark.usefixtures("standing_keys")
def test_a_second_start_changes_nothing(now: datetime) -> None:
    assert ensure_keys(now=now) == ()


@pytest.mark.usefixtures("standing_keys")
def test_the_upcoming_key_was_published_before_it_signs(now: datetime) -> None:
    [expected] = kids(State.UPCOMING)
    assert expected in {jwk["kid"] for jwk in published_key_set(now=now)["keys"]}
    assert rotate(Purpose.SEAL, now=now).activated_kid == expected


@pytest.mark.usefixtures("standing_keys")
def test_rotation_tells_who_came_and_who_went(now: datetime) -> None:
    [before] = kids(State.ACTIVE)
    done = rotate(Purpose.SEAL, now=now, overlap=timedelta(days=2))
    assert (done.retired_kid, done.published_until) == (before, now + timedelta(days=2))
    assert [done.activated_kid, done.upcoming_kid] == [*kids(State.ACTIVE), *kids(State.UPCOMING)]


@pytest.mark.usefixtures("standing_keys")
def test_one_purpose_rotates_alone(now: datetime) -> None:
    before = kids(State.ACTIVE, purpose=Purpose.ID_TOKEN)
    rotate(Purpose.SEAL, now=now)
    assert kids(State.ACTIVE, purpose=Purpose.ID_TOKEN) == before


@pytest.mark.usefixtures("standing_keys")
def test_revoking_the_active_key_lets_the_upcoming_one_take_over(now: datetime) -> None:
    [active], [upcoming] = kids(State.ACTIVE), kids(State.UPCOMING)
    done = revoke(active, now=now)
    assert (done.activated_kid, [key.state for key in done.made]) == (upcoming, ["upcoming"])
    assert kids(State.REVOKED) == [active]


@pytest.mark.usefixtures("standing_keys")
def test_revoking_destroys_the_private_half(now: datetime) -> None:
    [active] = kids(State.ACTIVE)
    revoke(active, now=now)
    assert SigningKey.objects.get(kid=active).sealed_private is None


@pytest.mark.usefixtures("standing_keys")
def test_revocation_is_final(now: datetime) -> None:
    [active] = kids(State.ACTIVE)
    revoke(active, now=now)
    with pytest.raises(KeyAlreadyRevoked):
        revoke(active, now=now)


def test_a_key_nobody_made_cannot_be_revoked(now: datetime) -> None:
    with pytest.raises(SigningKeyUnknown):
        revoke("nobody", now=now)


@pytest.mark.usefixtures("standing_keys")
def test_the_sweep_destroys_private_halves_once_the_overlap_is_over(now: datetime) -> None:
    retired = rotate(Purpose.SEAL, now=now).retired_kid
    assert sweep(now=now + timedelta(days=6)) == ()
    assert sweep(now=now + timedelta(days=7)) == (retired,)
    assert SigningKey.objects.get(kid=retired).sealed_private is None
    assert sweep(now=now + timedelta(days=8)) == ()


@pytest.mark.usefixtures("standing_keys")
def test_a_rotation_rolled_back_by_its_caller_never_happened(now: datetime) -> None:
    before = kids(State.ACTIVE)
    with transaction.atomic():
        rotate(Purpose.SEAL, now=now)
        transaction.set_rollback(True)
    assert kids(State.ACTIVE) == before


@pytest.mark.usefixtures("standing_keys")
@pytest.mark.parametrize("state", [State.ACTIVE, State.UPCOMING])
def test_the_database_itself_holds_one_key_per_state(state: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.filter(purpose=Purpose.SEAL).update(state=state)


MOVES = st.lists(
    st.sampled_from(["ensure", "rotate", "sweep", "revoke active", "revoke upcoming", "revoke retired"]),
    max_size=6,
)


@pytest.mark.usefixtures("standing_keys")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_exactly_one_key_is_active_whatever_was_done(moves: list[str]) -> None:
    with transaction.atomic():
        for day, move in enumerate(moves):
            _make(move, now=NOW + timedelta(days=3 * day))
            _assert_sound(now=NOW + timedelta(days=3 * day))
        transaction.set_rollback(True)


def _make(move: str, *, now: datetime) -> None:
    if move == "ensure":
        assert ensure_keys(now=now, purposes=[Purpose.SEAL]) == ()
    elif move == "rotate":
        rotate(Purpose.SEAL, now=now)
    elif move == "sweep":
        sweep(now=now)
    else:
        for kid in kids(move.removeprefix("revoke "))[:1]:
            revoke(kid, now=now)


def _assert_sound(*, now: datetime) -> None:
    [active], [upcoming] = kids(State.ACTIVE), kids(State.UPCOMING)
    published = {jwk["kid"] for jwk in published_key_set(now=now)["keys"]}
    assert {active, upcoming} <= published
    assert not published & set(kids(State.REVOKED))
    able = set(SigningKey.objects.filter(sealed_private__isnull=False).values_list("kid", flat=True))
    assert {active, upcoming} <= able
    assert not able & set(kids(State.REVOKED))


ENSURE = (
    "from keys.rotation import Purpose, ensure_keys\n"
    "answer(len(ensure_keys(now=NOW, purposes=[Purpose.SEAL, Purpose.ID_TOKEN])))"
)


def test_processes_starting_together_make_one_set_of_keys(shared_database: SharedDatabase) -> None:
    assert sum(run_together(ENSURE, shared_database, processes=3)) == 4
    shared_database.ask("from keys.models import SigningKey; answer(SigningKey.objects.count())", expected=4)


def test_processes_starting_together_share_one_key_file(shared_database: SharedDatabase) -> None:
    seal = "from keys.enveloping import seal; answer(seal(b'secret', context='lena').hex())"
    sealed = run_together(seal, shared_database, processes=3)
    opened = f"[open_sealed(bytes.fromhex(each), context='lena').decode() for each in {sealed}]"
    shared_database.ask(f"from keys.enveloping import open_sealed; answer({opened})", expected=["secret"] * 3)


def test_of_two_rotations_at_once_one_happens_or_both_in_turn(shared_database: SharedDatabase) -> None:
    shared_database.ask(ENSURE, expected=4)
    attempt = (
        "from keys.rotation import rotate, Purpose\n"
        "from keys.errors import RotationRaced\n"
        "try: answer(rotate(Purpose.SEAL, now=NOW).retired_kid)\n"
        "except RotationRaced: answer(None)"
    )
    retired = [kid for kid in run_together(attempt, shared_database, processes=2) if kid]
    assert len(set(retired)) == len(retired) >= 1
    active = "SigningKey.objects.filter(purpose='seal', state='active').count()"
    shared_database.ask(f"from keys.models import SigningKey; answer({active})", expected=1)
