"""Custom parameters and their variables (LTI Core 5.4.6 and appendix B)."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lti_platform.launches.models import Launch
from lti_platform.launches.variables import variables

_VARIABLE = re.compile(r"\$([A-Za-z][A-Za-z0-9_.-]*)")


def custom_parameters(launch: Launch, *, roles: Sequence[str]) -> dict[str, str]:
    """The tool's, the message's, the link's and the launch's parameters, the later winning, with variables replaced."""
    merged = declared(launch)
    wanted = {value[1:] for value in merged.values() if is_variable(value)}
    if not wanted:
        return merged
    known = variables(launch, roles=roles, wanted=wanted)
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
