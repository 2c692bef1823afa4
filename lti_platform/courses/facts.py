"""What happened to courses and who is in them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CourseCreated(Fact):
    fact_type: ClassVar[str] = "courses.created"
    context_id: UUID


@dataclass(frozen=True, kw_only=True)
class MembershipChanged(Fact):
    fact_type: ClassVar[str] = "courses.membership_changed"
    context_id: UUID
    person_id: UUID
    status: str


@dataclass(frozen=True, kw_only=True)
class ResourceLinkPlaced(Fact):
    fact_type: ClassVar[str] = "courses.resource_link_placed"
    context_id: UUID
    resource_link_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResourceLinkChanged(Fact):
    fact_type: ClassVar[str] = "courses.resource_link_changed"
    context_id: UUID
    resource_link_id: UUID


@dataclass(frozen=True, kw_only=True)
class GroupChanged(Fact):
    """A group was made or removed, or its members changed."""

    fact_type: ClassVar[str] = "courses.group_changed"
    context_id: UUID
    group_id: UUID
