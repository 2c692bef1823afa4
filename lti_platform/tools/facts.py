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


@dataclass(frozen=True, kw_only=True)
class KeyMade(Fact):
    """A signing key of ours now exists; `state` is the one it began in."""

    fact_type: ClassVar[str] = "tools.key_made"
    kid: str
    purpose: str
    state: str


@dataclass(frozen=True, kw_only=True)
class KeyRotated(Fact):
    """`activated_kid` signs from here on; `retired_kid` stays published for its overlap."""

    fact_type: ClassVar[str] = "tools.key_rotated"
    purpose: str
    activated_kid: str
    retired_kid: str
    upcoming_kid: str


@dataclass(frozen=True, kw_only=True)
class KeyRevoked(Fact):
    """Nothing that `kid` signed is accepted any more; `activated_kid` took over, if it was the one signing."""

    fact_type: ClassVar[str] = "tools.key_revoked"
    purpose: str
    kid: str
    activated_kid: str


@dataclass(frozen=True, kw_only=True)
class KeyDestroyed(Fact):
    """The private half of a retired key is gone; what it signed still verifies."""

    fact_type: ClassVar[str] = "tools.key_destroyed"
    kid: str
