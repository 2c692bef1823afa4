"""A copy of an attempt's file leaves the house: the reason is recorded first, and is part of the copy."""

from datetime import datetime
from typing import IO

from django.db import transaction

from certificates import attempt_file
from certificates.facts import FileRequested
from certificates.models import Certificate
from certificates.rendering import pdf
from certificates.rendering.frozen import CertificateFacts
from certificates.verification import proof_url
from lti_platform.journal.recording import record
from lti_platform.people.models import Person
from proctoring.evidence import accessing
from proctoring.evidence import export as evidence_export
from proctoring.evidence.models import Access
from proctoring.models import Attempt


def export(
    attempt: Attempt, out: IO[bytes], *, person: Person, reason: str, case_reference: str, now: datetime
) -> None:
    """Writes the attempt's file as a ZIP that proves itself. Whether the person may is the caller's question.

    Raises proctoring.evidence.errors: ReasonRequired, StoreUnavailable.
    """
    access = _record_reason(attempt, person=person, reason=reason, case_reference=case_reference, now=now)
    documents = attempt_file.as_documents(attempt_file.gather(attempt)) | _certificate(attempt)
    evidence_export.write_bundle(attempt, out, extra_documents=documents, access=access, now=now)


@transaction.atomic
def _record_reason(
    attempt: Attempt, *, person: Person, reason: str, case_reference: str, now: datetime
) -> Access | None:
    """One access for each session the copy holds; the first of them, or None when there is no session."""
    accesses = [
        accessing.grant(person, session, reason=reason, case_reference=case_reference, now=now)
        for session in attempt.sessions.order_by("launched_at", "id")
    ]
    record(
        FileRequested(attempt_id=attempt.pk, reason=reason),
        now=now,
        subject=f"attempt:{attempt.pk}",
        organization_id=attempt.person.organization_id,
        note=case_reference,
    )
    return accesses[0] if accesses else None


def _certificate(attempt: Attempt) -> dict[str, bytes]:
    found = Certificate.objects.filter(attempt=attempt).first()
    if found is None:
        return {}
    facts = CertificateFacts.from_json(found.facts)
    return {
        "certificate.pdf": pdf.render(
            facts, proof_url=proof_url(found), language="en", revoked_at=found.revoked_at
        )
    }
