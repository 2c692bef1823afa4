"""Lena's home and certificates: what to do next, and what she earned."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from certificates import overview, revoking
from lti_platform.people.models import Person
from proctoring.models import Exam, ReviewCase
from tests.certificates.passing import make_attempt, make_certificate, make_credential
from tests.counting import counted
from tests.factories import cora, lena, make_context, make_exam, make_membership, make_organization, mallory

pytestmark = pytest.mark.django_db


def enrolled(**fields: Any) -> tuple[Person, Exam]:
    """Lena in the course of an exam."""
    person, exam = lena(), make_exam(**fields)
    make_membership(person, exam.context)
    return person, exam


def shown(client: Client, person: Person, *, language: str = "en", address: str = "/learn/") -> str:
    client.force_login(person)
    person.locale = language
    person.save()
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ["You have 1 exam to take.", "Refrigerant handling", "Get ready", "You have 2 attempts left."],
        ),
        ("es", ["Tienes 1 examen", "Manejo de refrigerantes", "25 preguntas, 60 minutos"]),
    ],
)
def test_an_exam_to_take_comes_first(client: Client, language: str, words: list[str]) -> None:
    person, _ = enrolled()
    page = shown(client, person, language=language)
    for word in words:
        assert word in page


@pytest.mark.parametrize(
    ("policy", "is_said"), [("always", True), ("flagged", True), ("not_required", False)]
)
def test_a_review_is_promised_only_where_there_is_one(client: Client, policy: str, is_said: bool) -> None:
    person, _ = enrolled(review_policy=policy)
    assert ("A person checks the recording" in shown(client, person)) is is_said


def test_a_running_attempt_is_continued(client: Client) -> None:
    person, exam = enrolled()
    attempt = make_attempt(
        timezone.now(), person=person, exam=exam, state="paused", passed=None, ended_at=None
    )
    page = shown(client, person)
    assert "Continue the exam" in page
    assert f"/attempts/{attempt.pk}/" in page


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda now: {"opens_at": now + timedelta(days=2)}, "Opens"),
        (lambda now: {"closes_at": now - timedelta(days=2)}, "Ask your supervisor for another date."),
        (lambda now: {"attempts_allowed": 0}, "No attempts left"),
    ],
)
def test_what_may_not_be_begun_says_why(
    client: Client, make: Callable[[datetime], dict[str, Any]], words: str
) -> None:
    person, _ = enrolled(**make(timezone.now()))
    page = shown(client, person)
    assert words in page
    assert "Get ready" not in page


def test_a_wait_between_attempts_is_said(client: Client) -> None:
    person, exam = enrolled(wait_minutes=600)
    make_attempt(timezone.now(), person=person, exam=exam, passed=False)
    page = shown(client, person)
    assert "You may try again" in page
    assert "Not passed" in page


@pytest.mark.parametrize(
    ("case", "words"), [("waiting", "Waiting for review"), ("not_required", "Waiting for its result")]
)
def test_a_held_result_says_who_is_next(client: Client, case: str, words: str) -> None:
    now = timezone.now()
    person, exam = enrolled()
    attempt = make_attempt(now, person=person, exam=exam, state="submitted")
    ReviewCase.objects.create(attempt=attempt, state=case, opened_at=now, due_at=now)
    page = shown(client, person)
    assert words in page
    assert "84 %" not in page
    assert "Passed" not in page


@pytest.mark.parametrize(
    ("state", "passed", "words"),
    [
        ("invalidated", True, "Not accepted after review"),
        ("invalidated", False, "Not accepted after review"),
        ("voided", None, "Does not count"),
        ("released", False, "Not passed"),
    ],
)
def test_bad_news_is_not_hidden(client: Client, state: str, passed: bool | None, words: str) -> None:
    person, exam = enrolled()
    make_attempt(timezone.now(), person=person, exam=exam, state=state, passed=passed)
    assert words in shown(client, person)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Your certificate follows"), ("es", "Tu certificado viene")]
)
def test_a_pass_whose_certificate_waits_is_not_lost_from_sight(
    client: Client, language: str, words: str
) -> None:
    person, exam = enrolled()
    make_credential(exam, validity="fixed_date", months=None, fixed_date=date(2020, 1, 1))
    attempt = make_attempt(timezone.now(), person=person, exam=exam)
    page = shown(client, person, language=language)
    assert words in page
    assert f"/attempts/{attempt.pk}/" in page


def test_where_nothing_is_earned_no_certificate_is_promised(client: Client) -> None:
    person, exam = enrolled()
    attempt = make_attempt(timezone.now(), person=person, exam=exam)
    page = shown(client, person)
    assert f"/attempts/{attempt.pk}/" in page
    assert "Passed" in page
    assert "certificate follows" not in page


def test_a_pass_is_told_by_its_certificate(client: Client) -> None:
    certificate = make_certificate(timezone.now(), person=lena())
    page = shown(client, certificate.person)
    assert certificate.serial in page
    assert f"/attempts/{certificate.attempt_id}/" not in page


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"validity": "none", "months": None}, "no expiry"),
        ({"months": 36}, "until <time"),
        ({"months": 1}, "days left"),
    ],
)
def test_certificates_say_how_long_they_hold(client: Client, rule: dict[str, Any], words: str) -> None:
    person = lena()
    certificate = make_certificate(timezone.now(), person=person, **rule)
    for address in ("/learn/", "/learn/certificates/"):
        page = shown(client, person, address=address)
        assert words in page
        assert certificate.serial in page


def test_ended_and_revoked_ones_are_shown_as_such(client: Client) -> None:
    person, now = lena(), timezone.now()
    make_certificate(now - timedelta(days=90), person=person, months=1)
    revoking.revoke(make_certificate(now, person=person).pk, reason="Rejected.", now=now)
    page = shown(client, person, address="/learn/certificates/")
    assert "Ended" in page
    assert "Revoked" in page


def test_empty_pages_say_what_will_come(client: Client) -> None:
    person = lena()
    assert "Nothing to do right now." in shown(client, person)
    assert "You have no certificates yet." in shown(client, person, address="/learn/certificates/")


def test_a_course_one_left_asks_nothing(client: Client) -> None:
    person, exam = lena(), make_exam()
    make_membership(person, exam.context, status="inactive")
    make_membership(person, make_exam(make_context()).context, "Instructor")
    assert overview.overview(person, now=timezone.now()).to_do == []


def test_queries_do_not_grow_with_exams_attempts_and_certificates(client: Client) -> None:
    def cost(count: int) -> int:
        person = lena()
        for _ in range(count):
            exam = make_exam()
            make_membership(person, exam.context)
            make_attempt(timezone.now(), person=person, exam=exam, state="submitted")
            make_certificate(timezone.now(), person=person)
            make_membership(person, make_exam().context)
        client.force_login(person)
        with counted() as queries:
            assert client.get("/learn/").status_code == 200
        return len(queries)

    assert cost(1) == cost(6) <= 12


def test_the_pdf_is_for_the_holder_and_who_keeps_the_files(client: Client) -> None:
    gulf = make_organization("Gulf Scaffolding", kind="contractor")
    certificate = make_certificate(timezone.now(), person=lena(organization=gulf))
    address = f"/certificates/{certificate.pk}.pdf"
    for person, status in (
        (certificate.person, 200),
        (cora(), 200),
        (cora(gulf), 200),
        (cora(make_organization("Harbor Lift")), 404),
        (lena(), 404),
        (mallory(), 404),
        (mallory("compliance"), 404),
    ):
        client.force_login(person)
        response = client.get(address)
        assert response.status_code == status, person
        assert (response["content-type"] == "application/pdf") == (status == 200)
    client.logout()
    assert client.get(address).status_code == 302


def test_the_pdf_comes_in_the_readers_language(client: Client) -> None:
    person = lena(locale="es")
    certificate = make_certificate(timezone.now(), person=person)
    client.force_login(person)
    response = client.get(f"/certificates/{certificate.pk}.pdf")
    assert b"/Lang (es)" in response.content
    assert f'filename="{certificate.serial}.pdf"' in response["content-disposition"]
