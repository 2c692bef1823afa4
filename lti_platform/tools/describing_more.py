"""What a tool may add to its description for people to see: what breaks a rule here is left out, not refused."""

from collections.abc import Mapping
from typing import Any

from lti_platform.tools import web_addresses

NAMED_ADDRESSES = ("logo_uri", "client_uri", "tos_uri", "policy_uri")
# Where in our pages each message can be asked for, by the names of Dynamic Registration.
PLACEMENTS: dict[str, tuple[str, ...]] = {"LtiDeepLinkingRequest": ("ContentArea",)}
MAX_CONTACTS = 10
MAX_SHORT = 200


def link(request: Mapping[str, Any], name: str) -> str:
    """An address for people to follow, or nothing."""
    value = request.get(name)
    return value.strip() if isinstance(value, str) and not web_addresses.fault(value.strip()) else ""


def contacts(request: Mapping[str, Any]) -> list[str]:
    """Ways to reach the tool's people (RFC 7591 section 2)."""
    value = request.get("contacts")
    found = value if isinstance(value, list) else []
    return [text.strip() for text in found[:MAX_CONTACTS] if _is_short(text)]


def label(message: Mapping[str, Any]) -> dict[str, str]:
    """The message's name for people, if it has one."""
    value = message.get("label")
    return {"label": value.strip()} if _is_short(value) and isinstance(value, str) else {}


def placements(message: Mapping[str, Any]) -> dict[str, list[str]]:
    """The placements of the message that we have; others are dropped."""
    value = message.get("placements")
    found = value if isinstance(value, list) else []
    ours = [place for place in PLACEMENTS.get(str(message.get("type")), ()) if place in found]
    return {"placements": ours} if ours else {}


def _is_short(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= MAX_SHORT and value.isprintable()
