"""An attempt's recordings on one line of time, whichever sessions they came from, beside the exam clock.

Desk time counts in milliseconds from the first moment that was recorded or in which the clock ran.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from proctoring.evidence import timeline
from proctoring.evidence.coverage import Span, coverage_percent, union
from proctoring.evidence.models import EvidenceItem
from proctoring.evidence.timeline import SEAM, Recorded
from proctoring.models import Attempt, Incident

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an incident is: `at_ms` of desk time, None outside of it; whether a recording shows it."""

    at_ms: int | None
    is_recorded: bool


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What was recorded in each session, and when the exam clock ran."""

    sessions: dict[UUID, list[Recorded]] = field(default_factory=dict)
    running: list[Span] = field(default_factory=list)

    @property
    def recorded(self) -> list[Span]:
        """The time that the best stream of any session shows."""
        shown = (timeline.best_stream(segments) for segments in self.sessions.values())
        return union(segment.span for segments in shown for segment in segments)

    @property
    def missing(self) -> list[Span]:
        """Running time that no recording shows; the seams between segments do not count."""
        gaps = without(union(self.running), union(self.recorded))
        return [gap for gap in gaps if gap.length > SEAM]

    @property
    def paused(self) -> list[Span]:
        """The time between two runs of the clock."""
        runs = union(self.running)
        return [Span(before.end, after.start) for before, after in pairwise(runs)]

    @property
    def percent(self) -> Decimal | None:
        """Share of the running time that was recorded."""
        return coverage_percent(recorded=self.recorded, running=self.running)

    @property
    def begins_at(self) -> datetime | None:
        """Desk time zero, by our clock."""
        begins = [timeline.origin(segments) for segments in self.sessions.values()]
        return min((at for at in [*begins, *(span.start for span in self.running)] if at), default=None)

    @property
    def length_ms(self) -> int:
        """From zero to the last moment recorded or run."""
        ends = [segment.span.end for segments in self.sessions.values() for segment in segments]
        return self.offset_ms(max([*ends, *(span.end for span in self.running)], default=None))

    def offset_ms(self, at: datetime | None) -> int:
        """Desk time of a moment by our clock; may lie outside."""
        begins_at = self.begins_at
        return (at - begins_at) // MILLISECOND if at and begins_at else 0


def read(attempt: Attempt, *, now: datetime) -> Recording:
    """The attempt's accepted recordings and the runs of its clock: two queries."""
    items = EvidenceItem.objects.filter(
        session__attempt=attempt, kind=EvidenceItem.Kind.RECORDING, state=EvidenceItem.State.ACCEPTED
    )
    sessions: dict[UUID, list[Recorded]] = {}
    for item in items:
        if segment := timeline.recorded_from(item):
            sessions.setdefault(item.session_id, []).append(segment)
    runs = attempt.running_intervals.values_list("started_at", "ended_at")
    return Recording(sessions=sessions, running=[Span(start, end or now) for start, end in runs])


def place_of(incident: Incident, *, recording: Recording) -> Place:
    """Where the incident is, with the tool's clock read as ours where the tool stamped it."""
    is_ours = incident.source == Incident.Source.PLATFORM
    for recorded in _shown_by(incident, recording=recording):
        at = (
            incident.occurred_at
            if is_ours
            else timeline.to_our_clock(incident.occurred_at, recorded=recorded)
        )
        found = timeline.position_ms(at, recorded=recorded)
        if found is not None:
            return Place(at_ms=recording.offset_ms(timeline.origin(recorded)) + found, is_recorded=True)
    return _unrecorded(incident, recording=recording)


def without(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The time in `spans` that is not in `others`; both in order and without overlap."""
    taken, left = list(others), []
    for span in spans:
        start = span.start
        for other in taken:
            if start < other.start < span.end:
                left.append(Span(start, other.start))
            if other.start < span.end and other.end > start:
                start = other.end
        if start < span.end:
            left.append(Span(start, span.end))
    return left


def _shown_by(incident: Incident, *, recording: Recording) -> list[list[Recorded]]:
    """The recordings that may show it: those of its session; of a tool's message never another's."""
    if incident.session_id:
        return [recording.sessions.get(incident.session_id, [])]
    return list(recording.sessions.values())


def _unrecorded(incident: Incident, *, recording: Recording) -> Place:
    at = incident.occurred_at
    if incident.source == Incident.Source.TOOL and incident.session_id:
        at = timeline.to_our_clock(at, recorded=recording.sessions.get(incident.session_id, []))
    offset = recording.offset_ms(at)
    is_within = recording.begins_at is not None and 0 <= offset <= recording.length_ms
    return Place(at_ms=offset if is_within else None, is_recorded=False)
