"""What happened to launches."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class LaunchSent(Fact):
    """An id_token was signed and handed to the person's browser."""

    fact_type: ClassVar[str] = "launches.sent"
    launch_id: UUID
    person_id: UUID
    deployment_id: UUID
    message_type: str


@dataclass(frozen=True, kw_only=True)
class ContentAdded(Fact):
    """What a person picked in a tool was added to a course."""

    fact_type: ClassVar[str] = "launches.content_added"
    request_id: UUID
    launch_id: UUID
    items: int
