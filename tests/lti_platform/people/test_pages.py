from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.journal.models import Entry
from lti_platform.people import enrolling
from lti_platform.people.models import Person
from tests.browsing import signed_in
from tests.factories import PASSWORD, ada, grant, lena, make_organization, make_person

pytestmark = pytest.mark.django_db


def test_whoever_is_not_signed_in_is_sent_to_sign_in(client: Client) -> None:
    response = client.get(reverse("person-list"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_learner_gets_a_page_with_a_reference_and_the_try_is_recorded() -> None:
    response = signed_in(lena()).get(reverse("person-list"))
    assert response.status_code == 403
    assert Entry.objects.get(fact_type="security.refused").payload == {"rule": "permission_missing"}


def test_ada_enrols_a_person_who_can_then_sign_in() -> None:
    company = make_organization("Northgate Energy")
    form = {
        "given_name": "Noa", "family_name": "Kim", "employee_id": "NG-77", "email": "Noa.Kim@Example.Test",
        "locale": "es", "kind": "employee", "organization": str(company.pk), "status": "active",
        "password": PASSWORD,
    }  # fmt: skip
    response = signed_in(ada()).post(reverse("person-new"), form)
    assert response.status_code == 302
    person = Person.objects.get(employee_id="NG-77")
    assert person.email == "noa.kim@example.test"
    answer = Client().post(reverse("account_login"), {"login": "noa.kim@example.test", "password": PASSWORD})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("password123", id="one that everybody tries"),
        pytest.param("Featherstone1", id="the family name"),
        pytest.param("noa.featherstone", id="the e-mail"),
        pytest.param("short", id="one too short"),
    ],
)
def test_a_first_password_is_judged_like_any_other(password: str) -> None:
    company = make_organization("Northgate Energy")
    form = {
        "given_name": "Noa", "family_name": "Featherstone", "employee_id": "NG-77",
        "email": "noa.featherstone@example.test", "locale": "es", "kind": "employee",
        "organization": str(company.pk), "status": "active", "password": password,
    }  # fmt: skip
    response = signed_in(ada()).post(reverse("person-new"), form)
    assert response.status_code == 200
    assert not Person.objects.filter(employee_id="NG-77").exists()


def test_ada_of_one_organization_cannot_open_a_person_of_another() -> None:
    other = make_person(organization=make_organization("Theirs"))
    admin = signed_in(ada(make_organization("Ours")))
    assert admin.get(reverse("person-detail", args=[other.pk])).status_code == 404


def test_ada_of_one_organization_cannot_grant_a_role_for_the_platform() -> None:
    ours = make_organization("Ours")
    person = make_person(organization=ours)
    signed_in(ada(ours)).post(
        reverse("role-grant", args=[person.pk]), {"role": "compliance", "organization": ""}
    )
    assert not person.role_grants.exists()


def test_whoever_is_deactivated_is_out_at_once() -> None:
    person = lena()
    client = signed_in(person)
    assert client.get(reverse("home"), follow=True).status_code == 200
    person.status = Person.Status.INACTIVE
    person.save()
    assert client.get(reverse("home")).status_code == 302


def test_nobody_signs_in_after_the_last_day_of_the_contract() -> None:
    person = lena(contract_end=date(2020, 1, 1))
    answer = Client().post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == reverse("account_inactive")
    assert not answer.client.session.get("_auth_user_id")
    assert Entry.objects.filter(payload__rule="person_out_of_standing").exists()


def test_contracts_end_by_the_clock_and_say_so(now: datetime) -> None:
    over, still = make_person(contract_end=date(2026, 3, 1)), make_person(contract_end=date(2026, 3, 2))
    assert enrolling.end_contracts(on=now.date(), now=now) == 1
    over.refresh_from_db()
    still.refresh_from_db()
    assert (over.status, still.status) == (Person.Status.INACTIVE, Person.Status.ACTIVE)
    assert Entry.objects.filter(fact_type="people.contract_ended", subject=f"person:{over.pk}").exists()


@pytest.mark.parametrize("elsewhere", ["the platform", "another organization", "superuser", ""])
def test_an_organizations_admin_gains_nobodys_roles_by_changing_their_e_mail(elsewhere: str) -> None:
    company = make_organization("Northgate Energy")
    victim = make_person(
        organization=company, email="root@example.test", is_superuser=elsewhere == "superuser"
    )
    grant(victim, "compliance", company)
    if elsewhere in ("the platform", "another organization"):
        grant(victim, "lms_admin", make_organization("Other") if "another" in elsewhere else None)
    mallory = grant(make_person(organization=company), "lms_admin", company)
    form = {
        "given_name": "Ada", "family_name": "Root", "employee_id": victim.employee_id,
        "email": "mallory@example.test", "locale": "en", "kind": "employee",
        "organization": str(company.pk), "status": "active",
    }  # fmt: skip
    response = signed_in(mallory).post(reverse("person-detail", args=[victim.pk]), form)
    victim.refresh_from_db()
    assert response.status_code == (403 if elsewhere else 302)
    assert victim.email == ("root@example.test" if elsewhere else "mallory@example.test")


def test_what_is_seen_signed_in_is_kept_in_no_cache(client: Client) -> None:
    assert "no-store" in signed_in(ada()).get(reverse("person-list"))["Cache-Control"]
    assert "no-store" in signed_in(lena()).get(reverse("home"))["Cache-Control"]
    assert "private" in signed_in(lena()).get(reverse("home"))["Cache-Control"]
    assert not client.get("/").get("Cache-Control", "").startswith("private")
