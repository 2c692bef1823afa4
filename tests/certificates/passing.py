"""Attempts as they stand after review, and what they earned."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from certificates import issuing
from certificates.models import Certificate, Credential
from lti_platform.journal.facts import Fact
from lti_platform.journal.recording import record
from lti_platform.people.models import Person
from proctoring.attempts import pinned
from proctoring.facts import AttemptInvalidated, AttemptReleased, AttemptVoided
from proctoring.models import Attempt, Exam, Incident, ReviewCase, Session, Verdict
from tests.factories import lena, make_exam, make_membership, make_organization, pia

_numbers = itertools.count(4821)
FACTS: dict[str, Callable[[Attempt], Fact]] = {
    "released": lambda attempt: AttemptReleased(attempt_id=attempt.pk, passed=bool(attempt.passed)),
    "invalidated": lambda attempt: AttemptInvalidated(attempt_id=attempt.pk, outcome="violation_major"),
    "voided": lambda attempt: AttemptVoided(attempt_id=attempt.pk),
}


def make_credential(exam: Exam | None = None, **fields: Any) -> Credential:
    """What the exam earns: three years of "Confined space entry" unless told otherwise."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "issuer": make_organization("Northgate Energy"),
        "exam": exam or make_exam(),
        "code": f"CSE{number}",
        "course_id": "REF-1",
        "title": "Confined space entry",
        "title_es": "Entrada a espacios confinados",
        "validity": "months",
        "months": 36,
    }
    return Credential.objects.create(**{**defaults, **fields})


def make_attempt(
    now: datetime,
    *,
    person: Person | None = None,
    exam: Exam | None = None,
    state: str = "released",
    **fields: Any,
) -> Attempt:
    """An attempt that was taken an hour ago and stands in `state`; passed with 84 % unless told otherwise."""
    exam, person = exam or make_exam(), person or lena()
    defaults: dict[str, Any] = {
        "case_number": next(_numbers),
        "number": Attempt.objects.filter(exam=exam, person=person).count() + 1,
        "policy": {**pinned(exam), "pass_mark_percent": "70"},
        "passed": True,
        "percent": Decimal("84"),
        "created_at": now - timedelta(hours=1),
        "started_at": now - timedelta(minutes=55),
        "ended_at": now - timedelta(minutes=5),
        "settled_at": now if state in FACTS else None,
    }
    return Attempt.objects.create(exam=exam, person=person, state=state, **{**defaults, **fields})


def announce(attempt: Attempt, *, now: datetime) -> None:
    """Records the fact of the state the attempt stands in, with all that it sets off."""
    with transaction.atomic():
        record(FACTS[attempt.state](attempt), now=now, subject=f"attempt:{attempt.pk}")


def make_certificate(now: datetime, *, person: Person | None = None, **credential: Any) -> Certificate:
    """A certificate that the person earned at `now`; `credential` changes what it is one of."""
    exam, person = make_exam(), person or lena()
    make_membership(person, exam.context)
    make_credential(exam, **credential)
    found = issuing.consider(make_attempt(now, person=person, exam=exam).pk, now=now)
    assert found is not None
    return found


def reviewed(now: datetime) -> Certificate:
    """A certificate with everything behind it: session, incident, review and verdict."""
    certificate = make_certificate(now)
    attempt = certificate.attempt
    deployment = attempt.exam.proctoring_link.deployment
    Session.objects.create(
        attempt=attempt, deployment=deployment, browser_digest="0" * 64, session_data_digest=str(attempt.pk)[:64],
        session_data_expires_at=now, launched_at=now, last_heard_at=now, state="incomplete",
    )  # fmt: skip
    Incident.objects.create(
        attempt=attempt, source="tool", action="flag", occurred_at=now, received_at=now, severity="0.5",
        reason_message="Second person in view", message_digest="d",
    )  # fmt: skip
    case = ReviewCase.objects.create(
        attempt=attempt, state="decided", opened_at=now, due_at=now, decided_at=now
    )
    Verdict.objects.create(
        case=case,
        reviewer=pia(),
        outcome="clear_with_notes",
        note="Nothing found.",
        incidents_digest="0" * 64,
        at=now,
    )
    return certificate
