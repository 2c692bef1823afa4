"""What happened at the door."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OtherPlatformChanged(Fact):
    fact_type: ClassVar[str] = "door.platform_changed"
    platform_id: UUID
    is_enabled: bool


@dataclass(frozen=True, kw_only=True)
class VisitorBound(Fact):
    """From here on this account of the other platform is this person."""

    fact_type: ClassVar[str] = "door.visitor_bound"
    visitor_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class VisitorForgotten(Fact):
    fact_type: ClassVar[str] = "door.visitor_forgotten"
    person_id: UUID
    platform_id: UUID


@dataclass(frozen=True, kw_only=True)
class VisitorCame(Fact):
    fact_type: ClassVar[str] = "door.visitor_came"
    visitor_id: UUID
    exam_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResultReturned(Fact):
    """The other platform has the settled result, or knows that it was taken back."""

    fact_type: ClassVar[str] = "door.result_returned"
    returned_result_id: UUID
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReturnParked(Fact):
    fact_type: ClassVar[str] = "door.return_parked"
    returned_result_id: UUID
    attempt_id: UUID
