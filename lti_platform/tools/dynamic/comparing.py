"""What a tool asks for beside what it has, line by line, for the admin who decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_platform.tools.dynamic import advertising
from lti_platform.tools.models import Registration
from lti_platform.tools.scopes import LABELS

Words = str | Promise


@dataclass(frozen=True)
class Remark:
    """Something the tool asks for that it does not get whoever decides, and why."""

    why: Words
    text: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One matter: `asked` and `granted` are texts to show below each other, `remarks` what will not be as it asks."""

    key: str
    name: Words
    asked: list[Words]
    granted: list[Words]
    remarks: list[Remark]
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
    remarks = remarks_on(asked, parameters=_parameters(values_asked(registration)))
    found = [
        Line(
            key=name,
            name=NAMES[name],
            asked=after[name],
            granted=before[name],
            remarks=remarks.get(name, []),
            differs=after[name] != before[name],
        )
        for name in NAMES
        if after[name] or before[name] or remarks.get(name)
    ]
    return [*found, _claims(asked, registration, remarks=remarks["claims"])]


def remarks_on(asked: Mapping[str, Any], *, parameters: Iterable[tuple[str, str]]) -> dict[str, list[Remark]]:
    """What of a request nobody can grant, by matter."""
    dropped = asked.get("dropped", {})
    messages = [*dropped.get("messages", []), *dropped.get("placements", [])]
    return {
        "scopes": [Remark(LEFT_OUT, scope) for scope in dropped.get("scopes", [])],
        "messages": [Remark(LEFT_OUT, kind) for kind in messages],
        "custom_parameters": [Remark(AS_IT_IS, text) for text in strange(parameters)],
        "claims": [Remark(LEFT_OUT, claim) for claim in asked.get("claims", []) if not _is_told(claim)],
    }


def withheld(registration: Registration) -> list[Words]:
    """What a working tool asked for and was not given, in texts."""
    asked, remarks = registration.asked, remarks_on(registration.asked, parameters=())
    types = {message["type"] for message in registration.messages}
    messages = [message["type"] for message in asked.get("messages", [])]
    scopes = [scope for scope in asked.get("scopes", []) if scope not in registration.scopes]
    return [
        *_texts("scopes", scopes),
        *[kind for kind in dict.fromkeys(messages) if kind not in types],
        *[remark.text for name in ("scopes", "messages", "claims") for remark in remarks[name]],
    ]


def strange_parameters(registration: Registration) -> list[str]:
    """What a working tool asks for by variables that we do not know: it gets their names in the place of values."""
    return strange(_parameters(vars(registration)))


def strange(parameters: Iterable[tuple[str, str]]) -> list[str]:
    """Those of the parameters whose value is a variable that we do not know."""
    known = set(advertising.variables())
    found = [f"{name}={text}" for name, text in parameters if text[:1] == "$" and text[1:] not in known]
    return list(dict.fromkeys(found))


def _parameters(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    own = [message.get("custom_parameters", {}) for message in values["messages"]]
    return [pair for parameters in (values["custom_parameters"], *own) for pair in parameters.items()]


def _is_told(claim: str) -> bool:
    return claim in {*PROTOCOL_CLAIMS, *advertising.claims()} or claim.startswith(LTI_CLAIMS)


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


LEFT_OUT = _("Left out, we have no such thing")
AS_IT_IS = _("Sent as it is, we have no such variable")
PROTOCOL_CLAIMS = ("iss", "sub", "aud", "azp", "exp", "iat", "nonce")
LTI_CLAIMS = "https://purl.imsglobal.org/spec/"


def _claims(asked: Mapping[str, Any], registration: Registration, *, remarks: list[Remark]) -> Line:
    claims: list[Words] = list(asked.get("claims", []))
    is_new = registration.state != Registration.State.ACTIVE
    level: list[Words] = [] if is_new else [registration.get_privacy_display()]
    name = _("Wants to know of people")
    return Line(key="claims", name=name, asked=claims, granted=level, remarks=remarks, differs=False)


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
