"""What packages to the right add to a launch (claims, variables, a refusal), and what they do on a return.

They also hear of links that tools give a course, and say which links they open themselves.

Each package's `claims.py` registers its functions here; it is found from INSTALLED_APPS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db.models import QuerySet

from lti_platform.courses.models import ResourceLink
from lti_platform.launches.errors import ClaimReserved, LaunchRefused
from lti_platform.launches.models import Launch

__all__ = [
    "LaunchRefused",
    "ToolReturn",
    "claims_for",
    "contributes_claims",
    "contributes_variables",
    "hear_content_item",
    "hear_return",
    "keeps_links_back",
    "kept_back",
    "on_content_item",
    "on_tool_return",
    "variables_for",
]


@dataclass(frozen=True, kw_only=True)
class ToolReturn:
    """What a tool said on its way back (LTI Core 5.4.4): untrusted plain text, each empty when not said."""

    message: str = ""
    error: str = ""
    log: str = ""
    error_log: str = ""

    @property
    def failed(self) -> bool:
        """Whether the tool reported an error."""
        return bool(self.error or self.error_log)


class Claims(Protocol):
    def __call__(self, launch: Launch, /, *, now: datetime) -> dict[str, Any]: ...


class ContentHook(Protocol):
    def __call__(
        self, link: ResourceLink, /, *, line_item: Mapping[str, Any] | None, now: datetime
    ) -> Any: ...


class ReturnHook(Protocol):
    def __call__(self, launch: Launch, /, *, words: ToolReturn, now: datetime) -> Any: ...


Variables = Callable[[Launch], dict[str, str]]
KeptBack = Callable[[], QuerySet[Any, Any]]
ClaimsT = TypeVar("ClaimsT", bound=Claims)
VariablesT = TypeVar("VariablesT", bound=Variables)
HookT = TypeVar("HookT", bound=ReturnHook)
ContentHookT = TypeVar("ContentHookT", bound=ContentHook)
KeptBackT = TypeVar("KeptBackT", bound=KeptBack)

_claims: list[Claims] = []
_variables: list[Variables] = []
_hooks: list[ReturnHook] = []
_content_hooks: list[ContentHook] = []
_kept_back: list[KeptBack] = []


def contributes_claims(function: ClaimsT) -> ClaimsT:
    """Registers `(launch, *, now) -> dict`: claims merged into the id_token, in the transaction that consumes the hint.

    It may raise LaunchRefused(code, message); then nothing is sent and the hint is not used up.
    """
    _claims.append(function)
    return function


def contributes_variables(function: VariablesT) -> VariablesT:
    """Registers `(launch) -> {"Scope.name": value}`: variables for custom parameters, without the `$`."""
    _variables.append(function)
    return function


def on_tool_return(function: HookT) -> HookT:
    """Registers `(launch, *, words: ToolReturn, now)`: called when the launch's own person comes back from the tool.

    It runs in the transaction that records the return, possibly more than once.
    """
    _hooks.append(function)
    return function


def on_content_item(function: ContentHookT) -> ContentHookT:
    """Registers `(link, *, line_item, now)`: called when a link that a person picked in a tool is placed or changed.

    `line_item` is what the tool asks for (Deep Linking 2.0, 3.2), judged: scoreMaximum above 0, label, resourceId,
    tag, and gradesReleased and submissionReview where told; None without. It runs in the transaction that places
    the link, and may raise LaunchRefused(code, message): then nothing is placed.
    """
    _content_hooks.append(function)
    return function


def keeps_links_back(function: KeptBackT) -> KeptBackT:
    """Registers `() -> QuerySet of resource link ids`: links opened from pages of the package's own, on no course's."""
    _kept_back.append(function)
    return function


def kept_back() -> list[QuerySet[Any, Any]]:
    """The ids of links that are on no course's page, a query for each package."""
    return [function() for function in _kept_back]


def claims_for(launch: Launch, *, reserved: frozenset[str], now: datetime) -> dict[str, Any]:
    """Every contribution merged. Raises ClaimReserved for a claim that is ours or another's, LaunchRefused."""
    merged: dict[str, Any] = {}
    for contribute in _claims:
        added = contribute(launch, now=now)
        if taken := (reserved | merged.keys()) & added.keys():
            raise ClaimReserved(f"contributed twice: {', '.join(sorted(taken))}")
        merged |= added
    return merged


def variables_for(launch: Launch) -> dict[str, str]:
    """Every contributed variable by its name."""
    merged: dict[str, str] = {}
    for contribute in _variables:
        merged |= contribute(launch)
    return merged


def hear_return(launch: Launch, *, words: ToolReturn, now: datetime) -> None:
    """Tells every hook that the launch's person came back."""
    for hook in _hooks:
        hook(launch, words=words, now=now)


def hear_content_item(link: ResourceLink, *, line_item: Mapping[str, Any] | None, now: datetime) -> None:
    """Tells every hook that the link was picked in its tool."""
    for hook in _content_hooks:
        hook(link, line_item=line_item, now=now)
