"""Access tokens: JSON Web Tokens that we sign for tools and read back ourselves."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from keys.errors import SignatureInvalid
from keys.signing import Purpose, sign_jwt, verify_jwt
from lti_platform.tools.errors import TokenRefused
from lti_platform.tools.models import Deployment, Registration


@dataclass(frozen=True, kw_only=True)
class IssuedToken:
    """What the tool gets; `id` is the token's jti, which the journal names instead of the token."""

    id: str
    token: str
    expires_in: int
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReadToken:
    """What a token of ours says. `issued_at` is in seconds; `deployment_id` is our own key, if bound."""

    registration_id: UUID
    deployment_id: UUID | None
    scopes: frozenset[str]
    issued_at: int


def new_token_id() -> str:
    """A jti that nobody can guess."""
    return secrets.token_urlsafe(16)


def issue(
    registration: Registration,
    *,
    scopes: list[str],
    deployment: Deployment | None,
    token_id: str,
    now: datetime,
) -> IssuedToken:
    """A signed token, good in every context (conformance guide 5.4), in one deployment if bound."""
    seconds = int(settings.LTI_ACCESS_TOKEN_SECONDS)
    issued_at = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": settings.PLATFORM_URL,
        "aud": settings.PLATFORM_URL,
        "sub": registration.client_id,
        "jti": token_id,
        "iat": issued_at,
        "exp": issued_at + seconds,
        "scope": " ".join(scopes),
        "registration": str(registration.id),
    }
    if deployment:
        claims["deployment"] = str(deployment.id)
    token = sign_jwt(claims, purpose=Purpose.ACCESS_TOKEN)
    return IssuedToken(id=token_id, token=token, expires_in=seconds, scopes=tuple(scopes))


def read(token: str, *, now: datetime) -> ReadToken:
    """What the token says. Raises TokenRefused if it is no access token of ours, or expired."""
    try:
        claims = verify_jwt(token, purpose=Purpose.ACCESS_TOKEN, audience=settings.PLATFORM_URL, now=now)
        deployment = claims.get("deployment")
        return ReadToken(
            registration_id=UUID(claims["registration"]),
            deployment_id=UUID(deployment) if deployment else None,
            scopes=frozenset(claims["scope"].split()),
            issued_at=int(claims["iat"]),
        )
    except SignatureInvalid as error:
        raise TokenRefused("the token is not one of ours, or it has expired") from error
