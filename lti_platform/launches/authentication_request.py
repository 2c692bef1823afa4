"""The tool's authentication request (LTI Security Framework 5.1.1.2): parsed, and judged as a form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lti_platform.launches.errors import (
    ClientRepeated,
    LoginHintMissing,
    MessageHintMissing,
    NonceWrong,
    ParameterRepeated,
    PromptWrong,
    RedirectRepeated,
    ResponseModeWrong,
    ResponseTypeMissing,
    ResponseTypeWrong,
    ScopeMissing,
    ScopeWrong,
    StateTooLong,
)

PARAMETERS = (
    "scope",
    "response_type",
    "response_mode",
    "prompt",
    "client_id",
    "redirect_uri",
    "login_hint",
    "lti_message_hint",
    "nonce",
    "state",
)
MAX_NONCE = 512
MAX_STATE = 4096


@dataclass(frozen=True)
class Asked:
    """Parameters by name, and the names sent more than once."""

    values: Mapping[str, str] = field(default_factory=dict)
    repeated: frozenset[str] = frozenset()

    def value(self, name: str) -> str:
        """The parameter; empty when it was not sent, or sent twice."""
        return "" if name in self.repeated else self.values.get(name, "")

    @property
    def known(self) -> dict[str, str]:
        """The parameters of the standard as sent; what else came along is ignored."""
        return {name: self.values[name] for name in PARAMETERS if name in self.values}


def parse(pairs: Iterable[tuple[str, str]]) -> Asked:
    """An empty parameter counts as not sent, and none may be sent twice (RFC 6749 section 3.1)."""
    values: dict[str, str] = {}
    repeated = set()
    for name, value in pairs:
        if name in values:
            repeated.add(name)
        values.setdefault(name, value)
    kept = {name: value for name, value in values.items() if value}
    return Asked(values=kept, repeated=frozenset(repeated))


def judge_answerable(asked: Asked) -> None:
    """Raises ClientRepeated or RedirectRepeated: then nobody knows whom to answer."""
    if "client_id" in asked.repeated:
        raise ClientRepeated
    if "redirect_uri" in asked.repeated:
        raise RedirectRepeated


def judge_form(asked: Asked) -> None:
    """Every rule that needs nothing but the request, in order. Raises a RequestRefused."""
    if asked.repeated:
        raise ParameterRepeated
    judge_flow(asked)
    if asked.value("prompt") != "none":
        raise PromptWrong
    if not is_nonce(asked.value("nonce")):
        raise NonceWrong
    if len(asked.value("state")) > MAX_STATE:
        raise StateTooLong
    if not asked.value("login_hint"):
        raise LoginHintMissing
    if not asked.value("lti_message_hint"):
        raise MessageHintMissing


def judge_flow(asked: Asked) -> None:
    """Scope, response type and response mode."""
    if not asked.value("scope"):
        raise ScopeMissing
    if "openid" not in asked.value("scope").split(" "):
        raise ScopeWrong
    if not asked.value("response_type"):
        raise ResponseTypeMissing
    if asked.value("response_type") != "id_token":
        raise ResponseTypeWrong
    if asked.value("response_mode") != "form_post":
        raise ResponseModeWrong


def is_nonce(value: str) -> bool:
    """Present, bounded, printable, and not one that would have to be trimmed to be sent back."""
    return 0 < len(value) <= MAX_NONCE and value.isprintable() and value == value.strip()
