"""The incidents of a case as its reviewer sees them: what, when, how much, and what was decided."""

from dataclasses import dataclass

from proctoring.desk import words
from proctoring.desk.levels import bars_of
from proctoring.desk.recording import Place, Recording, place_of
from proctoring.desk.words import Words
from proctoring.models import Attempt, Incident, IncidentDecision

Judgement = IncidentDecision.Judgement


@dataclass(frozen=True, kw_only=True)
class IncidentRow:
    """`state` is open, confirmed, dismissed, or noted for what asks for no decision."""

    incident: Incident
    title: Words
    bars: int
    place: Place
    decision: IncidentDecision | None
    state: str

    @property
    def name(self) -> str:
        """The id of its line on the page."""
        return f"i-{self.incident.pk}"

    @property
    def seconds(self) -> float | None:
        """Its place in the recording."""
        return None if self.place.at_ms is None else self.place.at_ms / 1000


def rows_of(attempt: Attempt, *, recording: Recording) -> list[IncidentRow]:
    """In order of time; those outside the recording last. Two queries."""
    found = attempt.incidents.prefetch_related("decisions__reviewer").select_related(
        "session__deployment__registration"
    )
    rows = [_row(incident, recording=recording) for incident in found]
    return sorted(rows, key=lambda row: (row.place.at_ms is None, row.place.at_ms or 0))


def undecided(rows: list[IncidentRow]) -> list[IncidentRow]:
    """Those that still need a decision."""
    return [row for row in rows if row.state == "open"]


def _row(incident: Incident, *, recording: Recording) -> IncidentRow:
    decision = next(reversed(incident.decisions.all()), None)
    return IncidentRow(
        incident=incident,
        title=words.title_of(incident),
        bars=bars_of(incident),
        place=place_of(incident, recording=recording),
        decision=decision,
        state=_state(incident, decision),
    )


def _state(incident: Incident, decision: IncidentDecision | None) -> str:
    if decision and decision.judgement != Judgement.REOPENED:
        return str(decision.judgement)
    return "open" if incident.needs_decision else "noted"
