"""What happened to certificates."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


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
