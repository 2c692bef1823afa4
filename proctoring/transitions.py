"""The attempt's state machine, as one table. A move that is not in it does not exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from proctoring.errors import IllegalMove
from proctoring.models import Attempt

State = Attempt.State


class Event(StrEnum):
    """What can happen to an attempt."""

    BEGIN = "begin"
    REFUSE_CHECK_IN = "refuse_check_in"
    RETRY_CHECK_IN = "retry_check_in"
    ABANDON = "abandon"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    SUBMIT = "submit"
    TIME_OUT = "time_out"
    TERMINATE = "terminate"
    INTERRUPT = "interrupt"
    REOPEN = "reopen"
    RELEASE = "release"
    INVALIDATE = "invalidate"
    VOID = "void"


@dataclass(frozen=True)
class Move:
    """`event`, in any of `sources`, leads to `target`."""

    event: Event
    sources: tuple[State, ...]
    target: State


TABLE: tuple[Move, ...] = (
    Move(Event.REFUSE_CHECK_IN, (State.CHECKING_IN,), State.BLOCKED),
    Move(Event.RETRY_CHECK_IN, (State.BLOCKED,), State.CHECKING_IN),
    Move(Event.ABANDON, (State.CHECKING_IN, State.BLOCKED), State.ABANDONED),
    Move(Event.START, (State.CHECKING_IN,), State.RUNNING),
    Move(Event.PAUSE, (State.RUNNING,), State.PAUSED),
    Move(Event.RESUME, (State.PAUSED,), State.RUNNING),
    Move(Event.SUBMIT, (State.RUNNING, State.PAUSED), State.SUBMITTED),
    Move(Event.TIME_OUT, (State.RUNNING,), State.SUBMITTED),
    Move(Event.TERMINATE, (State.RUNNING, State.PAUSED, State.INTERRUPTED), State.TERMINATED),
    Move(Event.INTERRUPT, (State.PAUSED,), State.INTERRUPTED),
    Move(Event.REOPEN, (State.INTERRUPTED,), State.PAUSED),
    Move(Event.RELEASE, (State.SUBMITTED, State.TERMINATED), State.RELEASED),
    Move(
        Event.INVALIDATE,
        (State.SUBMITTED, State.TERMINATED, State.INTERRUPTED, State.RELEASED),
        State.INVALIDATED,
    ),
    Move(
        Event.VOID,
        (
            State.CHECKING_IN,
            State.BLOCKED,
            State.RUNNING,
            State.PAUSED,
            State.INTERRUPTED,
            State.SUBMITTED,
            State.TERMINATED,
        ),
        State.VOIDED,
    ),
)

OPEN = frozenset({State.CHECKING_IN, State.BLOCKED, State.RUNNING, State.PAUSED, State.INTERRUPTED})
UNDER_WAY = frozenset({State.RUNNING, State.PAUSED, State.INTERRUPTED})  # started, and not yet over
ENDED = frozenset({State.SUBMITTED, State.TERMINATED})  # over, and waiting for its result
SETTLED = frozenset({State.RELEASED, State.INVALIDATED, State.VOIDED})  # final, but for a late rejection

_TARGETS = {(source, move.event): move.target for move in TABLE for source in move.sources}


def target_of(event: Event, *, state: str) -> State:
    """The state that `event` leads to from `state`. Raises IllegalMove."""
    try:
        return _TARGETS[State(state), event]
    except KeyError:
        raise IllegalMove(event=event, state=state) from None


def is_possible(event: Event, *, state: str) -> bool:
    """Whether the table has this move."""
    return (State(state), event) in _TARGETS


def diagram() -> Iterator[str]:
    """The table as the lines of a mermaid state diagram."""
    yield "stateDiagram-v2"
    yield f"    [*] --> {State.CHECKING_IN}: {Event.BEGIN}"
    for (source, event), target in _TARGETS.items():
        yield f"    {source} --> {target}: {event}"
    for state in State:
        if not any(state in move.sources for move in TABLE):
            yield f"    {state} --> [*]"
