"""Who is acting: kept for the length of a request or a task, so that every fact names its actor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`kind` is person, tool, system or nobody; `id` is the person's id, the client id or the task's name."""

    kind: str
    id: str = ""


NOBODY = Actor("nobody")
SYSTEM = Actor("system", "platform")

_actor: ContextVar[Actor | Callable[[], Actor]] = ContextVar("actor", default=SYSTEM)
_address: ContextVar[str] = ContextVar("address", default="")


def current() -> Actor:
    """The actor of this request or task."""
    actor = _actor.get()
    return actor if isinstance(actor, Actor) else actor()


def current_address() -> str:
    """The network address of the request, or an empty string."""
    return _address.get()


@contextmanager
def acting_as(actor: Actor | Callable[[], Actor], *, address: str | None = None) -> Iterator[None]:
    """Within the block, facts are recorded as done by `actor` (or what it returns when first needed)."""
    token = _actor.set(actor)
    address_token = _address.set(_address.get() if address is None else address)
    try:
        yield
    finally:
        _actor.reset(token)
        _address.reset(address_token)
