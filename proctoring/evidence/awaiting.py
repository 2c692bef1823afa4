"""What is still awaited of a session, and what will be called missing if it never comes.

A gap is `never_planned`, `never_came`, `never_judged` (it came, and we failed to look at it), `quarantined`,
`nothing_came` (no recording at all) or `never_ended` (the tool did not say that it was done).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from proctoring.evidence.models import EndNotice, EvidenceItem

State = EvidenceItem.State
JUDGED = (State.ACCEPTED, State.QUARANTINED)
ARRIVED = (State.RECEIVED, *JUDGED)


@dataclass(frozen=True, order=True, kw_only=True)
class Gap:
    """Something the evidence lacks: `reason` is a stable code."""

    reason: str
    kind: str = ""
    stream: str = ""
    sequence: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The fields that say something."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


def is_being_judged(items: Iterable[EvidenceItem]) -> bool:
    """Whether an item is here that we have not looked at yet: our turn, not the tool's."""
    return any(item.state == State.RECEIVED for item in items)


def gaps(items: Sequence[EvidenceItem], *, notice: EndNotice | None, has_recorded: bool) -> list[Gap]:
    """All that is missing. A session that never recorded owes nothing but what it planned."""
    found = [_gap(item, "quarantined") for item in items if item.state == State.QUARANTINED]
    found += [_gap(item, "never_judged") for item in items if item.state == State.RECEIVED]
    found += _emptiness(items, has_recorded=has_recorded)
    if notice:
        found += _missing_of_named(items, notice=notice)
    else:
        found += [_gap(item, "never_came") for item in items if item.state == State.PLANNED]
        found += [Gap(reason="never_ended")] if has_recorded else []
    return sorted(found, key=_order)


def is_all_here(items: Sequence[EvidenceItem], *, notice: EndNotice | None, has_recorded: bool) -> bool:
    """Whether nothing more can come: the end was announced, and all it named was judged."""
    if is_being_judged(items):
        return False
    if notice is None:
        return not has_recorded and all(item.state in JUDGED for item in items)
    return not _missing_of_named(items, notice=notice)


def _missing_of_named(items: Sequence[EvidenceItem], *, notice: EndNotice) -> list[Gap]:
    return [gap for named in notice.named for gap in _missing(items, named=named)]


def _missing(items: Sequence[EvidenceItem], *, named: dict[str, Any]) -> list[Gap]:
    kind, stream, count = named["kind"], named["stream"], named["count"]
    mine = [item for item in items if (item.kind, item.stream) == (kind, stream)]
    if kind != EvidenceItem.Kind.RECORDING:
        here = sum(item.state in ARRIVED for item in mine)
        return [Gap(reason="never_came", kind=kind, stream=stream)] * max(count - here, 0)
    states = {item.sequence: item.state for item in mine}
    return [
        Gap(
            reason="never_came" if sequence in states else "never_planned",
            kind=kind,
            stream=stream,
            sequence=sequence,
        )
        for sequence in range(count)
        if states.get(sequence) not in ARRIVED
    ]


def _emptiness(items: Sequence[EvidenceItem], *, has_recorded: bool) -> list[Gap]:
    kinds = Counter(item.kind for item in items if item.state in JUDGED)
    is_empty = has_recorded and not kinds[EvidenceItem.Kind.RECORDING]
    return [Gap(reason="nothing_came", kind=EvidenceItem.Kind.RECORDING)] if is_empty else []


def _gap(item: EvidenceItem, reason: str) -> Gap:
    return Gap(reason=reason, kind=item.kind, stream=item.stream, sequence=item.sequence)


def _order(gap: Gap) -> tuple[str, str, int, str]:
    return gap.kind, gap.stream, -1 if gap.sequence is None else gap.sequence, gap.reason
