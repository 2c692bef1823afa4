"""The timeline of a session as lengths in a drawing of 800 by 118: drawn on the server, followed by the player."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from proctoring.desk.incident_rows import IncidentRow
from proctoring.desk.recording import Recording
from proctoring.evidence.coverage import Span

LEFT, RIGHT = 88.0, 774.0
BASE, BAR_WIDTH, HIT_WIDTH = 56, 7, 24
CLOCK, RECORDED = (69, 77), (86, 94)
TOPS = {1: 45, 2: 34, 3: 23}
MOST_TICKS = 8
STEPS_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600)


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A labelled line across the drawing."""

    x: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """An incident's bar, and the larger shape around it that can be hit."""

    row: IncidentRow
    bar: str
    hit: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Path data by what it shows."""

    length_ms: int
    left: float
    width: float
    ticks: list[Tick]
    paused: str
    paused_label_x: str
    clock: str
    recorded: str
    missing: str
    marks: list[Mark]


def draw(recording: Recording, rows: Iterable[IncidentRow]) -> Chart | None:
    """The drawing; None where neither the clock nor a recorder ever ran."""
    if recording.length_ms <= 0:
        return None
    paused = _boxes(recording, recording.paused, top=8, bottom=96)
    return Chart(
        length_ms=recording.length_ms,
        left=LEFT,
        width=RIGHT - LEFT,
        ticks=_ticks(recording.length_ms),
        paused=paused,
        paused_label_x=f"{_x(recording, recording.paused[0].start) + 4:.1f}" if paused else "",
        clock=_boxes(recording, recording.running, top=CLOCK[0], bottom=CLOCK[1]),
        recorded=_boxes(recording, recording.recorded, top=RECORDED[0], bottom=RECORDED[1]),
        missing=_boxes(recording, recording.missing, top=RECORDED[0] + 0.5, bottom=RECORDED[1] - 0.5),
        marks=[_mark(row, length_ms=recording.length_ms) for row in rows if row.place.at_ms is not None],
    )


def place(at_ms: float, *, length_ms: int) -> float:
    """The x of a moment of desk time."""
    return LEFT + (RIGHT - LEFT) * min(max(at_ms / length_ms, 0), 1)


def _x(recording: Recording, moment: object) -> float:
    return place(recording.offset_ms(moment), length_ms=recording.length_ms)  # type: ignore[arg-type]


def _boxes(recording: Recording, spans: Iterable[Span], *, top: float, bottom: float) -> str:
    edges = ((_x(recording, span.start), _x(recording, span.end)) for span in spans)
    return "".join(f"M{left:.1f} {top}H{right:.1f}V{bottom}H{left:.1f}z" for left, right in edges)


def _mark(row: IncidentRow, *, length_ms: int) -> Mark:
    middle = place(row.place.at_ms or 0, length_ms=length_ms)
    bar, hit = middle - BAR_WIDTH / 2, middle - HIT_WIDTH / 2
    return Mark(
        row=row,
        bar=f"M{bar:.1f} {TOPS[row.bars]}h{BAR_WIDTH}V{BASE}h-{BAR_WIDTH}z",
        hit=f"M{hit:.1f} 20h{HIT_WIDTH}v36h-{HIT_WIDTH}z",
    )


def _ticks(length_ms: int) -> list[Tick]:
    seconds = length_ms / 1000
    step = next((step for step in STEPS_SECONDS if seconds / step <= MOST_TICKS), STEPS_SECONDS[-1])
    in_minutes = step >= 60
    unit = gettext("min") if in_minutes else gettext("s")
    ticks = []
    for at in range(0, int(seconds) + 1, step):
        figure = at // 60 if in_minutes else at
        label = str(figure) if at else f"0\u00a0{unit}"
        ticks.append(Tick(x=f"{place(at * 1000, length_ms=length_ms):.1f}", words=label))
    return ticks
