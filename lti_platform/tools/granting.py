"""Access tokens for tools: client credentials with a signed assertion (LTI Security Framework 4.1)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from keys.errors import JwtRefused
from keys.jose import read_jwt
from lti_platform.journal.actors import Actor
from lti_platform.journal.recording import record
from lti_platform.tools import judging, key_sets, tokens
from lti_platform.tools.errors import (
    ClaimRefused,
    ClientDisabled,
    ClientUnknown,
    GrantTypeUnsupported,
    NothingGrantable,
    RequestMalformed,
    SignatureRefused,
)
from lti_platform.tools.facts import TokenIssued
from lti_platform.tools.messages import CLAIM, find_deployment
from lti_platform.tools.models import Deployment, Registration
from lti_platform.tools.scopes import grantable
from lti_platform.tools.tokens import IssuedToken

GRANT_TYPE = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_SCOPES = 50
MAX_AGE_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class TokenRequest:
    """A well-formed request: the assertion, unread, and the scopes in the order asked for."""

    assertion: str
    scopes: tuple[str, ...]


def read_request(fields: Mapping[str, str]) -> TokenRequest:
    """The form fields as a request. Raises RequestMalformed, GrantTypeUnsupported."""
    if not fields.get("grant_type"):
        raise RequestMalformed("grant_type is missing")
    if fields["grant_type"] != GRANT_TYPE:
        raise GrantTypeUnsupported(f"grant_type must be {GRANT_TYPE}")
    if fields.get("client_assertion_type") != ASSERTION_TYPE:
        raise RequestMalformed(f"client_assertion_type must be {ASSERTION_TYPE}")
    if not fields.get("client_assertion"):
        raise RequestMalformed("client_assertion is missing")
    scopes = tuple(fields.get("scope", "").split())
    if not scopes or len(scopes) > MAX_SCOPES:
        raise RequestMalformed(f"scope must name 1 to {MAX_SCOPES} scopes, separated by spaces")
    return TokenRequest(assertion=fields["client_assertion"], scopes=scopes)


def grant(request: TokenRequest, *, audiences: Collection[str], now: datetime) -> IssuedToken:
    """A token for what the tool asked and may have; the assertion is spent and the issue recorded.

    `audiences` are the names we go by, any of which the assertion must be for.
    Raises SignedByNobodyWeKnow and ClaimRefused for the assertion, NothingGrantable for the scopes.
    """
    claims, registration = _proven(request.assertion, audiences=audiences, now=now)
    times = judging.judge_times(claims, now=now, max_age_seconds=MAX_AGE_SECONDS)
    assertion_id = judging.judge_text(claims, "jti")
    deployment = _named_deployment(claims, registration=registration)
    scopes = grantable(request.scopes, granted=registration.scopes)
    if not scopes:
        raise NothingGrantable("none of these scopes is granted to this tool")
    with transaction.atomic():
        namespace = f"assertion:{registration.client_id}"
        judging.spend("jti", assertion_id, namespace=namespace, expires=times.expires, now=now)
        return _issue(registration, scopes=scopes, deployment=deployment, now=now)


def named_tool(assertion: str) -> UUID | None:
    """The tool in whose name this assertion speaks, proven or not; for telling what was refused."""
    try:
        client_id = judging.judge_text(read_jwt(assertion).claims, "sub")
    except (JwtRefused, ClaimRefused):
        return None
    return Registration.objects.filter(client_id=client_id).values_list("pk", flat=True).first()


def _issue(
    registration: Registration, *, scopes: list[str], deployment: Deployment | None, now: datetime
) -> IssuedToken:
    token_id = tokens.new_token_id()
    issued = tokens.issue(registration, scopes=scopes, deployment=deployment, token_id=token_id, now=now)
    fact = TokenIssued(
        registration_id=registration.id,
        deployment_id=deployment.id if deployment else None,
        token_id=token_id,
        scopes=" ".join(scopes),
    )
    record(fact, now=now, subject=f"tool:{registration.id}", actor=Actor("tool", registration.client_id))
    return issued


def _proven(
    assertion: str, *, audiences: Collection[str], now: datetime
) -> tuple[dict[str, Any], Registration]:
    try:
        said = read_jwt(assertion).claims
    except JwtRefused as error:
        raise SignatureRefused(str(error), code=error.code) from error
    client_id = judging.judge_text(said, "sub")
    judging.judge_equal(said, "iss", wanted=client_id)
    # Judged before the signature: a token made for somebody else does not make us fetch anything.
    judging.judge_audience(said, ours=audiences, others_allowed=True)
    registration = _client(client_id)
    return key_sets.verify(assertion, registration=registration, now=now), registration


def _client(client_id: str) -> Registration:
    found = Registration.objects.select_related("fetched_key_set").filter(client_id=client_id)
    registration = next(iter(found), None)  # an order, as first() wants one, costs more than the look-up
    if registration is None:
        raise ClientUnknown("sub is no client of ours")
    if not registration.is_enabled:
        raise ClientDisabled("the client is disabled")
    return registration


def _named_deployment(claims: Mapping[str, Any], *, registration: Registration) -> Deployment | None:
    # LTI Core 6.2.1: a tool should name the deployment; a token that does is good in that one alone.
    return find_deployment(claims, registration=registration) if f"{CLAIM}deployment_id" in claims else None
