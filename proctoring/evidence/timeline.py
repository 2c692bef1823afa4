"""Which moment of the exam is where in the recording. Pure, apart from the two functions that read a session's rows.

Three clocks meet here: the tool's stamps captures and incidents; ours stamps everything else; a recording counts from
its own start. `clock_offset_ms`, ours minus the tool's, was measured with each item.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from proctoring.evidence.coverage import Span
from proctoring.evidence.models import EvidenceItem
from proctoring.models import Session

CAMERA = "camera"
# Between two segments a recorder restarts; a moment lost in that seam is shown from the next one's start.
SEAM = timedelta(seconds=2)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A segment: when it was captured by our clock, and how long it plays."""

    stream: str
    starts_at: datetime
    duration: timedelta
    offset: timedelta  # ours minus the tool's clock

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.starts_at + self.duration)


def to_our_clock(tool_time: datetime, *, recorded: Sequence[Recorded]) -> datetime:
    """The tool's time by our clock, with the offset measured nearest to it; unchanged if none was."""
    if not recorded:
        return tool_time
    nearest = min(recorded, key=lambda segment: abs(segment.starts_at - segment.offset - tool_time))
    return tool_time + nearest.offset


def best_stream(recorded: Sequence[Recorded]) -> list[Recorded]:
    """The camera's segments, else those of the stream that recorded longest, in order of time."""
    lengths: dict[str, timedelta] = {}
    for segment in recorded:
        lengths[segment.stream] = lengths.get(segment.stream, timedelta()) + segment.duration
    best = (
        CAMERA
        if CAMERA in lengths
        else max(lengths, key=lambda stream: (lengths[stream], stream), default="")
    )
    return sorted((s for s in recorded if s.stream == best), key=lambda segment: segment.starts_at)


def origin(recorded: Iterable[Recorded]) -> datetime | None:
    """Where session time begins: the first moment of any stream, by our clock."""
    return min((segment.starts_at for segment in recorded), default=None)


def position_ms(at: datetime, *, recorded: Sequence[Recorded]) -> int | None:
    """Session time of a moment by our clock, if the best stream shows it; None in a gap."""
    start = origin(recorded)
    if start is None:
        return None
    for segment in best_stream(recorded):
        if segment.span.start <= at < segment.span.end:
            return _milliseconds(at - start)
        if segment.span.start - SEAM <= at < segment.span.start:
            return _milliseconds(segment.span.start - start)
    return None


def recorded_of(session: Session) -> list[Recorded]:
    """The session's accepted recordings. A segment never counts longer than it plays, or than it was said to last."""
    items = EvidenceItem.objects.filter(
        session=session, kind=EvidenceItem.Kind.RECORDING, state=EvidenceItem.State.ACCEPTED
    )
    return [segment for item in items if (segment := recorded_from(item))]


def recorded_from(item: EvidenceItem) -> Recorded | None:
    """The item as a segment; None unless it was captured and plays."""
    if item.capture_started_at is None or item.capture_ended_at is None or item.duration_ms is None:
        return None
    offset = timedelta(milliseconds=item.clock_offset_ms or 0)
    captured = item.capture_ended_at - item.capture_started_at
    return Recorded(
        stream=item.stream,
        starts_at=item.capture_started_at + offset,
        duration=min(captured, timedelta(milliseconds=item.duration_ms)),
        offset=offset,
    )


def _milliseconds(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
