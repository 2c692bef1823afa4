"""What HR says last stands, whoever read the record before."""

from datetime import date, datetime

import pytest

from lti_platform.journal.models import Entry
from lti_platform.people import enrolling
from lti_platform.people.models import Person
from tests.factories import lena

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def test_a_contract_extended_since_the_list_was_read_is_not_ended(now: datetime) -> None:
    person = lena(contract_end=date(2026, 3, 1))
    Person.objects.update(contract_end=date(2026, 12, 31))
    assert not enrolling.end_contract(person.pk, on=TODAY, now=now)
    person.refresh_from_db()
    assert (person.status, person.contract_end) == ("active", date(2026, 12, 31))
    assert not Entry.objects.filter(fact_type__startswith="people.").exists()


def test_a_contract_is_ended_once(now: datetime) -> None:
    person = lena(contract_end=date(2026, 3, 1))
    assert [enrolling.end_contract(person.pk, on=TODAY, now=now) for _ in range(2)] == [True, False]
    assert Entry.objects.filter(subject=f"person:{person.pk}").count() == 2


def test_a_change_writes_what_was_changed_and_leaves_the_rest(now: datetime) -> None:
    read_before = Person.objects.get(pk=lena(job_role="Fitter").pk)
    Person.objects.update(contract_end=date(2026, 12, 31))
    read_before.job_role = "Foreman"
    enrolling.change(read_before, changed=["job_role"], now=now)
    kept = Person.objects.get()
    assert (kept.job_role, kept.contract_end) == ("Foreman", date(2026, 12, 31))
