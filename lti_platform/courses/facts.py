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


@dataclass(frozen=True, kw_only=True)
class ToolAddedToCourse(Fact):
    """A tool was deployed for one course alone."""

    fact_type: ClassVar[str] = "courses.tool_added"
    context_id: UUID
    deployment_id: UUID


@dataclass(frozen=True, kw_only=True)
class CourseChanged(Fact):
    fact_type: ClassVar[str] = "courses.changed"
    context_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContextCopied(Fact):
    """A course was copied; `origin_ids` are the courses behind it, latest first."""

    fact_type: ClassVar[str] = "courses.copied"
    context_id: UUID
    origin_ids: str  # one after the other, separated by commas


@dataclass(frozen=True, kw_only=True)
class MentorChanged(Fact):
    """Somebody became, or is no longer, the mentor of a learner."""

    fact_type: ClassVar[str] = "courses.mentor_changed"
    context_id: UUID
    mentor_id: UUID
    learner_id: UUID
    is_mentor: bool
