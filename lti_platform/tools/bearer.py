"""Who calls a service, by the bearer token in the Authorization header alone (RFC 6750 section 2.1)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from lti_platform.tools import tokens
from lti_platform.tools.errors import ScopeInsufficient, TokenMissing, TokenRefused
from lti_platform.tools.models import Registration


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A tool that proved itself; `deployment_id` is our own key, if the token is bound to a deployment."""

    registration: Registration
    deployment_id: UUID | None
    scopes: frozenset[str]


def authenticate(authorization: str, *, now: datetime) -> Caller:
    """The caller named by the header's value, at the cost of one query.

    A scope withdrawn since is no longer carried, and tokens from before the tool was last disabled stay dead.
    Raises TokenMissing; TokenRefused.
    """
    said = tokens.read(presented(authorization), now=now)
    found = Registration.objects.filter(id=said.registration_id, is_enabled=True)
    if said.deployment_id:
        found = found.filter(deployments__id=said.deployment_id, deployments__is_enabled=True)
    registration = next(iter(found), None)  # an order, as first() wants one, costs more than the look-up
    if registration is None or _is_void(registration, issued_at=said.issued_at):
        raise TokenRefused("the tool is disabled")
    scopes = said.scopes & set(registration.scopes)
    return Caller(registration=registration, deployment_id=said.deployment_id, scopes=scopes)


def presented(authorization: str) -> str:
    """The token in the header's value, unread. Raises TokenMissing."""
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise TokenMissing("send an access token in the Authorization header")
    return token.strip()


def require_scope(caller: Caller, *, any_of: frozenset[str]) -> None:
    """Nothing, if the token carries one of the scopes. Raises ScopeInsufficient."""
    if not caller.scopes & any_of:
        raise ScopeInsufficient(any_of)


def challenge(error: TokenRefused) -> str:
    """The value of WWW-Authenticate for a refused token (RFC 6750 section 3)."""
    realm = 'Bearer realm="lti"'
    if isinstance(error, TokenMissing):
        return realm  # a request without credentials is told no error code
    if isinstance(error, ScopeInsufficient):
        return f'{realm}, error="insufficient_scope", scope="{" ".join(sorted(error.needed))}"'
    return f'{realm}, error="invalid_token", error_description="{error}"'


def _is_void(registration: Registration, *, issued_at: int) -> bool:
    void_before = registration.tokens_void_before
    return void_before is not None and datetime.fromtimestamp(issued_at, UTC) <= void_before
