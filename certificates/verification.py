"""Is this certificate good today? Asked by guards with phones and by machines; answered from the register."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from certificates.expiring import Standing, standing_on
from certificates.models import Certificate
from certificates.rendering.frozen import CertificateFacts

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,40}")


def proof_url(certificate: Certificate) -> str:
    """The public address that a QR code carries."""
    return f"{settings.PLATFORM_URL}{reverse('certificate-proof', args=[certificate.proof_token])}"


def pdf_url(certificate: Certificate) -> str:
    """The address of the PDF, for the holder and for receivers; the public proof does not lead to it."""
    return f"{settings.PLATFORM_URL}{reverse('certificate-paper', args=[certificate.pdf_token])}"


def standing_of(certificate: Certificate, *, today: date) -> Standing:
    """Where the certificate stands on a day of its issuer."""
    return standing_on(
        is_revoked=certificate.status == Certificate.Status.REVOKED,
        expires_on=certificate.expires_on,
        today=today,
    )


@dataclass(frozen=True)
class Proof:
    """The answer: the certificate, what it says, and where it stands, as of a moment."""

    certificate: Certificate
    facts: CertificateFacts
    standing: Standing
    as_of: datetime

    def as_json(self) -> dict[str, Any]:
        """For machines: no more of the person than their initials."""
        return {
            "status": str(self.standing),
            "as_of": moment(self.as_of),
            "serial": self.facts.serial,
            "holder_initials": self.facts.initials,
            "credential": {"code": self.facts.credential_code, "title": self.facts.title},
            "course_id": self.facts.course_id,
            "issuer": self.facts.issuer,
            "issued_on": self.facts.issued_on,
            "expires_on": self.facts.expires_on or None,
            "revoked_at": moment(self.certificate.revoked_at) if self.certificate.revoked_at else None,
            "version": self.certificate.version,
        }


def moment(value: datetime) -> str:
    """A time for machines: UTC, to the second, ending in Z."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def by_pdf_token(token: str) -> Certificate | None:
    """The certificate whose PDF has this address, or None."""
    return Certificate.objects.filter(pdf_token=token).first() if TOKEN.fullmatch(token) else None


def prove(token: str, *, now: datetime) -> Proof | None:
    """The proof behind a public token, or None when no certificate has it. One query."""
    if not TOKEN.fullmatch(token):
        return None
    certificate = Certificate.objects.filter(proof_token=token).first()
    if certificate is None:
        return None
    standing = standing_of(certificate, today=timezone.localdate(now))
    return Proof(certificate, CertificateFacts.from_json(certificate.facts), standing, now)
