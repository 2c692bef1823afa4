"""What packages to the right know of a tool: found in the `findings` module of each installed app."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

from lti_platform.tools.checking.findings import Finding
from lti_platform.tools.models import Registration


class Check(Protocol):
    def __call__(self, registration: Registration, /, *, now: datetime) -> Iterable[Finding]: ...


CheckT = TypeVar("CheckT", bound=Check)
_checks: list[Check] = []


def contributes_findings(function: CheckT) -> CheckT:
    """Registers `(registration, *, now) -> findings`; their words are registered with `wording.speaks_of`."""
    _checks.append(function)
    return function


def contributed(registration: Registration, *, now: datetime) -> Iterator[Finding]:
    """Everything the others found, in the order of their packages."""
    for check in _checks:
        yield from check(registration, now=now)
