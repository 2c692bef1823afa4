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
class RegistrationLinkMade(Fact):
    """An admin allows one tool to register itself until `expires_at`; made anew, the one before is void."""

    fact_type: ClassVar[str] = "tools.registration_link_made"
    link_id: UUID
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class RegistrationLinkWithdrawn(Fact):
    fact_type: ClassVar[str] = "tools.registration_link_withdrawn"
    link_id: UUID


@dataclass(frozen=True, kw_only=True)
class ToolAsked(Fact):
    """A tool registered itself by this link, and waits for a decision; nothing of it works yet."""

    fact_type: ClassVar[str] = "tools.asked"
    registration_id: UUID
    client_id: str
    link_id: UUID


@dataclass(frozen=True, kw_only=True)
class ToolActivated(Fact):
    """An admin granted these scopes, separated by spaces, and this much of people."""

    fact_type: ClassVar[str] = "tools.activated"
    registration_id: UUID
    scopes: str
    privacy: str


@dataclass(frozen=True, kw_only=True)
class ToolDeclined(Fact):
    fact_type: ClassVar[str] = "tools.declined"
    registration_id: UUID


@dataclass(frozen=True, kw_only=True)
class ToolChangeAsked(Fact):
    """The tool asks for a change of these fields, comma-separated; it works as before until an admin decides."""

    fact_type: ClassVar[str] = "tools.change_asked"
    registration_id: UUID
    fields: str


@dataclass(frozen=True, kw_only=True)
class ToolChangeSettled(Fact):
    """The change that the tool asked for was accepted, declined or withdrawn."""

    fact_type: ClassVar[str] = "tools.change_settled"
    registration_id: UUID
    outcome: str


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
class ToolChecked(Fact):
    """Somebody had the tool checked; `state` is the worst that was found."""

    fact_type: ClassVar[str] = "tools.checked"
    registration_id: UUID
    state: str


@dataclass(frozen=True, kw_only=True)
class ToolKeysOwned(Fact):
    """Launches of the tool are signed by keys that sign for no other from here on."""

    fact_type: ClassVar[str] = "tools.keys_owned"
    registration_id: UUID


@dataclass(frozen=True, kw_only=True)
class ToolKeysShared(Fact):
    """Launches of the tool are signed by the keys that sign for all from here on."""

    fact_type: ClassVar[str] = "tools.keys_shared"
    registration_id: UUID


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
