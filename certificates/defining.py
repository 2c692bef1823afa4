"""What an exam earns is said by an administrator, and may be changed for certificates to come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from certificates import issuing
from certificates.facts import CredentialChanged
from certificates.models import Certificate, Credential
from lti_platform.journal.recording import record
from proctoring.models import Attempt, Exam


@transaction.atomic
def define(exam: Exam, *, now: datetime, **rule: Any) -> Credential:
    """What the exam earns from now on; `rule` are fields of the credential: code, title, validity and so on."""
    return _record(Credential.objects.create(exam=exam, **rule), now=now)


@transaction.atomic
def change(credential: Credential, *, now: datetime, **rule: Any) -> Credential:
    """Changes what is issued from now on; a certificate keeps the words and the end it was issued with."""
    credential = Credential.objects.select_for_update().get(pk=credential.pk)
    for name, value in rule.items():
        setattr(credential, name, value)
    credential.save()
    return _record(credential, now=now)


def waiting(exam_id: UUID) -> list[UUID]:
    """Released passes of the exam without a certificate, the oldest first: what they earn is not said, or over."""
    passes = Attempt.objects.filter(exam_id=exam_id, state=Attempt.State.RELEASED, passed=True)
    without = passes.exclude(pk__in=Certificate.objects.filter(attempt__exam_id=exam_id).values("attempt"))
    return list(without.order_by("settled_at", "pk").values_list("pk", flat=True))


def issue_waiting(exam_id: UUID, *, now: datetime) -> int:
    """Issues to everybody whose pass waits for its certificate and may have it now; how many they were."""
    return sum(issuing.consider(attempt_id, now=now) is not None for attempt_id in waiting(exam_id))


def _record(credential: Credential, *, now: datetime) -> Credential:
    fact = CredentialChanged(
        credential_id=credential.pk,
        exam_id=credential.exam_id,
        validity=credential.validity,
        months=credential.months,
        fixed_date=credential.fixed_date.isoformat() if credential.fixed_date else "",
    )
    organization_id = credential.exam.context.organization_id
    record(fact, now=now, subject=f"credential:{credential.pk}", organization_id=organization_id)
    return credential
