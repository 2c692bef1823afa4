from datetime import date

import pytest

from lti_platform.people.models import Organization, Person
from lti_platform.people.roles import may
from lti_platform.people.scoping import scoped
from lti_platform.people.standing import may_act
from tests.factories import ada, cora, grant, lena, make_organization, make_person, mallory, pia

pytestmark = pytest.mark.django_db


def test_everyone_who_is_active_may_learn() -> None:
    assert may(lena(), "learn")
    assert not may(lena(status="inactive"), "learn")


def test_each_role_may_do_its_own_work_and_no_other() -> None:
    assert may(pia(), "review_sessions")
    assert not may(pia(), "manage_tools")
    assert may(ada(), "manage_tools")
    assert not may(ada(), "review_sessions")
    assert may(cora(), "export_files")
    assert not may(cora(), "manage_tools")
    assert not may(lena(), "review_sessions")


def test_a_permission_nobody_defined_is_an_error_not_a_no() -> None:
    with pytest.raises(KeyError):
        may(lena(), "manage_tool")


def test_a_role_for_one_organization_holds_there_alone() -> None:
    ours, theirs = make_organization("Ours"), make_organization("Theirs")
    proctor = pia(ours)
    assert may(proctor, "review_sessions", organization_id=ours.pk)
    assert not may(proctor, "review_sessions", organization_id=theirs.pk)


def test_signing_keys_are_never_one_organizations_business() -> None:
    assert may(ada(), "manage_keys")
    assert not may(ada(make_organization("Ours")), "manage_keys")


def test_people_of_another_organization_are_not_seen() -> None:
    ours, theirs = make_organization("Ours"), make_organization("Theirs")
    mine, other = make_person(organization=ours), make_person(organization=theirs)
    seen = scoped(Person.objects.all(), ada(ours), "manage_people", organization="organization_id")
    assert mine in seen
    assert other not in seen


def test_mallory_without_a_grant_sees_nothing() -> None:
    assert not scoped(Organization.objects.all(), mallory(), "view_people", organization="id").exists()


def test_two_grants_add_up() -> None:
    ours, theirs = make_organization("Ours"), make_organization("Theirs")
    person = grant(pia(ours), "proctor", theirs)
    assert may(person, "review_sessions", organization_id=ours.pk)
    assert may(person, "review_sessions", organization_id=theirs.pk)


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_a_contractor_acts_from_the_first_to_the_last_day(day: date, allowed: bool) -> None:
    person = make_person(contract_start=date(2026, 3, 1), contract_end=date(2026, 3, 31))
    assert may_act(person, on=day) is allowed
