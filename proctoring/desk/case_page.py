"""Everything the page of a case shows, gathered once; templates only lay it out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from lti_platform.people.models import Person
from proctoring.desk import chart, incident_rows, recording, session_rows, watching
from proctoring.desk.incident_rows import IncidentRow
from proctoring.desk.session_rows import SessionRow
from proctoring.evidence.models import Access, EvidenceItem
from proctoring.models import ReviewCase, Session, Verdict
from proctoring.releasing import CLEAR
from proctoring.transitions import SETTLED, State

ADVERSE = frozenset(Verdict.Outcome) - CLEAR - {Verdict.Outcome.TECHNICAL_RETAKE}


@dataclass
class CasePage:
    """A case in front of a viewer."""

    case: ReviewCase
    viewer: Person
    now: datetime
    current_id: UUID | None = None

    def __post_init__(self) -> None:
        self.attempt = self.case.attempt
        self.recording = recording.read(self.attempt, now=self.now)
        self.rows = incident_rows.rows_of(self.attempt, recording=self.recording)
        sessions = self.attempt.sessions.select_related("deployment__registration", "attempt__person")
        self.sessions: list[Session] = list(sessions)
        self.accesses: dict[UUID, Access] = watching.accesses(self.viewer, self.attempt, now=self.now)
        self.verdicts: list[Verdict] = list(self.case.verdicts.select_related("reviewer"))

    @property
    def is_waiting(self) -> bool:
        return self.case.state == ReviewCase.State.WAITING

    @property
    def is_mine(self) -> bool:
        return self.case.assigned_to_id == self.viewer.pk

    @property
    def may_decide(self) -> bool:
        """Whether the viewer judges the incidents now."""
        return self.is_waiting and self.is_mine

    @property
    def has_recording(self) -> bool:
        return any(self.recording.sessions.values())

    @property
    def is_playing(self) -> bool:
        """Whether the viewer has said why, and may watch for now."""
        return self.has_recording and bool(self.accesses)

    @property
    def is_closed(self) -> bool:
        """Whether there is something to watch, and the viewer has not said why."""
        return not self.accesses and (self.has_recording or bool(self.photos))

    @property
    def is_collecting(self) -> bool:
        """Whether evidence may still come."""
        return any(
            session.state not in (Session.State.COMPLETE, Session.State.INCOMPLETE)
            for session in self.sessions
        )

    @cached_property
    def undecided(self) -> list[IncidentRow]:
        return incident_rows.undecided(self.rows)

    @property
    def to_decide(self) -> list[IncidentRow]:
        """Those that ask for a decision, judged or not."""
        return [row for row in self.rows if row.state != "noted"]

    @cached_property
    def current(self) -> IncidentRow | None:
        """The incident in hand: the one asked for, else the first to decide, else the first."""
        asked = (row for row in self.rows if row.incident.pk == self.current_id)
        return next(asked, None) or next(iter(self.undecided), None) or next(iter(self.rows), None)

    @cached_property
    def chart(self) -> chart.Chart | None:
        return chart.draw(self.recording, self.rows)

    @property
    def percent(self) -> Decimal | None:
        return self.recording.percent

    @property
    def gaps(self) -> int:
        return len(self.recording.missing)

    @property
    def length_seconds(self) -> float:
        return self.recording.length_ms / 1000

    @property
    def streams(self) -> list[str]:
        """The streams that were recorded, the camera first."""
        names = {segment.stream for segments in self.recording.sessions.values() for segment in segments}
        return sorted(names, key=lambda name: (name != "camera", name != "screen", name))

    @property
    def verdict(self) -> Verdict | None:
        """The last one, which counts."""
        return self.verdicts[-1] if self.verdicts else None

    @property
    def outcomes(self) -> list[Verdict.Outcome]:
        """The verdicts that can be given now: all until the attempt is settled, a rejection after its release.

        A case that came back after the release may be cleared too.
        """
        if self.attempt.state not in SETTLED:
            return list(Verdict.Outcome)
        if self.attempt.state != State.RELEASED:
            return []
        left = ADVERSE | CLEAR if self.is_waiting else ADVERSE
        return [outcome for outcome in Verdict.Outcome if outcome in left]

    @property
    def waiting_seconds(self) -> float:
        return (self.now - self.case.opened_at).total_seconds()

    @cached_property
    def session_rows(self) -> list[SessionRow]:
        """Each session of the attempt, and whom its tool checked."""
        return session_rows.rows_of(self.sessions, recording=self.recording)

    @property
    def is_kept_elsewhere(self) -> bool:
        """Whether the tools of all sessions keep their own recordings."""
        return bool(self.sessions) and not any(session.hands_over for session in self.sessions)

    @property
    def reason(self) -> str:
        """Why the viewer watches now."""
        return next((access.reason for access in self.accesses.values()), "")

    @property
    def watched_since(self) -> datetime | None:
        """When the viewer's present access began."""
        return min((access.granted_at for access in self.accesses.values()), default=None)

    @cached_property
    def photos(self) -> list[EvidenceItem]:
        """What the check-in photographed."""
        return list(watching.photos(self.attempt))
