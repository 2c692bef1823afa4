"""What happened to people and their access."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SignedIn(Fact):
    fact_type: ClassVar[str] = "people.signed_in"
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonEnrolled(Fact):
    fact_type: ClassVar[str] = "people.enrolled"
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Fact):
    """`fields` are the names of the fields that changed, comma-separated; never their values."""

    fact_type: ClassVar[str] = "people.changed"
    person_id: UUID
    fields: str


@dataclass(frozen=True, kw_only=True)
class ContractEnded(Fact):
    """The person may no longer act: deactivated, or past the last day of the contract."""

    fact_type: ClassVar[str] = "people.contract_ended"
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Fact):
    fact_type: ClassVar[str] = "people.role_granted"
    person_id: UUID
    role: str
    organization_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RoleWithdrawn(Fact):
    fact_type: ClassVar[str] = "people.role_withdrawn"
    person_id: UUID
    role: str
    organization_id: UUID | None
