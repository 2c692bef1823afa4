"""What a tool asks for, beside what it is given: kept with its registration, so that an admin sees both."""

from collections.abc import Mapping
from typing import Any

from lti_platform.outbound.errors import OutboundError, OutboundRefused
from lti_platform.outbound.guard import resolve
from lti_platform.tools import privacy
from lti_platform.tools.describing import (
    MAX_LIST,
    MESSAGE_TYPES,
    TOOL_CONFIGURATION,
    describe,
    is_text,
)
from lti_platform.tools.describing_more import MAX_SHORT, PLACEMENTS
from lti_platform.tools.dynamic import advertising
from lti_platform.tools.errors import Problem, RegistrationRefused
from lti_platform.tools.models import Registration
from lti_platform.tools.registering import values_of
from lti_platform.tools.scopes import SUPPORTED

RESOLVE_SECONDS = 3
NAMES = frozenset({"name", "given_name", "family_name"})
MAIL = frozenset({"email"})
PERSONAL = NAMES | MAIL | {"locale"}


def shown(level: str) -> frozenset[str]:
    """The claims about a person that a privacy level lets through."""
    told = NAMES if privacy.shows_name(level) else frozenset()
    told |= MAIL if privacy.shows_email(level) else frozenset()
    return told | ({"locale"} if privacy.shows_all(level) else frozenset())


def read(request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of a registration as the tool wishes them, and what it asks for as it is kept.

    Looks the host of its key set up. Raises RegistrationRefused.
    """
    described = describe(request)
    if described.jwks_uri:
        _judge_key_set_address(described.jwks_uri)
    values = values_of(described)
    return values, _asked(request, values=values)


def suggested_privacy(asked: Mapping[str, Any]) -> str:
    """The level that shows whom the tool asks to know, and the least beside."""
    wanted = set(asked.get("claims", ())) & (NAMES | MAIL)
    enough = [level for level in Registration.Privacy.values if wanted <= shown(level)]
    return min(enough, key=lambda level: len(shown(level)))


def claims_given(registration: Registration) -> list[str]:
    """The claims of those it asked for that its launches may carry; before anybody chose a level, that we have."""
    known = {"iss", "sub", *advertising.claims()}
    is_active = registration.state == Registration.State.ACTIVE
    withheld = PERSONAL - shown(registration.privacy) if is_active else frozenset()
    return [claim for claim in registration.asked.get("claims", ()) if claim in known - withheld]


def _asked(request: Mapping[str, Any], *, values: Mapping[str, Any]) -> dict[str, Any]:
    tool = request[TOOL_CONFIGURATION]
    scopes = str(request.get("scope") or "").split()
    return {
        "scopes": values["scopes"],
        "messages": values["messages"],
        "claims": _texts(tool.get("claims")),
        "dropped": {
            "scopes": _texts([scope for scope in scopes if scope not in (*SUPPORTED, "openid")]),
            "messages": _texts([kind for kind in _types(tool) if kind not in MESSAGE_TYPES]),
            "placements": _texts(_dropped_placements(tool)),
        },
    }


def _messages(tool: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [message for message in tool.get("messages") or [] if isinstance(message, dict)]


def _types(tool: Mapping[str, Any]) -> list[Any]:
    return [message.get("type") for message in _messages(tool)]


def _dropped_placements(tool: Mapping[str, Any]) -> list[Any]:
    dropped: list[Any] = []
    for message in _messages(tool):
        known, asked = PLACEMENTS.get(str(message.get("type")), ()), message.get("placements")
        dropped += [place for place in asked if place not in known] if isinstance(asked, list) else []
    return dropped


def _texts(value: object) -> list[str]:
    found = value if isinstance(value, list) else []
    return list(dict.fromkeys(text for text in found if is_text(text, limit=MAX_SHORT)))[:MAX_LIST]


def _judge_key_set_address(url: str) -> None:
    try:
        resolve(url, timeout_seconds=RESOLVE_SECONDS)
    except OutboundRefused as error:
        problem = Problem(field="jwks_uri", code=error.code, message=error.message)
        raise RegistrationRefused([problem]) from error
    except OutboundError:
        return  # a name that cannot be looked up now is judged again whenever it is fetched
