"""What can be wrong with a tool, its registration, its tokens and what it signs.

ToolsError
├── RegistrationRefused      the tool's description breaks rules, each named with its field
├── DecisionRefused          an admin's decision about a tool's request comes too late
│   ├── AlreadyDecided       └── RequestChanged
├── GrantRefused             the token request is not one we answer (RFC 6749 section 5.2)
│   ├── RequestMalformed     ├── GrantTypeUnsupported    └── NothingGrantable
├── SignedByNobodyWeKnow     whoever signed it is no client of ours, or may not act now
│   ├── ClientUnknown        ├── ClientDisabled
│   ├── KeySetUnavailable    └── SignatureRefused
├── ClaimRefused             one claim of a signed token breaks its rule; `claim` names it
│   └── JwtReplayed
└── TokenRefused             a bearer token that opens nothing (RFC 6750 section 3.1)
    ├── TokenMissing         ├── ScopeInsufficient
    ├── RegistrationTokenRefused
    └── OtherClient
"""

from dataclasses import dataclass

from django.utils.functional import Promise


class ToolsError(Exception):
    """Base of this package. `code` is stable; the message is for the tool's developer, without secrets."""

    code = "tools"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One rule broken by one field of a registration; `code` is stable, `message` is for people.

    `troubles` are the pairs of `key_troubles`, where it is the keys in the field that break it.
    """

    field: str
    code: str
    message: str | Promise
    troubles: tuple[tuple[str, str], ...] = ()


class RegistrationRefused(ToolsError):
    """The description of a tool cannot be taken over as it stands."""

    code = "registration_refused"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.message}" for problem in problems))
        self.problems = problems


class DecisionRefused(ToolsError):
    """What the admin decided about is no longer what there is."""

    code = "decision_refused"


class AlreadyDecided(DecisionRefused):
    code = "already_decided"


class RequestChanged(DecisionRefused):
    """The tool changed its request after the page was drawn."""

    code = "request_changed"


class GrantRefused(ToolsError):
    """A request that the token endpoint does not answer with a token."""

    code = "grant_refused"


class RequestMalformed(GrantRefused):
    code = "request_malformed"


class GrantTypeUnsupported(GrantRefused):
    code = "grant_type_unsupported"


class NothingGrantable(GrantRefused):
    code = "nothing_grantable"


class SignedByNobodyWeKnow(ToolsError):
    """The signer is unknown, not allowed to act, or not proven."""

    code = "signer_unknown"


class ClientUnknown(SignedByNobodyWeKnow):
    code = "client_unknown"


class ClientDisabled(SignedByNobodyWeKnow):
    code = "client_disabled"


class KeySetUnavailable(SignedByNobodyWeKnow):
    """The tool's key set could not be fetched, and none recent enough is kept."""

    code = "key_set_unavailable"


class SignatureRefused(SignedByNobodyWeKnow):
    """The token is malformed, or no key of the tool signed it; `code` is the finer one of `keys.errors`."""

    def __init__(self, message: str, *, code: str = "signature_refused") -> None:
        super().__init__(message)
        self.code = code


class ClaimRefused(ToolsError):
    """One claim of a token that a tool signed."""

    def __init__(self, claim: str, message: str) -> None:
        super().__init__(f"{claim}: {message}")
        self.claim = claim
        self.code = f"claim_refused_{claim}"


class JwtReplayed(ClaimRefused):
    def __init__(self, claim: str) -> None:
        super().__init__(claim, "was used before")
        self.code = "jwt_replayed"


class TokenRefused(ToolsError):
    """Not a token of ours, expired, or its tool is disabled."""

    code = "invalid_token"


class TokenMissing(TokenRefused):
    code = "token_missing"


class ScopeInsufficient(TokenRefused):
    """A good token that was not made for this; `needed` are the scopes of which one would do."""

    code = "insufficient_scope"

    def __init__(self, needed: frozenset[str]) -> None:
        super().__init__("the token does not carry the scope this needs")
        self.needed = needed


class RegistrationTokenRefused(TokenRefused):
    """A token for registering that is unknown, used, expired, or whose admin may not register tools any more."""

    code = "registration_token_refused"


class OtherClient(TokenRefused):
    """A good token at the address of another client, or of one that may not act now (RFC 7592 section 2)."""

    code = "other_client"
