"""Mails to the learner, in the learner's language."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from django.core import mail

from certificates import issuing, notifying, revoking
from certificates.models import Certificate
from lti_platform.journal import reactions
from proctoring.models import Attempt
from tests.certificates.passing import announce, make_attempt, make_certificate, make_credential
from tests.factories import lena

pytestmark = pytest.mark.django_db


def test_the_holder_hears_of_the_certificate_once(now: datetime, settle: Callable[..., int]) -> None:
    attempt = make_attempt(now)
    make_credential(attempt.exam)
    announce(attempt, now=now)
    settle()
    (letter,) = mail.outbox
    certificate = Certificate.objects.get()
    assert letter.to == [attempt.person.email]
    assert letter.subject == "Your certificate: Confined space entry"
    for part in (
        "Hello Lena,",
        certificate.serial,
        "2 March 2029",
        certificate.proof_token,
        certificate.pdf_token,
    ):
        assert part in letter.body


@pytest.mark.parametrize(
    ("state", "passed", "locale", "subject", "words"),
    [
        ("released", False, "en", "Your result: Refrigerant handling", "55 %. The pass mark is 70 %"),
        ("released", False, "es", "Tu resultado: Manejo de refrigerantes", "no aprobaste"),
        (
            "invalidated",
            True,
            "en",
            "Your exam was not accepted: Refrigerant handling",
            "could not accept it",
        ),
        (
            "invalidated",
            True,
            "es",
            "Tu examen no fue aceptado: Manejo de refrigerantes",
            "no pudo aceptarla",
        ),
        ("voided", None, "en", "Your exam does not count: Refrigerant handling", "does not use up"),
        ("voided", None, "es", "Tu examen no cuenta: Manejo de refrigerantes", "No gasta"),
    ],
)
def test_who_earned_nothing_hears_why(
    now: datetime,
    settle: Callable[..., int],
    state: str,
    passed: bool | None,
    locale: str,
    subject: str,
    words: str,
) -> None:
    percent = None if passed is None else Decimal(55)
    attempt = make_attempt(now, person=lena(locale=locale), state=state, passed=passed, percent=percent)
    announce(attempt, now=now)
    settle()
    (letter,) = mail.outbox
    assert letter.subject == subject
    assert words in " ".join(letter.body.split())
    assert f"/attempts/{attempt.pk}/" in letter.body


def test_spanish_mail_of_a_certificate_has_no_english(now: datetime) -> None:
    certificate = make_certificate(now, person=lena(locale="es"))
    notifying.tell_holder(certificate.pk)
    (letter,) = mail.outbox
    assert letter.subject == "Tu certificado: Entrada a espacios confinados"
    assert "2 de marzo de 2029" in letter.body
    for english in ("Hello", "passed", "valid", "Anyone", "certificate is"):
        assert english not in letter.body


@pytest.mark.parametrize(
    ("locale", "subject", "words"),
    [
        ("en", "Your certificate was revoked: Confined space entry", "It opens no gate any more"),
        ("es", "Tu certificado fue revocado: Entrada a espacios confinados", "Ya no abre ninguna entrada"),
    ],
)
def test_the_holder_hears_of_a_revocation_and_not_its_reason(
    now: datetime, settle: Callable[..., int], locale: str, subject: str, words: str
) -> None:
    certificate = make_certificate(now, person=lena(locale=locale))
    revoking.revoke(certificate.pk, reason="Shared the questions.", now=now)
    settle()
    (letter,) = mail.outbox
    assert letter.subject == subject
    assert words in letter.body
    assert certificate.serial in letter.body
    assert "Shared" not in letter.body


def test_who_heard_of_the_rejection_hears_of_the_revocation_once(now: datetime) -> None:
    certificate = make_certificate(now)
    Attempt.objects.filter(pk=certificate.attempt_id).update(state=Attempt.State.INVALIDATED)
    assert not notifying.tell_of_revocation(certificate.pk)
    assert notifying.tell_learner(certificate.attempt_id)


def test_nobody_is_congratulated_on_what_was_withdrawn_meanwhile(now: datetime) -> None:
    certificate = make_certificate(now)
    revoking.revoke(certificate.pk, reason="Rejected.", now=now)
    assert not notifying.tell_holder(certificate.pk)
    assert mail.outbox == []


def test_who_has_no_address_gets_no_mail(now: datetime, settle: Callable[..., int]) -> None:
    attempt = make_attempt(now, person=lena(email=None), passed=False)
    announce(attempt, now=now)
    settle()
    assert mail.outbox == []


def test_a_check_in_that_came_to_nothing_is_no_news(now: datetime) -> None:
    attempt = make_attempt(now, state="voided", passed=None, started_at=None)
    assert not notifying.tell_learner(attempt.pk)


def test_a_pass_is_told_by_its_certificate_alone(now: datetime) -> None:
    attempt = make_attempt(now)
    make_credential(attempt.exam)
    issuing.consider(attempt.pk, now=now)
    assert not notifying.tell_learner(attempt.pk)


def test_a_title_with_a_line_break_forges_no_header(now: datetime) -> None:
    attempt = make_attempt(now, passed=False)
    attempt.exam.title = "Exam\nBcc: everyone@example.test"
    attempt.exam.save()
    assert notifying.tell_learner(attempt.pk)
    assert mail.outbox[0].subject == "Your result: Exam Bcc: everyone@example.test"
    assert mail.outbox[0].recipients() == [attempt.person.email]


@pytest.mark.parametrize(
    "name",
    [
        "tell_the_holder",
        "tell_whose_certificate_is_revoked",
        "tell_who_did_not_pass",
        "tell_who_was_rejected",
        "tell_whose_attempt_is_void",
    ],
)
def test_a_slow_mail_server_holds_up_no_transaction(name: str) -> None:
    assert reactions.takes_long(f"certificates:{name}")
