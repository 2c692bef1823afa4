"""What the vendor has to type into their own form: on the page, as a file of text, and as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lti_platform.tools import addresses, scopes
from lti_platform.tools.dynamic.addresses import configuration
from lti_platform.tools.models import Deployment, Registration

# What a service is called, the scopes that open it, and the name of its address; packages to the right have them.
SERVICES: tuple[tuple[str, frozenset[str], str], ...] = (
    ("line_items", frozenset({scopes.LINEITEM, scopes.LINEITEM_READONLY}), "ags-lineitems"),
    ("members", frozenset({scopes.MEMBERSHIP_READONLY}), "nrps-memberships"),
    ("assessment_control", frozenset({scopes.ACS_CONTROL}), "assessment-control"),
)
SERVICE_WORDS: dict[str, str | Promise] = {
    "line_items": _("Line items, scores, results"),
    "members": _("Members of a course"),
    "assessment_control": _("Assessment control"),
}
# What we go by is told as it is best used: the first, or the other where a vendor's form wants it.
AUDIENCE_WORDS = (_("Audience of assertions"), _("Audience, if that is refused"))


@dataclass(frozen=True, kw_only=True)
class Line:
    """One value to copy, and what forms call it."""

    label: str | Promise
    value: str


def vendor_sheet(
    registration: Registration, *, deployments: Iterable[Deployment] | None = None
) -> dict[str, Any]:
    """Our values for this tool, named as in the OpenID configuration (Dynamic Registration 12.2), JSON-ready.

    `deployments` are those whose ids may be told, in order; all of the tool unless given. Disabled ones are not.
    `token_endpoint_audiences` are what an assertion may be made out to, the best first.
    """
    told = registration.deployments.order_by("created_at", "id") if deployments is None else deployments
    return {
        "issuer": settings.PLATFORM_URL,
        "client_id": registration.client_id,
        "deployment_ids": [deployment.deployment_id for deployment in told if deployment.is_enabled],
        "openid_configuration": configuration(),
        "authorization_endpoint": addresses.authorization_endpoint(),
        "token_endpoint": addresses.token_endpoint(),
        "token_endpoint_audiences": list(addresses.audiences()),
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": addresses.key_set_of(registration),
        "scope": " ".join(registration.scopes),
        "services": _services(registration),
    }


def lines(sheet: Mapping[str, Any]) -> list[Line]:
    """The sheet for people: each value with its label, lists one by one."""
    fixed = [
        Line(label=_("Issuer (platform id)"), value=sheet["issuer"]),
        Line(label=_("Client id"), value=sheet["client_id"]),
        *(Line(label=_("Deployment id"), value=value) for value in sheet["deployment_ids"]),
        Line(label=_("Authorization address (OIDC login)"), value=sheet["authorization_endpoint"]),
        Line(label=_("Token address"), value=sheet["token_endpoint"]),
        *(
            Line(label=label, value=value)
            for label, value in zip(AUDIENCE_WORDS, sheet["token_endpoint_audiences"], strict=True)
        ),
        Line(label=_("Key set (JWKS)"), value=sheet["jwks_uri"]),
        Line(label=_("OpenID configuration"), value=sheet["openid_configuration"]),
    ]
    fixed += [Line(label=SERVICE_WORDS[name], value=address) for name, address in sheet["services"].items()]
    return fixed + ([Line(label=_("Granted scopes"), value=sheet["scope"])] if sheet["scope"] else [])


def as_text(sheet: Mapping[str, Any], *, tool: str) -> str:
    """The sheet as plain text, to be mailed: a title, then a label and below it the value, for each."""
    title = gettext("%(platform)s for %(tool)s: values for LTI 1.3") % {
        "platform": settings.PLATFORM_NAME,
        "tool": tool,
    }
    told = [f"{line.label}:\n  {line.value}" for line in lines(sheet)]
    note = gettext("Addresses of services come with every launch; those above show where they lie.")
    return "\n\n".join([title, *told, note]) + "\n"


def _services(registration: Registration) -> dict[str, str]:
    """Addresses of the services that its scopes open, with {id} for what each launch fills in."""
    granted = set(registration.scopes)
    found = {name: addresses.pattern(url) for name, opened_by, url in SERVICES if granted & opened_by}
    return {name: address for name, address in found.items() if address}
