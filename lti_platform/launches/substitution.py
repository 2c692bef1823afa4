"""Custom parameters and their variables (LTI Core 5.4.6 and appendix B)."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from lti_platform.launches import addresses
from lti_platform.launches.contributing import variables_for
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import DOCUMENT_TARGETS, PRODUCT_FAMILY_CODE
from lti_platform.tools.models import Registration

_VARIABLE = re.compile(r"\$([A-Za-z][A-Za-z0-9_.-]*)")


def custom_parameters(launch: Launch, *, roles: Sequence[str]) -> dict[str, str]:
    """The tool's, the message's, the link's and the launch's parameters, the later winning, with variables replaced."""
    merged = declared(launch)
    if not any(is_variable(value) for value in merged.values()):
        return merged
    known = variables(launch, roles=roles)
    return {name: substituted(value, variables=known) for name, value in merged.items()}


def declared(launch: Launch) -> dict[str, str]:
    """Parameters as declared, every value a string; a link of another tool adds nothing."""
    registration, link = launch.registration, launch.resource_link
    of_message: dict[str, Any] = next(
        (m for m in registration.messages if m["type"] == launch.message_type), {}
    )
    of_link = link.custom_parameters if link and link.deployment_id == launch.deployment_id else {}
    merged = {
        **registration.custom_parameters,
        **(of_message.get("custom_parameters") or {}),
        **of_link,
        **launch.custom_parameters,
    }
    return {str(name).strip(): as_string(value) for name, value in merged.items()}


def as_string(value: Any) -> str:
    """Custom values are strings, whatever was stored (Core 5.4.6): trimmed, and empty for nothing."""
    if isinstance(value, str):
        return value.strip()
    return "" if value is None else json.dumps(value)


def is_variable(value: str) -> bool:
    """Whether the whole value is a variable; a value with other text around it is left alone."""
    return _VARIABLE.fullmatch(value) is not None


def substituted(value: str, *, variables: Mapping[str, str]) -> str:
    """The variable's value, or the value as it is: unsupported and unauthorised variables pass unresolved."""
    match = _VARIABLE.fullmatch(value)
    return variables.get(match[1], value).strip() if match else value


def variables(launch: Launch, *, roles: Sequence[str]) -> dict[str, str]:
    """Every variable we support for this launch, by its name without the `$`; empty means known to be empty."""
    return {
        **of_person(launch),
        **of_course(launch, roles=roles),
        **of_link(launch),
        **of_message(launch),
        **of_platform(),
        **variables_for(launch),
    }


def of_person(launch: Launch) -> dict[str, str]:
    """User and Person; nothing but the opaque id where the tool may not know the person."""
    person = launch.user
    identity = {"User.id": str(person.pk)}
    if launch.registration.privacy != Registration.Privacy.PUBLIC:
        return identity
    return identity | {
        "Person.name.full": person.full_name,
        "Person.name.given": person.given_name,
        "Person.name.family": person.family_name,
        "Person.email.primary": person.email or "",
        "Person.sourcedId": person.employee_id,
    }


def of_course(launch: Launch, *, roles: Sequence[str]) -> dict[str, str]:
    """Context and Membership, where there is a course."""
    if (context := launch.context) is None:
        return {}
    return {
        "Context.id": str(context.pk),
        "Context.label": context.label,
        "Context.title": context.title,
        "Context.type": "CourseOffering",
        "Context.id.history": "",
        "Membership.role": ",".join(roles),
    }


def of_link(launch: Launch) -> dict[str, str]:
    """ResourceLink, where there is one."""
    if (link := launch.resource_link) is None:
        return {}
    return {
        "ResourceLink.id": str(link.pk),
        "ResourceLink.title": link.title,
        "ResourceLink.description": link.description,
        "ResourceLink.id.history": "",
    }


def of_message(launch: Launch) -> dict[str, str]:
    """Message."""
    target = launch.document_target
    return {
        "Message.returnUrl": addresses.return_url(launch),
        "Message.documentTarget": target if target in DOCUMENT_TARGETS else "",
        "Message.locale": launch.user.locale,
    }


def of_platform() -> dict[str, str]:
    """ToolPlatform and ToolPlatformInstance."""
    return {
        "ToolPlatform.productFamilyCode": PRODUCT_FAMILY_CODE,
        "ToolPlatformInstance.guid": settings.PLATFORM_GUID,
        "ToolPlatformInstance.name": settings.PLATFORM_NAME,
        "ToolPlatformInstance.url": settings.PLATFORM_URL,
    }
