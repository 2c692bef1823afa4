"""Who has which case. The subject is always "attempt:<uuid>"."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(Fact):
    """A reviewer took the case; `person_id` is who has it now."""

    fact_type: ClassVar[str] = "desk.case_assigned"
    attempt_id: UUID
    case_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseGivenBack(Fact):
    """The reviewer put the case back into the queue."""

    fact_type: ClassVar[str] = "desk.case_given_back"
    attempt_id: UUID
    case_id: UUID
