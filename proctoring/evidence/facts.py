"""What happened to evidence."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class EvidencePlanned(Fact):
    """A tool announced an item and got an address for it."""

    fact_type: ClassVar[str] = "evidence.planned"
    item_id: UUID
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class EvidenceReceived(Fact):
    """The tool says all bytes are here, and what their hash is; nobody has looked yet."""

    fact_type: ClassVar[str] = "evidence.received"
    item_id: UUID
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class EvidenceAccepted(Fact):
    """Hashed by us, found to be what was declared, and locked."""

    fact_type: ClassVar[str] = "evidence.accepted"
    item_id: UUID
    session_id: UUID
    sha256: str


@dataclass(frozen=True, kw_only=True)
class EvidenceQuarantined(Fact):
    """Not what was declared; `reason` is a stable code."""

    fact_type: ClassVar[str] = "evidence.quarantined"
    item_id: UUID
    session_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class EvidenceEnded(Fact):
    """The tool said that nothing more is coming but what it named."""

    fact_type: ClassVar[str] = "evidence.ended"
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class ManifestSealed(Fact):
    """A session's evidence was listed and signed; number 2 and later amend the one before."""

    fact_type: ClassVar[str] = "evidence.manifest_sealed"
    manifest_id: UUID
    session_id: UUID
    number: int
    is_complete: bool
    sha256: str


@dataclass(frozen=True, kw_only=True)
class EvidenceAccessed(Fact):
    """A person was let see evidence; `item_id` None means all of the session's."""

    fact_type: ClassVar[str] = "evidence.accessed"
    access_id: UUID
    session_id: UUID
    item_id: UUID | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class EvidenceExported(Fact):
    """A copy left the house; `sha256` is of the bundle's signed index."""

    fact_type: ClassVar[str] = "evidence.exported"
    access_id: UUID | None
    sha256: str
