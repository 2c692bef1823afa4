"""Mallory and certificates: other people's files, papers and proofs."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.test import Client

from certificates import attempt_file
from certificates.models import Certificate
from gradebook import holding, scoring
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from proctoring.evidence.models import Access
from tests.certificates.passing import make_attempt, make_certificate
from tests.factories import (
    ada,
    lena,
    make_line_item,
    make_link,
    make_membership,
    make_organization,
    make_person,
    mallory,
    pia,
)
from tests.gradebook.submitting import submission

pytestmark = pytest.mark.django_db

READING = ("/files/{attempt}/", "/certificates/{certificate}.pdf")
POSTING = ("/files/{attempt}/export/", "/files/{attempt}/play/", "/certificates/{certificate}/revoke/")
BODY = {"reason": "legal", "case_reference": "C-1", "item": str(uuid.uuid4())}


@pytest.fixture
def hers(now: datetime) -> Certificate:
    """Lena's certificate."""
    return make_certificate(now)


def address(pattern: str, certificate: Certificate) -> str:
    return pattern.format(attempt=certificate.attempt_id, certificate=certificate.pk)


@pytest.mark.parametrize("pattern", [*READING, *POSTING])
def test_an_officer_of_another_company_finds_nothing(client: Client, hers: Certificate, pattern: str) -> None:
    client.force_login(mallory("compliance"))
    ask = client.post if pattern in POSTING else client.get
    assert ask(address(pattern, hers), BODY).status_code == 404
    hers.refresh_from_db()
    assert hers.status == "issued"
    assert not Access.objects.exists()
    assert not Entry.objects.filter(fact_type__startswith="evidence.").exists()


@pytest.mark.parametrize("make", [lena, pia, ada, mallory])
@pytest.mark.parametrize("pattern", [READING[0], *POSTING])
def test_other_roles_are_refused_and_it_is_kept(
    client: Client, hers: Certificate, pattern: str, make: type[Person]
) -> None:
    client.force_login(make())
    ask = client.post if pattern in POSTING else client.get
    assert ask(address(pattern, hers), BODY).status_code == 403
    assert Entry.objects.filter(fact_type="security.refused", payload__rule="permission_missing").exists()


@pytest.mark.parametrize("pattern", [*READING, *POSTING])
def test_nobody_signed_in_is_sent_to_sign_in(client: Client, hers: Certificate, pattern: str) -> None:
    ask = client.post if pattern in POSTING else client.get
    response = ask(address(pattern, hers), BODY)
    assert response.status_code == 302
    assert "/accounts/login/" in response["location"]


@pytest.mark.parametrize("pattern", POSTING)
def test_a_post_from_another_site_is_refused(hers: Certificate, pattern: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mallory("compliance"))
    assert client.post(address(pattern, hers), BODY).status_code == 403


@pytest.mark.parametrize("pattern", POSTING)
def test_what_changes_something_is_no_link(client: Client, hers: Certificate, pattern: str) -> None:
    client.force_login(mallory("compliance"))
    assert client.get(address(pattern, hers)).status_code == 405


@pytest.mark.parametrize("item", ["", "x", "\0", "0" * 5000, "00000000-0000-4000-8000-000000000000"])
def test_an_item_that_is_not_of_the_file_is_not_found(client: Client, hers: Certificate, item: str) -> None:
    officer = mallory("compliance", hers.person.organization)
    client.force_login(officer)
    assert client.post(f"/files/{hers.attempt_id}/play/", {**BODY, "item": item}).status_code == 404


def test_another_learner_cannot_take_the_paper(client: Client, hers: Certificate) -> None:
    client.force_login(mallory())
    assert client.get(f"/certificates/{hers.pk}.pdf").status_code == 404
    assert client.get(f"/paper/{hers.proof_token}/certificate.pdf").status_code == 404
    assert client.get(f"/paper/{hers.pk}/certificate.pdf").status_code == 404


def test_serials_can_be_guessed_and_open_nothing(client: Client, hers: Certificate) -> None:
    for guess in (hers.serial, hers.serial.lower(), str(hers.pk), str(hers.attempt.case_number)):
        assert client.get(f"/proof/{guess}/").status_code == 404


def test_a_name_full_of_markup_stays_text(client: Client, now: datetime) -> None:
    person = lena(given_name="<script>alert(1)</script>", organization=make_organization("<b>Gulf</b>"))
    certificate = make_certificate(now, person=person, title="<img src=x>")
    officer = mallory("compliance", person.organization)
    pages = [f"/proof/{certificate.proof_token}/"]
    client.force_login(officer)
    pages += ["/files/", f"/files/{certificate.attempt_id}/", "/files/register/", "/files/record/"]
    for page in pages:
        shown = client.get(page).content.decode()
        for raw in ("<script>alert", "<img src=x>", "<b>Gulf</b>"):
            assert raw not in shown


@pytest.mark.parametrize("address_of", ["the exam's own item", "an item of the tool's"])
def test_another_persons_score_sent_to_her_attempts_address_never_shows_in_her_file(
    hers: Certificate, now: datetime, address_of: str
) -> None:
    attempt, mateo = hers.attempt, make_person("Mateo", "Ruiz")
    make_membership(mateo, attempt.exam.context)
    item = attempt.exam.line_item if "exam" in address_of else make_line_item(make_link(attempt.exam.context))
    for person in (mateo, attempt.person):
        scoring.accept(
            item,
            submission(person, at=now, given=13 if person == mateo else 84),
            binding=str(attempt.pk),
            now=now,
        )
    file = attempt_file.gather(attempt)
    is_hers = item == attempt.exam.line_item
    assert [score.person for score in file.scores] == [attempt.person] * is_hers
    assert (file.result.person if file.result else None) == (attempt.person if is_hers else None)
    facts = [entry.fact_type for entry in file.custody.entries]
    assert facts.count("gradebook.score_received") == is_hers
    assert str(mateo.pk) not in b"".join(attempt_file.as_documents(file).values()).decode()


def test_a_score_that_was_matched_and_the_one_it_replaced_both_stand_in_her_file(now: datetime) -> None:
    attempt = make_attempt(now, passed=None, percent=None, state="submitted")
    item = attempt.exam.line_item
    make_membership(attempt.person, attempt.exam.context)
    scoring.accept(item, submission(attempt.person, at=now, given=50), binding=str(attempt.pk), now=now)
    later = now + timedelta(seconds=5)
    matched = scoring.accept(item, submission(attempt.person, at=later, given=84), binding="", now=later)
    holding.bind(matched.pk, binding=str(attempt.pk), now=later)
    file = attempt_file.gather(attempt)
    assert [score.score_given for score in file.scores] == [50, 84]
    facts = [entry.fact_type for entry in file.custody.entries]
    assert facts.count("gradebook.score_received") == 2
    assert "gradebook.result_bound" in facts
