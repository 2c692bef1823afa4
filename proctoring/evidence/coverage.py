"""How much of the exam was recorded: recorded ∩ running time ÷ running time. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time, from `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """Nothing if it ends before it starts."""
        return max(self.end - self.start, timedelta())


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time in spans that neither touch nor overlap, in order."""
    merged: list[Span] = []
    for span in sorted(span for span in spans if span.length):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def common(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """The time that is in both."""
    theirs = union(right)
    return [
        Span(max(a.start, b.start), min(a.end, b.end))
        for a in union(left)
        for b in theirs
        if max(a.start, b.start) < min(a.end, b.end)
    ]


def total(spans: Iterable[Span]) -> timedelta:
    """How long the spans are together, time in several counted once."""
    return sum((span.length for span in union(spans)), timedelta())


def coverage_percent(*, recorded: Iterable[Span], running: Iterable[Span]) -> Decimal | None:
    """0 to 100 with two places, rounded down so that 100 means all of it; None if the clock never ran."""
    intervals = union(running)
    if not (whole := total(intervals)):
        return None
    covered = total(common(recorded, intervals))
    share = Decimal(covered // timedelta(microseconds=1)) / Decimal(whole // timedelta(microseconds=1))
    return (share * 100).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
