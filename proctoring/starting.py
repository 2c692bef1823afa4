"""Setting an attempt going, whichever way the proctoring tool said that check-in is done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from proctoring import identity, sessions
from proctoring.connection import go_on
from proctoring.errors import AttemptOver, SessionDataUsed
from proctoring.models import Attempt, Session
from proctoring.moving import locked, move
from proctoring.transitions import Event, State

MAY_START = (State.CHECKING_IN, State.RUNNING, State.PAUSED)


def set_going(session: Session, *, now: datetime, reason_code: str, kept: Mapping[str, Any]) -> Attempt:
    """Spends the session's one-time data: the attempt starts, or goes on where only a lost connection held it.

    `kept` are fields of the session. Call it in a transaction. Raises AttemptOver where the attempt can no longer run,
    SessionDataUsed for a session that began or ended before.
    """
    attempt = locked(session.attempt_id)
    if attempt.state not in MAY_START:
        raise AttemptOver(attempt_id=attempt.id, state=attempt.state)
    _require_waiting(session)
    if attempt.state == State.CHECKING_IN:
        attempt = move(attempt.id, Event.START, now=now, reason_code=reason_code)
    elif attempt.state == State.PAUSED:
        attempt = go_on(attempt.id, now=now)
    sessions.begin_recording(session, now=now, last_heard_at=now, **kept)
    identity.judge(session, attempt=attempt, now=now)
    return attempt


def _require_waiting(session: Session) -> None:
    # Looked at again under the attempt's lock: another message may have started it, or another session replaced it.
    session.refresh_from_db(fields=["state", "session_data_used_at"])
    if session.state != Session.State.LAUNCHED or session.session_data_used_at is not None:
        raise SessionDataUsed
