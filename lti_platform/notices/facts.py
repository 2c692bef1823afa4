"""What happened to handlers and notices."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class HandlerChanged(Fact):
    """A tool named where it wants notices of a type, or that it wants none."""

    fact_type: ClassVar[str] = "notices.handler_changed"
    deployment_id: UUID
    notice_type: str
    wants: bool


@dataclass(frozen=True, kw_only=True)
class NoticeDropped(Fact):
    fact_type: ClassVar[str] = "notices.dropped"
    notice_id: UUID
    deployment_id: UUID
