"""A tool's description of itself: the JSON of a dynamic-registration request, judged field by field.

Only what LTI Dynamic Registration and RFC 7591 name is read; anything else is ignored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_platform.tools import web_addresses
from lti_platform.tools.describing_more import NAMED_ADDRESSES, contacts, label, link, placements
from lti_platform.tools.errors import Problem, RegistrationRefused
from lti_platform.tools.pasted_keys import pasted_key_set
from lti_platform.tools.scopes import SUPPORTED, grantable

TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
MESSAGE_TYPES = (
    "LtiResourceLinkRequest",
    "LtiDeepLinkingRequest",
    "LtiStartProctoring",
    "LtiEndAssessment",
    "LtiSubmissionReviewRequest",
    "LtiEulaRequest",
    "LtiDataPrivacyLaunchRequest",
    "DataPrivacyLaunchRequest",  # as some libraries call the one before
)
MAX_LIST = 50
MAX_TEXT = 1000
MAX_NAME = 200

WORDS: dict[str, str | Promise] = {
    "missing": _("is missing"),
    "not_text": _("must be plain text, not too long"),
    "not_a_list": _("must be a list"),
    "too_many": _("has too many entries"),
    "not_an_object": _("must be an object"),
    "not_an_address": _("must be a full web address"),
    "not_https": _("must begin with https://"),
    "fragment": _("must not contain #"),
    "outside_domain": _("lies outside the tool's domains"),
    "not_a_domain": _("must be a bare host name"),
    "private_network": _("leads to a network that is not public"),
    "not_supported": _("is not what we support"),
    "both_given": _("give an address or a pasted key set, not both"),
}


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a registration takes over; named and shaped as the fields of `Registration`."""

    name: str
    description: str
    initiate_login_uri: str
    redirect_uris: list[str]
    target_link_uri: str
    domains: list[str]
    jwks_uri: str
    jwks: dict[str, Any] | None
    scopes: list[str]
    messages: list[dict[str, Any]]
    custom_parameters: dict[str, str]
    logo_uri: str = ""
    client_uri: str = ""
    tos_uri: str = ""
    policy_uri: str = ""
    contacts: list[str] = field(default_factory=list)


@dataclass
class Reader:
    """Reads fields and gathers what is wrong with them, so that a person is told everything at once."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(self, name: str, code: str) -> None:
        """Notes that the field breaks this rule."""
        self.problems.append(Problem(field=name, code=code, message=WORDS[code]))

    def text(self, source: Mapping[str, Any], name: str, *, required: bool, limit: int = MAX_TEXT) -> str:
        """The field's text, trimmed; empty after a problem."""
        value = source.get(name)
        if value is None or value == "":
            if required:
                self.refuse(name, "missing")
            return ""
        if not is_text(value, limit=limit):
            self.refuse(name, "not_text")
            return ""
        return str(value).strip()

    def items(self, source: Mapping[str, Any], name: str) -> list[Any]:
        """The field's list; empty when absent or after a problem."""
        value = source.get(name)
        if value is not None and (not isinstance(value, list) or len(value) > MAX_LIST):
            self.refuse(name, "too_many" if isinstance(value, list) else "not_a_list")
            return []
        return value or []

    def mapping(self, source: Mapping[str, Any], name: str) -> dict[str, Any]:
        """The field's object; empty when absent or after a problem."""
        value = source.get(name)
        if value is not None and not isinstance(value, dict):
            self.refuse(name, "not_an_object")
            return {}
        return value or {}

    def address(self, url: str, name: str, *, domains: list[str]) -> None:
        """Judges one address of the tool. Nothing is said of an absent one."""
        if code := url and web_addresses.fault(url):
            self.refuse(name, code)
        elif url and domains and not web_addresses.is_within(url, domains=domains):
            self.refuse(name, "outside_domain")


def is_text(value: object, *, limit: int = MAX_TEXT) -> bool:
    """Whether this is text that can be stored, of at most so many characters."""
    if not isinstance(value, str) or len(value) > limit or "\x00" in value:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def describe(request: Mapping[str, Any]) -> Description:
    """The description in a dynamic-registration request. Raises RegistrationRefused with every problem found."""
    reader = Reader()
    tool = reader.mapping(request, TOOL_CONFIGURATION)
    if TOOL_CONFIGURATION not in request:
        reader.refuse(TOOL_CONFIGURATION, "missing")
    _judge_client(request, reader=reader)
    domains = _domains(tool, reader=reader)
    key_set = _key_set(request, domains=domains, reader=reader)
    described = Description(
        name=reader.text(request, "client_name", required=True, limit=MAX_NAME),
        description=reader.text(tool, "description", required=False),
        initiate_login_uri=_address(request, "initiate_login_uri", domains=domains, reader=reader),
        redirect_uris=_redirect_uris(request, domains=domains, reader=reader),
        target_link_uri=_address(tool, "target_link_uri", domains=domains, reader=reader),
        domains=domains,
        jwks_uri=key_set[0],
        jwks=key_set[1],
        scopes=grantable(reader.text(request, "scope", required=False).split(), granted=SUPPORTED),
        messages=_messages(tool, domains=domains, reader=reader),
        custom_parameters=_parameters(tool, reader=reader),
        contacts=contacts(request),
        **{name: link(request, name) for name in NAMED_ADDRESSES},
    )
    if reader.problems:
        raise RegistrationRefused(reader.problems)
    return described


def _judge_client(request: Mapping[str, Any], *, reader: Reader) -> None:
    if reader.text(request, "token_endpoint_auth_method", required=True) not in ("", "private_key_jwt"):
        reader.refuse("token_endpoint_auth_method", "not_supported")
    if "id_token" not in reader.items(request, "response_types"):
        reader.refuse("response_types", "not_supported")
    if request.get("application_type", "web") != "web":
        reader.refuse("application_type", "not_supported")


def _domains(tool: Mapping[str, Any], *, reader: Reader) -> list[str]:
    """The domains, main one first; empty after a problem, so that addresses are not held to half of them."""
    found = len(reader.problems)
    first = reader.text(tool, "domain", required=True).lower()
    others = reader.items(tool, "secondary_domains")
    if first and not web_addresses.is_domain(first):
        reader.refuse("domain", "not_a_domain")
    if not all(is_text(domain) and web_addresses.is_domain(domain.lower()) for domain in others):
        reader.refuse("secondary_domains", "not_a_domain")
    sound = len(reader.problems) == found
    return _once([first, *(str(domain).lower() for domain in others)]) if sound else []


def _address(source: Mapping[str, Any], name: str, *, domains: list[str], reader: Reader) -> str:
    url = reader.text(source, name, required=True)
    reader.address(url, name, domains=domains)
    return url


def _redirect_uris(request: Mapping[str, Any], *, domains: list[str], reader: Reader) -> list[str]:
    found = reader.items(request, "redirect_uris")
    if not request.get("redirect_uris"):
        reader.refuse("redirect_uris", "missing")
    for url in found:
        if not is_text(url):
            reader.refuse("redirect_uris", "not_text")
            return []
        reader.address(url.strip() or "-", "redirect_uris", domains=domains)
    return _once(url.strip() for url in found)


def _key_set(
    request: Mapping[str, Any], *, domains: list[str], reader: Reader
) -> tuple[str, dict[str, Any] | None]:
    url, pasted = reader.text(request, "jwks_uri", required=False), request.get("jwks")
    if url and pasted:
        reader.refuse("jwks", "both_given")
    if not url and not pasted:
        reader.refuse("jwks_uri", "missing")
    reader.address(url, "jwks_uri", domains=domains)
    if url and web_addresses.leads_inside(url):
        reader.refuse("jwks_uri", "private_network")
    if not pasted:
        return url, None
    key_set, problem = pasted_key_set(pasted)
    reader.problems += [problem] if problem else []
    return "", key_set


def _messages(tool: Mapping[str, Any], *, domains: list[str], reader: Reader) -> list[dict[str, Any]]:
    """Messages of the types we send; others are dropped, and none at all means the plain launch."""
    found = [item for item in reader.items(tool, "messages") if isinstance(item, dict)]
    kept = [item for item in found if item.get("type") in MESSAGE_TYPES]
    taken = [_message(item, domains=domains, reader=reader) for item in kept]
    return taken or [{"type": MESSAGE_TYPES[0]}]


def _message(item: Mapping[str, Any], *, domains: list[str], reader: Reader) -> dict[str, Any]:
    url = reader.text(item, "target_link_uri", required=False)
    reader.address(url, "messages", domains=domains)
    parameters = _parameters(item, reader=reader)
    message: dict[str, Any] = {"type": item["type"]}
    message |= {"target_link_uri": url} if url else {}
    message |= {"custom_parameters": parameters} if parameters else {}
    return message | label(item) | placements(item)


def _parameters(source: Mapping[str, Any], *, reader: Reader) -> dict[str, str]:
    found = reader.mapping(source, "custom_parameters")
    if len(found) > MAX_LIST:
        reader.refuse("custom_parameters", "too_many")
        return {}
    if not all(is_text(text) for pair in found.items() for text in pair):
        reader.refuse("custom_parameters", "not_text")
        return {}
    return {str(name).strip(): str(value).strip() for name, value in found.items()}


def _once(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
