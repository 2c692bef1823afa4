from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keys.errors import AlreadyUsed
from keys.models import OneTimeUse
from keys.replay import sweep, use_once
from tests.keys.conftest import NOW
from tests.keys.processes import SharedDatabase, run_together

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def spend(value: str, *, namespace: str = "assertion:tool-1", now: datetime = NOW) -> None:
    use_once(value, namespace=namespace, expires_at=LATER, now=now)


def test_a_value_is_spent_once() -> None:
    spend("jti-1")
    with pytest.raises(AlreadyUsed):
        spend("jti-1")


def test_two_tools_may_choose_the_same_value() -> None:
    spend("jti-1", namespace="assertion:tool-1")
    spend("jti-1", namespace="assertion:tool-2")


def test_spending_costs_one_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        spend("jti-1")
    assert len(queries) == 1


def test_a_replay_does_not_spoil_the_transaction_it_happens_in() -> None:
    spend("jti-1")
    with transaction.atomic():
        with pytest.raises(AlreadyUsed):
            spend("jti-1")
        spend("jti-2")
    assert OneTimeUse.objects.count() == 2


def test_a_value_spent_in_a_transaction_undone_may_be_spent_again() -> None:
    with transaction.atomic():
        spend("jti-1")
        transaction.set_rollback(True)
    spend("jti-1")


def test_the_value_itself_is_not_kept() -> None:
    spend("secret-hint")
    assert "secret-hint" not in str(OneTimeUse.objects.values().get())


def test_a_value_is_remembered_while_the_clocks_leeway_could_let_it_pass(now: datetime) -> None:
    use_once("jti-1", namespace="assertion:tool-1", expires_at=now - timedelta(seconds=30), now=now)
    assert sweep(now=now + timedelta(minutes=1)) == 0


def test_the_sweep_forgets_only_what_expired() -> None:
    spend("jti-1")
    use_once("jti-2", namespace="nonce", expires_at=LATER + timedelta(seconds=1), now=NOW)
    assert sweep(now=LATER) == 1
    with pytest.raises(AlreadyUsed):
        use_once("jti-2", namespace="nonce", expires_at=LATER, now=LATER)


USES = st.lists(st.tuples(st.text(max_size=3), st.sampled_from(["a", "b"])), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(uses=USES)
def test_of_any_sequence_of_uses_the_first_of_each_succeeds(uses: list[tuple[str, str]]) -> None:
    accepted: list[tuple[str, str]] = []
    with transaction.atomic():
        for value, namespace in uses:
            try:
                spend(value, namespace=namespace)
                accepted.append((value, namespace))
            except AlreadyUsed:
                assert (value, namespace) in accepted
        transaction.set_rollback(True)
    assert sorted(accepted) == sorted(set(uses))


def test_of_several_processes_spending_at_once_one_succeeds(shared_database: SharedDatabase) -> None:
    attempt = (
        "from keys.replay import use_once\n"
        "from keys.errors import AlreadyUsed\n"
        "done = 0\n"
        "for number in range(20):\n"
        "    try: use_once(str(number), namespace='n', expires_at=NOW, now=NOW); done += 1\n"
        "    except AlreadyUsed: pass\n"
        "answer(done)"
    )
    assert sum(run_together(attempt, shared_database, processes=3)) == 20
