"""Messages a tool sends through the browser: the claims each of them needs (LTI Security Framework 5.2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from keys.errors import JwtRefused
from keys.jose import read_jwt
from lti_platform.tools import judging
from lti_platform.tools.errors import ClaimRefused, ClientDisabled, ClientUnknown, SignatureRefused
from lti_platform.tools.models import Deployment, Registration

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
VERSION = "1.3.0"
# With the leeway, ten minutes: a page may be read for a while before its button posts the message.
MAX_AGE_SECONDS = 540


def signer_of(token: str) -> Registration:
    """The enabled tool that a message says it comes from; not proven yet.

    Raises SignatureRefused, ClientUnknown, ClientDisabled.
    """
    try:
        client_id = read_jwt(token).claims.get("iss")
    except JwtRefused as error:
        raise SignatureRefused(str(error), code=error.code) from error
    if not isinstance(client_id, str) or not client_id.isprintable():
        raise ClientUnknown("iss names no tool")
    found = Registration.objects.select_related("fetched_key_set").filter(client_id=client_id).first()
    if found is None:
        raise ClientUnknown("iss names no tool")
    if not found.is_enabled:
        raise ClientDisabled("the tool is switched off")
    return found


def judge_tool_jwt(
    claims: Mapping[str, Any], *, registration: Registration, message_type: str, now: datetime
) -> Deployment:
    """The deployment a verified message of this type comes from; its nonce is spent.

    Undone if the caller's transaction is. `azp` is not judged: tools put either of two values there.
    Raises ClaimRefused, of which JwtReplayed is a kind.
    """
    judging.judge_equal(claims, "iss", wanted=registration.client_id)
    judging.judge_audience(claims, ours=[settings.PLATFORM_URL], others_allowed=False)
    times = judging.judge_times(claims, now=now, max_age_seconds=MAX_AGE_SECONDS)
    nonce = judging.judge_text(claims, "nonce")
    judging.judge_equal(claims, f"{CLAIM}version", wanted=VERSION)
    judging.judge_equal(claims, f"{CLAIM}message_type", wanted=message_type)
    deployment = find_deployment(claims, registration=registration)
    namespace = f"nonce:{registration.client_id}"
    judging.spend("nonce", nonce, namespace=namespace, expires=times.expires, now=now)
    return deployment


def find_deployment(claims: Mapping[str, Any], *, registration: Registration) -> Deployment:
    """The enabled deployment of this registration that the claims name. Raises ClaimRefused."""
    named = judging.judge_text(claims, f"{CLAIM}deployment_id")
    found = Deployment.objects.filter(registration=registration, deployment_id=named, is_enabled=True)
    deployment = next(iter(found), None)  # an order, as first() wants one, costs more than the look-up
    if deployment is None:
        raise ClaimRefused(f"{CLAIM}deployment_id", "is no deployment of this tool")
    return deployment
