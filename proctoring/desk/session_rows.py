"""The sessions of a case, one after another: when, how much was recorded, and whom the tool says it checked."""

from dataclasses import dataclass

from proctoring import identity
from proctoring.desk import words
from proctoring.desk.recording import Recording
from proctoring.desk.words import Words
from proctoring.evidence import timeline
from proctoring.models import Session


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """One session. `said` and `known` are names as written; `seconds` is where its recording begins on the desk."""

    number: int
    session: Session
    seconds: float | None
    said: str
    known: str
    kind: str
    finding: Words


def rows_of(sessions: list[Session], *, recording: Recording) -> list[SessionRow]:
    """In the order in which they were launched."""
    return [_row(session, number=place, recording=recording) for place, session in enumerate(sessions, 1)]


def _row(session: Session, *, number: int, recording: Recording) -> SessionRow:
    begins = timeline.origin(recording.sessions.get(session.pk, []))
    compared = words.identity_of(identity.comparison_of(session))
    kind, finding = compared if session.started_at else words.NEVER_CHECKED_IN
    return SessionRow(
        number=number,
        session=session,
        seconds=recording.offset_ms(begins) / 1000 if begins else None,
        said=names_of(session),
        known=session.attempt.person.full_name,
        kind=kind,
        finding=finding,
    )


def names_of(session: Session) -> str:
    """Whom the tool says it checked, as it wrote the name; empty if it says nothing."""
    claim = session.verified_user
    full = claim.get("name") or claim.get("full_name")
    parts = [full] if full else [claim.get("given_name"), claim.get("family_name")]
    return " ".join(part for part in parts if isinstance(part, str))
