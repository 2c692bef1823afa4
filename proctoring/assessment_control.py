"""Assessment Control Service: a tool pauses, resumes, ends, changes or flags an attempt, and hears its true state."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from proctoring import incidents, sessions
from proctoring.control_messages import Control, read_control
from proctoring.errors import ControlTargetUnknown
from proctoring.models import Attempt, Incident, Session
from proctoring.moving import locked, move
from proctoring.pausing import Hold, hold, let_go
from proctoring.transitions import OPEN, Event, State, is_possible

STATUS = {
    State.CHECKING_IN: "none",
    State.BLOCKED: "none",
    State.ABANDONED: "none",
    State.RUNNING: "running",
    State.PAUSED: "paused",
    State.INTERRUPTED: "paused",
    State.TERMINATED: "terminated",
}
Reply = dict[str, Any]


@transaction.atomic
def take(
    body: Mapping[str, Any],
    *,
    session_id: UUID,
    registration_id: UUID,
    deployment_id: UUID | None = None,
    now: datetime,
) -> Reply:
    """Carries out a control message and keeps it as an incident; the reply is the attempt's true state.

    A message that came before, in whatever order of members, changes nothing and gets its first reply.
    `deployment_id` is set when the token was bound to one. Raises ControlTargetUnknown,
    ControlMalformed, TooManyFlags.
    """
    session = owned_session(session_id, registration_id=registration_id, deployment_id=deployment_id)
    control = read_control(body, issuer=settings.PLATFORM_URL, received_at=now)
    attempt = locked(session.attempt_id)
    _require_target(control, attempt=attempt)
    sessions.heard(session.id, now=now)
    digest = incidents.digest_of(body)
    known = Incident.objects.filter(attempt=attempt, message_digest=digest).values_list("reply", flat=True)
    if (first_reply := known.first()) is not None:
        return dict(first_reply)
    # What was asked for is done, however much was told before: nobody sits through an exam that was to be paused.
    if control.only_tells:
        incidents.require_room(attempt, session=session, now=now)
    attempt = _carry_out(control, attempt=attempt, now=now)
    reply = reply_for(attempt)
    _keep(control, attempt=attempt, session=session, digest=digest, reply=reply, now=now)
    return reply


def status_of(attempt: Attempt) -> str:
    """none, running, paused, terminated or complete: how the attempt stands, in the words of the service."""
    if attempt.ended_by == Event.TERMINATE:
        return "terminated"
    return STATUS.get(State(attempt.state), "complete")


def reply_for(attempt: Attempt) -> Reply:
    """The state, and the minutes granted on top in total."""
    return {"status": status_of(attempt), "extra_time": attempt.extra_minutes}


def owned_session(session_id: UUID, *, registration_id: UUID, deployment_id: UUID | None) -> Session:
    """The tool's session, while it is deployed. Raises ControlTargetUnknown, also for another tool's."""
    owned = sessions.of_tool(session_id, registration_id=registration_id, deployment_id=deployment_id)
    if owned is None:
        raise ControlTargetUnknown("no such session for this tool")
    return owned


def _require_target(control: Control, *, attempt: Attempt) -> None:
    said = (control.person, control.resource_link, control.attempt_number)
    if said != (str(attempt.person_id), str(attempt.exam.proctoring_link_id), attempt.number):
        raise ControlTargetUnknown("user, resource_link and attempt_number name no attempt of this session")


def _carry_out(control: Control, *, attempt: Attempt, now: datetime) -> Attempt:
    if control.extra_minutes and attempt.state in OPEN:
        _grant(attempt, minutes=control.extra_minutes)
    if control.action == "terminate":
        return _terminate(control, attempt=attempt, now=now)
    if control.action in ("pause", "resume") and not _is_overtaken(control, attempt=attempt, now=now):
        change = hold if control.action == "pause" else let_go
        return change(
            attempt.id, Hold.TOOL, now=now, reason_code=control.reason_code, note=control.reason_message
        )
    return attempt


def _grant(attempt: Attempt, *, minutes: int) -> None:
    more = timedelta(minutes=minutes)
    attempt.extra_minutes += minutes
    attempt.ends_by = attempt.ends_by and attempt.ends_by + more
    Attempt.objects.filter(pk=attempt.pk).update(
        extra_minutes=F("extra_minutes") + minutes, ends_by=attempt.ends_by
    )


def _terminate(control: Control, *, attempt: Attempt, now: datetime) -> Attempt:
    """Ends what can be ended; before the start it is a refused check-in, after the end it changes nothing."""
    for event in (Event.TERMINATE, Event.REFUSE_CHECK_IN):
        if is_possible(event, state=attempt.state):
            said = control.reason_message
            return move(attempt.id, event, now=now, reason_code=control.reason_code, note=said)
    return attempt


def _is_overtaken(control: Control, *, attempt: Attempt, now: datetime) -> bool:
    """A pause or resume that happened before one already heard of came late: it must not undo the later one.

    A time in the future counts as the time of arrival, or it would block everything after it.
    """
    heard_of = attempt.incidents.filter(source=Incident.Source.TOOL, action__in=["pause", "resume"])
    moment = min(control.occurred_at, now)
    return any(min(pair) > moment for pair in heard_of.values_list("occurred_at", "received_at"))


def _keep(
    control: Control, *, attempt: Attempt, session: Session, digest: str, reply: Reply, now: datetime
) -> None:
    incidents.keep(
        attempt,
        digest=digest,
        now=now,
        session=session,
        source=Incident.Source.TOOL,
        action=control.action,
        occurred_at=control.occurred_at,
        severity=control.severity,
        reason_code=control.reason_code,
        reason_message=control.reason_message,
        extra_minutes=control.extra_minutes,
        needs_decision=control.needs_decision,
        reply=reply,
    )
