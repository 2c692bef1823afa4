"""A certificate is withdrawn: with a reason, for good, and everybody who was told is told."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from certificates.errors import AlreadyRevoked, ReasonMissing
from certificates.facts import CertificateRevoked
from certificates.models import Certificate
from lti_platform.journal.recording import record


@transaction.atomic
def revoke(certificate_id: UUID, *, reason: str, now: datetime) -> Certificate:
    """Revokes the certificate. Raises ReasonMissing, AlreadyRevoked, Certificate.DoesNotExist."""
    if not reason.strip():
        raise ReasonMissing
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("person")
    certificate = rows.get(pk=certificate_id)
    if certificate.status == Certificate.Status.REVOKED:
        raise AlreadyRevoked(certificate.serial)
    certificate.status = Certificate.Status.REVOKED
    certificate.revoked_at, certificate.revocation_reason = now, reason.strip()[:500]
    certificate.version += 1
    certificate.save(update_fields=["status", "revoked_at", "revocation_reason", "version"])
    record(
        CertificateRevoked(certificate_id=certificate.pk, attempt_id=certificate.attempt_id),
        now=now,
        subject=f"certificate:{certificate.pk}",
        organization_id=certificate.person.organization_id,
        note=certificate.revocation_reason,
    )
    return certificate


def revoke_for_attempt(attempt_id: UUID, *, reason: str, now: datetime) -> Certificate | None:
    """Revokes what a rejected attempt earned; None when it earned nothing or that was revoked before."""
    found = Certificate.objects.filter(attempt_id=attempt_id, status=Certificate.Status.ISSUED).first()
    if found is None:
        return None
    try:
        return revoke(found.pk, reason=reason, now=now)
    except AlreadyRevoked:
        return None
