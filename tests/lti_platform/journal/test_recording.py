import uuid
from datetime import datetime

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from lti_platform.journal.actors import Actor, acting_as
from lti_platform.journal.facts import fact_class
from lti_platform.journal.models import Entry, Reaction
from lti_platform.journal.recording import record, record_refusal
from lti_platform.people.facts import RoleGranted
from tests.lti_platform.journal.probe import reactions  # noqa: F401  (registers the reaction)
from tests.lti_platform.journal.probe.facts import Probed


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused(now: datetime) -> None:
    with pytest.raises(TransactionManagementError):
        record(Probed(name="x"), now=now)


@pytest.mark.django_db
def test_a_rolled_back_change_leaves_neither_fact_nor_reaction(now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(Probed(name="x"), now=now)
        raise ZeroDivisionError
    assert not Entry.objects.exists()
    assert not Reaction.objects.exists()


@pytest.mark.django_db
def test_an_entry_names_its_actor_and_owes_its_reactions(now: datetime) -> None:
    with acting_as(Actor("tool", "client-1")), transaction.atomic():
        entry = record(Probed(name="x"), now=now, subject="probe:1")
    assert (entry.actor_kind, entry.actor_id, entry.subject) == ("tool", "client-1", "probe:1")
    assert list(entry.reactions.values_list("name", flat=True)) == [
        "tests.lti_platform.journal.probe:write_the_name"
    ]


@pytest.mark.django_db
def test_a_fact_comes_back_as_it_went_in(now: datetime) -> None:
    fact = RoleGranted(person_id=uuid.uuid4(), role="proctor", organization_id=None)
    with transaction.atomic():
        entry = record(fact, now=now)
    entry.refresh_from_db()
    assert fact_class(entry.fact_type).from_payload(entry.payload) == fact


@pytest.mark.django_db
def test_personal_words_lie_beside_the_entry_and_can_be_erased(now: datetime) -> None:
    with transaction.atomic():
        entry = record(Probed(name="x"), now=now, note="Lena called", address="192.0.2.7")
    assert entry.details.note == "Lena called"
    assert "Lena" not in str(entry.payload)
    assert len(entry.details_digest) == 64


@pytest.mark.django_db
def test_a_refusal_is_kept_though_the_change_was_rolled_back(now: datetime) -> None:
    with acting_as(Actor("nobody"), address="192.0.2.9"):
        record_refusal("nonce_replayed", now=now, note="why")
    entry = Entry.objects.get()
    assert (entry.fact_type, entry.payload) == ("security.refused", {"rule": "nonce_replayed"})
    assert entry.details.address == "192.0.2.9"
