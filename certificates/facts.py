"""What happened to credentials and certificates, and which copies of personal files left the house."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CredentialChanged(Fact):
    """A credential was made or changed; the rule it has now: `months`, or `fixed_date` as YYYY-MM-DD."""

    fact_type: ClassVar[str] = "certificates.credential_changed"
    credential_id: UUID
    exam_id: UUID
    validity: str
    months: int | None = None
    fixed_date: str = ""


@dataclass(frozen=True, kw_only=True)
class CertificateIssued(Fact):
    fact_type: ClassVar[str] = "certificates.issued"
    certificate_id: UUID
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(Fact):
    fact_type: ClassVar[str] = "certificates.revoked"
    certificate_id: UUID
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class FileRequested(Fact):
    """Somebody asked for a copy of an attempt's whole file; `reason` is the code given, the words are a note."""

    fact_type: ClassVar[str] = "certificates.file_requested"
    attempt_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class RegisterExported(Fact):
    """Somebody took the register, or a part of it, away."""

    fact_type: ClassVar[str] = "certificates.register_exported"
    certificates: int
