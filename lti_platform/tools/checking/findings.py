"""What one check found: codes and values, so that it can be read later in any language."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from lti_platform.tools.models import CheckUp

State = CheckUp.State
OURS, THEIRS, NETWORK = "ours", "theirs", "network"
# From the best to the worst.
ORDER = (State.FINE, State.UNCLEAR, State.ATTENTION, State.BROKEN)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`check` says what was looked at, `code` what was seen; `values` fill its words, `details` are for technicians."""

    check: str
    code: str
    state: State = State.FINE
    side: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    details: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {**asdict(self), "state": str(self.state), "details": list(self.details)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """As it was."""
        return cls(**{**kept, "state": State(kept["state"]), "details": tuple(kept["details"])})


def worst(findings: Iterable[Finding]) -> State:
    """The state that a person has to know first; fine when nothing was found."""
    return max((finding.state for finding in findings), key=ORDER.index, default=State.FINE)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """In the order in which a person reads them."""
    return sorted(findings, key=lambda finding: ORDER.index(finding.state), reverse=True)
