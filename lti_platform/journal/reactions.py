"""Which reactions a fact owes: registered by each package's `reactions.py`, found from INSTALLED_APPS."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from lti_platform.journal.facts import Fact

FactT = TypeVar("FactT", bound=Fact, contravariant=True)


class ReactionFunction(Protocol[FactT]):
    def __call__(self, fact: FactT, /, *, now: datetime) -> Any: ...


_by_name: dict[str, ReactionFunction[Any]] = {}
_long: set[str] = set()
_names_by_fact: dict[type[Fact], list[str]] = {}

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def reacts_to(fact: type[Fact], *, takes_long: bool = False) -> Callable[[Decorated], Decorated]:
    """Registers a function of `(fact, *, now)` to run, at least once, after each such fact is committed.

    It runs in the transaction that marks it done. One that `takes_long` runs outside of any, under a longer lease:
    it commits its own effect, and must do no harm when it runs again.
    """

    def register(function: Decorated) -> Decorated:
        name = f"{function.__module__.removesuffix('.reactions')}:{function.__name__}"
        _by_name[name] = function
        if takes_long:
            _long.add(name)
        _names_by_fact.setdefault(fact, []).append(name)
        return function

    return register


def names_for(fact: type[Fact]) -> list[str]:
    """Names of the reactions the fact owes."""
    return _names_by_fact.get(fact, [])


def by_name(name: str) -> ReactionFunction[Any]:
    """The function behind a recorded reaction. KeyError when the package is no longer installed."""
    return _by_name[name]


def takes_long(name: str) -> bool:
    """Whether the reaction runs outside a transaction."""
    return name in _long


def table() -> list[tuple[str, list[str]]]:
    """Every fact with reactions, and their names, in order."""
    return sorted((fact.fact_type, sorted(names)) for fact, names in _names_by_fact.items())
