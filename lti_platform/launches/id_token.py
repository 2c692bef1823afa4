"""The claims of a message (LTI Security Framework 5.1.2, LTI Core 5.3 and 5.4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from lti_platform.courses.memberships import mentored_by
from lti_platform.courses.models import Context
from lti_platform.courses.vocabulary import MENTOR, context_type_uri
from lti_platform.launches import addresses, contributing, substitution, variables
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import CLAIM, DOCUMENT_TARGETS, PRODUCT_FAMILY_CODE, VERSION
from lti_platform.tools import privacy

# Tools refuse a token issued "in the future"; their clocks may run a little behind ours.
BACK_DATED_SECONDS = 2
_SECURITY = frozenset({"iss", "aud", "azp", "sub", "iat", "exp", "nbf", "nonce", "jti"})
_IDENTITY = frozenset({"name", "given_name", "family_name", "email", "locale", "picture"})
_OPTIONAL = frozenset({f"{CLAIM}{name}" for name in ("role_scope_mentor", "lis", "custom")})


def claims(launch: Launch, *, nonce: str, roles: Sequence[str], now: datetime) -> dict[str, Any]:
    """Everything the id_token says: ours first, then what packages to the right contribute.

    `roles` are full URIs of this context. Strings are trimmed, but for the nonce, which goes back as it came.
    Raises LaunchRefused, ClaimReserved.
    """
    own = {
        **security(launch, now=now),
        **message(launch),
        **identity(launch),
        **place(launch, roles=roles),
        **records(launch),
        **presentation(launch),
    }
    if custom := substitution.custom_parameters(launch, roles=roles):
        own[f"{CLAIM}custom"] = custom
    reserved = _SECURITY | _IDENTITY | _OPTIONAL | own.keys()
    contributed = contributing.claims_for(launch, reserved=frozenset(reserved), now=now)
    return {**trimmed({**own, **contributed}), "nonce": nonce}


def security(launch: Launch, *, now: datetime) -> dict[str, Any]:
    """Who speaks, to whom, about whom, for how long (seconds, as numbers)."""
    issued = int(now.timestamp()) - BACK_DATED_SECONDS
    return {
        "iss": settings.PLATFORM_URL,
        "aud": launch.registration.client_id,
        "sub": str(launch.user.pk),
        "iat": issued,
        "exp": issued + settings.LTI_ID_TOKEN_SECONDS,
    }


def message(launch: Launch) -> dict[str, Any]:
    """Which message, and the address kept when the launch started, whatever the request said."""
    return {
        f"{CLAIM}message_type": launch.message_type,
        f"{CLAIM}version": VERSION,
        f"{CLAIM}deployment_id": launch.deployment.deployment_id,
        f"{CLAIM}target_link_uri": launch.target_link_uri,
    }


def identity(launch: Launch) -> dict[str, Any]:
    """OpenID Connect claims about the person, as far as the tool's privacy level goes (Core 5.3.6)."""
    return dict(privacy.identity_claims(launch.user, level=launch.registration.privacy))


def place(launch: Launch, *, roles: Sequence[str]) -> dict[str, Any]:
    """Roles in this context only, the context, and the resource link (Core 5.3.5, 5.3.7, 5.4.1)."""
    described: dict[str, Any] = {f"{CLAIM}roles": list(roles)}
    if context := launch.context:
        described[f"{CLAIM}context"] = {
            "id": str(context.pk),
            "type": [context_type_uri(context.type)],
            **present({"label": context.label, "title": context.title}),
        }
        if MENTOR in roles and (mentored := mentored_by(launch.user.pk, context.pk)):
            described[f"{CLAIM}role_scope_mentor"] = mentored
    if link := launch.resource_link:
        words = present({"title": link.title, "description": link.description})
        described[f"{CLAIM}resource_link"] = {"id": str(link.pk), **words}
    return described


def records(launch: Launch) -> dict[str, Any]:
    """The ids under which our records know person and course (`lis`, Core 5.4.5); no claim where there are none."""
    context = launch.context
    is_section = context is not None and context.type == Context.Type.SECTION
    own = context.sourced_id if context else ""
    told = {
        "person_sourcedid": privacy.sourced_id(launch.user, level=launch.registration.privacy),
        "course_offering_sourcedid": context.offering_sourced_id if context and is_section else own,
        "course_section_sourcedid": own if is_section else "",
    }
    return {f"{CLAIM}lis": known} if (known := present(told)) else {}


def presentation(launch: Launch) -> dict[str, Any]:
    """Where and in which language the tool is shown, and who shows it (Core 5.4.2, 5.4.4)."""
    shown: dict[str, Any] = {"locale": launch.user.locale, "return_url": addresses.return_url(launch)}
    if launch.document_target in DOCUMENT_TARGETS:
        shown["document_target"] = launch.document_target
    shown |= variables.shown_size(launch)
    platform = {
        "name": settings.PLATFORM_NAME,
        "description": settings.PLATFORM_DESCRIPTION,
        "contact_email": settings.PLATFORM_CONTACT_EMAIL,
        "url": settings.PLATFORM_URL,
        "version": settings.PLATFORM_VERSION,
    }
    return {
        f"{CLAIM}launch_presentation": shown,
        f"{CLAIM}tool_platform": {
            "guid": settings.PLATFORM_GUID,
            "product_family_code": PRODUCT_FAMILY_CODE,
            **present(platform),
        },
    }


def present(values: dict[str, str]) -> dict[str, str]:
    """The values that say something."""
    return {name: value for name, value in values.items() if value.strip()}


def trimmed(value: Any) -> Any:
    """The same value with no white space around any string in it (certification guide, 5.1)."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return {name: trimmed(item) for name, item in value.items()}
    return [trimmed(item) for item in value] if isinstance(value, list | tuple) else value
