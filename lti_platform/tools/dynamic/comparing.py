"""What a tool asks for beside what it has, line by line, for the admin who decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_platform.tools.models import Registration
from lti_platform.tools.scopes import LABELS

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Line:
    """One matter: `asked` and `granted` are texts to show below each other, `dropped` what we do not support."""

    name: Words
    asked: list[Words]
    granted: list[Words]
    dropped: list[str]
    differs: bool


def asked_of(registration: Registration) -> dict[str, Any]:
    """What the request in question asks for: that of a change, else that of the registration."""
    proposed = registration.proposed
    return dict(proposed["asked"] if proposed else registration.asked)


def values_asked(registration: Registration) -> dict[str, Any]:
    """The fields as they would be with everything granted."""
    names = [field.name for field in Registration._meta.concrete_fields]
    own = {name: getattr(registration, name) for name in names if name not in ("organization",)}
    return {**own, **(registration.proposed or {"values": {}})["values"]}


def lines(registration: Registration) -> list[Line]:
    """Every matter that an admin should look at; a new tool has nothing granted yet."""
    asked, after = asked_of(registration), _shown(values_asked(registration))
    is_new = registration.state != Registration.State.ACTIVE
    before = {name: [] for name in after} if is_new else _shown(vars(registration))
    dropped = asked.get("dropped", {})
    left_out = {"scopes": dropped.get("scopes", []), "messages": _dropped_messages(dropped)}
    found = [
        Line(
            name=NAMES[name],
            asked=after[name],
            granted=before[name],
            dropped=left_out.get(name, []),
            differs=after[name] != before[name],
        )
        for name in NAMES
        if after[name] or before[name] or left_out.get(name)
    ]
    return [*found, _claims(asked, registration)]


NAMES: dict[str, Words] = {
    "name": _("Name"),
    "scopes": _("May do"),
    "messages": _("Messages"),
    "custom_parameters": _("Custom parameters"),
    "initiate_login_uri": _("Login address"),
    "redirect_uris": _("Redirect addresses"),
    "target_link_uri": _("Launch address"),
    "domains": _("Domains"),
    "jwks_uri": _("Key set address"),
    "jwks": _("Key set"),
    "client_uri": _("Home page"),
    "tos_uri": _("Terms of service"),
    "policy_uri": _("Privacy policy"),
    "logo_uri": _("Logo"),
    "contacts": _("Contacts"),
    "description": _("Description"),
}


def _claims(asked: Mapping[str, Any], registration: Registration) -> Line:
    claims: list[Words] = list(asked.get("claims", []))
    is_new = registration.state != Registration.State.ACTIVE
    level: list[Words] = [] if is_new else [registration.get_privacy_display()]
    return Line(name=_("Wants to know of people"), asked=claims, granted=level, dropped=[], differs=False)


def _shown(values: Mapping[str, Any]) -> dict[str, list[Words]]:
    return {name: _texts(name, values[name]) for name in NAMES}


def _texts(name: str, value: Any) -> list[Words]:
    if not value:
        return []
    if name == "scopes":
        return [LABELS.get(scope, scope) for scope in value]
    if name == "messages":
        return [_message(message) for message in value]
    if name == "jwks":
        return [str(key.get("kid", "")) or _("one key without a name") for key in value.get("keys", [])]
    if isinstance(value, dict):
        return [f"{key}={text}" for key, text in value.items()]
    return list(value) if isinstance(value, list) else [str(value)]


def _message(message: Mapping[str, Any]) -> str:
    places = ", ".join(message.get("placements", []))
    own = [f"{key}={text}" for key, text in message.get("custom_parameters", {}).items()]
    parts = [message["type"], places, str(message.get("target_link_uri", "")), *own]
    return " · ".join(part for part in parts if part)


def _dropped_messages(dropped: Mapping[str, Any]) -> list[str]:
    return [*dropped.get("messages", []), *dropped.get("placements", [])]
