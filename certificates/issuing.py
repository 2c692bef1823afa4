"""A released pass earns a certificate: once, numbered without gaps, its words frozen."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from certificates.expiring import ValidityRule, last_day
from certificates.facts import CertificateIssued
from certificates.models import Certificate, Credential, SerialCounter
from certificates.rendering.frozen import CertificateFacts
from lti_platform.journal.recording import record
from proctoring.models import Attempt, ReviewCase


@transaction.atomic
def consider(attempt_id: UUID, *, now: datetime) -> Certificate | None:
    """The certificate that a released, passed attempt earned, issued now or before; None when it earns none.

    None too while it would be over on the day of its issue: the pass waits until it is given a later last day.
    The attempt's row is locked and one attempt has one certificate, so asking twice, or at once, issues one.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("exam").get(pk=attempt_id)
    if attempt.state != Attempt.State.RELEASED or not attempt.passed:
        return None
    if existing := Certificate.objects.filter(attempt=attempt).first():
        return existing
    credential = Credential.objects.select_related("issuer").filter(exam=attempt.exam).first()
    if credential is None or is_over(credential, today=timezone.localdate(now)):
        return None
    return _issue(attempt, credential, now=now)


def is_over(credential: Credential, *, today: date) -> bool:
    """Whether what is issued today would have expired already: its fixed date is past."""
    last = _last_day(credential, issued_on=today)
    return last is not None and last < today


def _last_day(credential: Credential, *, issued_on: date) -> date | None:
    rule = ValidityRule(credential.validity, credential.months, credential.fixed_date)
    return last_day(rule, issued_on=issued_on)


def _issue(attempt: Attempt, credential: Credential, *, now: datetime) -> Certificate:
    issued_on = timezone.localdate(now)
    expires_on = _last_day(credential, issued_on=issued_on)
    serial = next_serial(credential.code, year=issued_on.year)
    certificate = Certificate.objects.create(
        serial=serial,
        credential=credential,
        person=attempt.person,
        attempt=attempt,
        facts=_facts(attempt, credential, serial=serial, dates=(issued_on, expires_on)).as_json(),
        issued_at=now,
        expires_on=expires_on,
    )
    record(
        CertificateIssued(certificate_id=certificate.pk, attempt_id=attempt.pk),
        now=now,
        subject=f"certificate:{certificate.pk}",
        organization_id=attempt.person.organization_id,
    )
    return certificate


def next_serial(code: str, *, year: int) -> str:
    """The next serial of this code and year ("CSE-2027-000412"); the counter's row is locked until commit."""
    SerialCounter.objects.get_or_create(code=code, year=year)
    counter = SerialCounter.objects.select_for_update().get(code=code, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{code}-{year}-{counter.last:06}"


def _facts(
    attempt: Attempt, credential: Credential, *, serial: str, dates: tuple[date, date | None]
) -> CertificateFacts:
    person, (issued_on, expires_on) = attempt.person, dates
    decided = ReviewCase.objects.filter(attempt=attempt, state=ReviewCase.State.DECIDED).exists()
    return CertificateFacts(
        serial=serial,
        given_name=person.given_name,
        family_name=person.family_name,
        employee_id=person.employee_id,
        organization=person.organization.name if person.organization else "",
        issuer=credential.issuer.name,
        credential_code=credential.code,
        course_id=credential.course_id,
        title=credential.title,
        title_es=credential.title_es,
        issued_on=issued_on.isoformat(),
        expires_on=expires_on.isoformat() if expires_on else "",
        questions=attempt.policy.get("questions", attempt.exam.questions),
        pass_mark_percent=str(attempt.policy.get("pass_mark_percent", attempt.exam.pass_mark_percent)),
        score_percent=str(attempt.percent if attempt.percent is not None else ""),
        is_reviewed=decided,
        is_proctored=True,
        case_number=attempt.case_number,
    )
