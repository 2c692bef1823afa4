"""What happened in the gradebook."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class LineItemCreated(Fact):
    fact_type: ClassVar[str] = "gradebook.line_item_created"
    line_item_id: UUID
    context_id: UUID


@dataclass(frozen=True, kw_only=True)
class LineItemReplaced(Fact):
    fact_type: ClassVar[str] = "gradebook.line_item_replaced"
    line_item_id: UUID
    context_id: UUID


@dataclass(frozen=True, kw_only=True)
class LineItemDeleted(Fact):
    fact_type: ClassVar[str] = "gradebook.line_item_deleted"
    line_item_id: UUID
    context_id: UUID


@dataclass(frozen=True, kw_only=True)
class ScoreReceived(Fact):
    """A score was appended. `binding` is what the line item address carried: an attempt's id, or empty."""

    fact_type: ClassVar[str] = "gradebook.score_received"
    result_id: UUID
    line_item_id: UUID
    person_id: UUID
    score_id: UUID
    binding: str
    activity_progress: str
    grading_progress: str


@dataclass(frozen=True, kw_only=True)
class ResultBound(Fact):
    fact_type: ClassVar[str] = "gradebook.result_bound"
    result_id: UUID
    binding: str


@dataclass(frozen=True, kw_only=True)
class ResultReleased(Fact):
    fact_type: ClassVar[str] = "gradebook.result_released"
    result_id: UUID
    binding: str


@dataclass(frozen=True, kw_only=True)
class ResultVoided(Fact):
    fact_type: ClassVar[str] = "gradebook.result_voided"
    result_id: UUID
    binding: str


@dataclass(frozen=True, kw_only=True)
class ResultOverridden(Fact):
    """A grader said something over or beside the scores, or took it back; the words are in the override."""

    fact_type: ClassVar[str] = "gradebook.result_overridden"
    result_id: UUID
    line_item_id: UUID
    override_id: UUID
