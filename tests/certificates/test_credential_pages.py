"""Ada says what an exam earns, and for how long."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from certificates.models import Certificate, Credential
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from proctoring.models import Exam
from tests.certificates.passing import announce, make_attempt, make_certificate, make_credential
from tests.factories import ada, cora, lena, make_context, make_exam, make_organization, mallory, pia

LIST, NEW = "/admin/credentials/", "/admin/credentials/new"


@pytest.fixture
def exam() -> Exam:
    return make_exam(title="Confined space entry")


def browser(person: Person | None = None) -> Client:
    client = Client()
    client.force_login(person or ada())
    return client


def fields(to_pass: Exam, **changes: Any) -> dict[str, str]:
    """What Ada fills in for three years of a credential."""
    return {
        "exam": str(to_pass.pk),
        "title": "Confined space entry",
        "title_es": "Entrada a espacios confinados",
        "code": "CSE",
        "course_id": "CSE-101",
        "issuer": str(to_pass.context.organization_id),
        "validity": "months",
        "months": "36",
        "fixed_date": "",
    } | changes


@pytest.mark.django_db
def test_an_exam_that_earns_nothing_is_named_beside_the_way_to_mend_it(exam: Exam) -> None:
    page = browser().get(LIST).content.decode()
    assert "Say what Confined space entry earns" in page
    assert f"{NEW}?exam={exam.pk}" in page
    assert f'value="{exam.pk}" selected' in browser().get(f"{NEW}?exam={exam.pk}").content.decode()


@pytest.mark.django_db
def test_a_credential_is_made_recorded_and_listed(exam: Exam) -> None:
    answer = browser().post(NEW, fields(exam), follow=True)
    made = Credential.objects.get()
    assert (made.exam, made.code, made.validity, made.months) == (exam, "CSE", "months", 36)
    entry = Entry.objects.get(fact_type="certificates.credential_changed")
    assert (entry.payload["credential_id"], entry.payload["months"]) == (str(made.pk), 36)
    page = answer.content.decode()
    assert reverse("credential-edit", args=[made.pk]) in page
    assert "36 months" in page
    assert "earn nothing yet" not in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"validity": "months", "months": ""}, "months", id="months without a number"),
        pytest.param({"validity": "months", "months": "0"}, "months", id="no months at all"),
        pytest.param({"validity": "fixed_date"}, "fixed_date", id="a fixed date that is not said"),
        pytest.param(
            {"validity": "fixed_date", "fixed_date": "2020-01-01"}, "fixed_date", id="a day that is over"
        ),
        pytest.param({"code": "cse 1/2"}, "code", id="a code that can't begin a serial"),
        pytest.param({"validity": "forever"}, "validity", id="a rule nobody knows"),
        pytest.param({"exam": "7"}, "exam", id="no exam of ours"),
    ],
)
@pytest.mark.django_db
def test_half_a_rule_is_sent_back(exam: Exam, changes: dict[str, str], field: str) -> None:
    answer = browser().post(NEW, fields(exam, **changes))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Credential.objects.exists()


@pytest.mark.django_db
def test_what_belongs_to_another_rule_is_dropped(exam: Exam) -> None:
    browser().post(NEW, fields(exam, validity="none", months="12", fixed_date="2040-01-01"))
    made = Credential.objects.get()
    assert (made.validity, made.months, made.fixed_date) == ("none", None, None)


@pytest.mark.django_db
def test_one_exam_earns_one_credential(exam: Exam) -> None:
    make_credential(exam)
    assert "exam" in browser().post(NEW, fields(exam)).context["form"].errors


@pytest.mark.django_db
def test_a_change_leaves_issued_certificates_as_they_are() -> None:
    certificate = make_certificate(datetime.now(UTC), code="OLD")
    credential, before = certificate.credential, certificate.expires_on
    changed = fields(credential.exam, code="NEW", title="New title", months="6")
    changed["issuer"] = str(credential.issuer_id)
    browser().post(reverse("credential-edit", args=[credential.pk]), changed)
    credential.refresh_from_db()
    certificate.refresh_from_db()
    assert (credential.code, credential.months) == ("NEW", 6)
    assert (certificate.expires_on, certificate.facts["credential_code"]) == (before, "OLD")


@pytest.mark.django_db
def test_who_passed_before_it_was_said_gets_a_certificate_once(
    exam: Exam, settle: Callable[..., int]
) -> None:
    early = make_attempt(datetime.now(UTC) - timedelta(days=9), exam=exam, person=lena())
    announce(early, now=datetime.now(UTC))
    settle(now=datetime.now(UTC))
    assert not Certificate.objects.exists()
    browser().post(NEW, fields(exam))
    settle(now=datetime.now(UTC))
    assert Certificate.objects.get().attempt == early
    assert Entry.objects.filter(fact_type="certificates.issued").count() == 1


@pytest.mark.django_db
def test_another_companys_administrator_sees_and_changes_nothing(exam: Exam) -> None:
    credential = make_credential(exam)
    theirs = browser(mallory("lms_admin"))
    page = theirs.get(LIST).content.decode()
    assert credential.title not in page
    assert theirs.get(reverse("credential-edit", args=[credential.pk])).status_code == 404
    other = make_exam(context=make_context(make_organization("Northgate Energy")))
    refused = theirs.post(NEW, fields(other)).context["form"].errors
    assert {"exam", "issuer"} <= set(refused)


@pytest.mark.parametrize("address", [LIST, NEW])
@pytest.mark.django_db
def test_who_does_not_manage_courses_stays_outside(address: str) -> None:
    assert browser(pia()).get(address).status_code == 403
    assert Client().get(address).status_code == 302


@pytest.mark.django_db
def test_the_record_names_the_credential(exam: Exam) -> None:
    browser().post(NEW, fields(exam, title="Work at heights"))
    page = browser(cora()).get("/files/record/?fact=certificates.credential_changed").content.decode()
    assert "Work at heights" in page


@pytest.mark.django_db
def test_passes_that_wait_because_the_last_day_is_over_are_told_where_it_is_given(exam: Exam) -> None:
    over = {"validity": "fixed_date", "months": None, "fixed_date": date(2020, 1, 1)}
    credential = make_credential(exam, **over)
    make_attempt(datetime(2026, 3, 2, 15, tzinfo=UTC), exam=exam)
    page = browser().get(f"/admin/credentials/{credential.pk}/edit").content.decode()
    assert "1 released pass waits for its certificate: the last day of this credential is over." in page
