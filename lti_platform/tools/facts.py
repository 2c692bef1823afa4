"""What happened to tools, their deployments and their tokens."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ToolRegistered(Fact):
    fact_type: ClassVar[str] = "tools.registered"
    registration_id: UUID
    client_id: str


@dataclass(frozen=True, kw_only=True)
class ToolChanged(Fact):
    """`fields` are the names of the fields that changed, comma-separated."""

    fact_type: ClassVar[str] = "tools.changed"
    registration_id: UUID
    fields: str


@dataclass(frozen=True, kw_only=True)
class ToolEnabled(Fact):
    fact_type: ClassVar[str] = "tools.enabled"
    registration_id: UUID


@dataclass(frozen=True, kw_only=True)
class ToolDisabled(Fact):
    """No launch starts and no token of the tool works from here on."""

    fact_type: ClassVar[str] = "tools.disabled"
    registration_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeploymentMade(Fact):
    fact_type: ClassVar[str] = "tools.deployment_made"
    registration_id: UUID
    deployment_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeploymentSwitched(Fact):
    fact_type: ClassVar[str] = "tools.deployment_switched"
    deployment_id: UUID
    enabled: bool


@dataclass(frozen=True, kw_only=True)
class TokenIssued(Fact):
    """`token_id` is the token's jti, `scopes` what it carries, separated by spaces."""

    fact_type: ClassVar[str] = "tools.token_issued"
    registration_id: UUID
    deployment_id: UUID | None
    token_id: str
    scopes: str
