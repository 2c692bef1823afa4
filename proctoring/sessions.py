"""Sessions: one launch of the proctoring tool each, its one-time session_data, and its end."""

import hashlib
import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, When

from lti_platform.launches.models import Launch
from lti_platform.tools.scopes import EVIDENCE
from proctoring import facts, incidents
from proctoring.errors import AttemptUnknown
from proctoring.models import Attempt, Exam, Session
from proctoring.moving import locked, tell
from proctoring.transitions import UNDER_WAY
from proctoring.transitions import State as AttemptState

State = Session.State
SECRET_BYTES = 32  # 256 bits, as session_data must not be guessed (Proctoring Services, LtiStartProctoring)
LIVE = (State.LAUNCHED, State.RECORDING)
TOOL_SILENCE = timedelta(minutes=5)
SEALED = (State.COMPLETE, State.INCOMPLETE)
# Evidence that came waits for us, not for its tool: to be looked at, and to be listed. But what we cannot do, however
# often it is tried, must not keep a result from its owner for ever.
JUDGING_GRACE = timedelta(hours=6)


def digest(value: str) -> str:
    """SHA-256 (hex): what is kept of session_data, of a browser session's key and of a start message."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def _hours(now: datetime) -> datetime:
    return now + timedelta(hours=settings.PROCTORING_SESSION_DATA_HOURS)


def collection_deadline(now: datetime) -> datetime:
    """Until when segments of a session that ended now are awaited."""
    return now + timedelta(minutes=settings.PROCTORING_LATE_SEGMENT_MINUTES)


def launch(attempt: Attempt, *, browser_session_key: str, now: datetime) -> tuple[Session, str]:
    """A new session of the attempt in this browser, and its session_data, which is told only here."""
    session = _create(attempt, browser_digest=digest(browser_session_key), now=now)
    return session, new_session_data(session, now=now)


def of_launch(launch: Launch, attempt: Attempt, *, now: datetime) -> Session:
    """The session that a launch of the proctoring tool is for: made when first asked for, then the same.

    It goes by the launch's id, so that its addresses can be told before it is made.
    """
    found = Session.objects.filter(launch=launch).first()
    if found:
        return found
    return _create(attempt, browser_digest=launch.session_digest, id=launch.pk, launch=launch, now=now)


def of_tool(session_id: UUID, *, registration_id: UUID, deployment_id: UUID | None) -> Session | None:
    """The tool's session with its attempt and person, while it is deployed; another tool's is nobody's business.

    `deployment_id` is set when the token was bound to one.
    """
    theirs = Session.objects.filter(
        pk=session_id, deployment__registration_id=registration_id, deployment__is_enabled=True
    )
    if deployment_id:
        theirs = theirs.filter(deployment_id=deployment_id)
    return theirs.select_related("attempt__person").first()


@transaction.atomic
def _create(attempt: Attempt, *, browser_digest: str, now: datetime, **fields: Any) -> Session:
    deployment = attempt.exam.proctoring_link.deployment
    session = Session.objects.create(
        attempt=attempt,
        deployment=deployment,
        hands_over=attempt.exam.kind == Exam.Kind.TWO_TOOLS or EVIDENCE in deployment.registration.scopes,
        browser_digest=browser_digest,
        session_data_digest=digest(secrets.token_urlsafe(SECRET_BYTES)),
        session_data_expires_at=_hours(now),
        launched_at=now,
        last_heard_at=now,
        **fields,
    )
    tell(attempt, facts.SessionLaunched(attempt_id=attempt.id, session_id=session.id), now=now)
    return session


def new_session_data(session: Session, *, now: datetime) -> str:
    """A fresh one-time value for the session, in place of any before; only its digest is kept."""
    value = secrets.token_urlsafe(SECRET_BYTES)
    session.session_data_digest = digest(value)
    session.session_data_expires_at = _hours(now)
    session.save(update_fields=["session_data_digest", "session_data_expires_at"])
    return value


def heard(session_id: UUID, *, now: datetime) -> None:
    """Notes that the tool is there: called by every evidence and control call. Renews session_data not yet expired."""
    expiry = Case(
        When(session_data_expires_at__gt=now, then=_hours(now)), default=F("session_data_expires_at")
    )
    Session.objects.filter(pk=session_id).update(last_heard_at=now, session_data_expires_at=expiry)


@transaction.atomic
def begin_recording(session: Session, *, now: datetime, **fields: Any) -> None:
    """Check-in is done: the session records, and any other of the attempt that did is over."""
    for name, value in {
        "state": State.RECORDING,
        "started_at": now,
        "session_data_used_at": now,
        **fields,
    }.items():
        setattr(session, name, value)
    session.save()
    for other in Session.objects.filter(attempt_id=session.attempt_id, state__in=LIVE).exclude(pk=session.pk):
        end(other.id, now=now)
    attempt = session.attempt
    tell(attempt, facts.SessionStarted(attempt_id=attempt.id, session_id=session.id), now=now)


@transaction.atomic
def end(session_id: UUID, *, now: datetime) -> Session:
    """No more will be recorded; what was recorded is awaited for a while. Ending twice changes nothing.

    An end while the exam goes on is an incident, unless another session has taken over. Raises AttemptUnknown.
    """
    attempt = locked(_attempt_id(session_id))
    session = Session.objects.get(pk=session_id)
    if session.state not in LIVE:
        return session
    was_recording = session.state == State.RECORDING
    session.state, session.ended_at, session.collect_until = State.ENDED, now, collection_deadline(now)
    session.save(update_fields=["state", "ended_at", "collect_until"])
    tell(attempt, facts.SessionEnded(attempt_id=attempt.id, session_id=session.id), now=now)
    if was_recording and attempt.state in UNDER_WAY and not recording(attempt):
        incidents.notice(
            attempt, "proctoring_ended_early", now=now, severity="0.5", about=str(session.id), session=session
        )
    return session


def recording(attempt: Attempt) -> list[Session]:
    """The attempt's sessions that record."""
    return list(Session.objects.filter(attempt=attempt, state=State.RECORDING))


def is_silent(*, now: datetime) -> Q:
    """Of which sessions nothing came for minutes though the exam runs.

    While it stands still there may be nothing to send; a tool that hands nothing over has nothing to say while all is
    well.
    """
    running = Q(state=State.RECORDING, attempt__state=AttemptState.RUNNING)
    return running & Q(hands_over=True, last_heard_at__lt=now - TOOL_SILENCE)


def watch_of(attempt: Attempt, *, now: datetime) -> str:
    """How the attempt's sessions that record watch: "" for none, "heard", or "silent" when all are."""
    watching = Session.objects.filter(attempt=attempt, state=State.RECORDING)
    silent = set(watching.values_list(ExpressionWrapper(is_silent(now=now), BooleanField()), flat=True))
    return "" if not silent else "silent" if silent == {True} else "heard"


def wind_down(attempt: Attempt, *, now: datetime) -> None:
    """The attempt is over: sessions that owe us nothing more end now, those that record have a deadline to end."""
    owing_nothing = Q(state=State.LAUNCHED) | Q(state=State.RECORDING, hands_over=False)
    for session in Session.objects.filter(owing_nothing, attempt=attempt):
        end(session.id, now=now)
    unending = Session.objects.filter(attempt=attempt, state=State.RECORDING, collect_until=None)
    unending.update(collect_until=collection_deadline(now))


@transaction.atomic
def mark_sealed(
    session_id: UUID, *, complete: bool, coverage_percent: Decimal | None, now: datetime
) -> Session:
    """The list of evidence is closed; an incomplete one is a technical incident, never a failure by itself.

    So is a tool that never spoke since a start by ordinary links: nothing else proves that it checked anybody in.
    Late evidence may seal again. Raises AttemptUnknown.
    """
    attempt = locked(_attempt_id(session_id))
    session = Session.objects.get(pk=session_id)
    session.state = State.COMPLETE if complete else State.INCOMPLETE
    session.sealed_at, session.coverage_percent = now, coverage_percent
    session.ended_at = session.ended_at or now
    session.save(update_fields=["state", "sealed_at", "coverage_percent", "ended_at"])
    if not complete:
        incidents.notice(
            attempt, "recording_incomplete", now=now, severity="0.4", about=str(session.id), session=session
        )
    if attempt.exam.kind == Exam.Kind.LINKED and _is_wordless(session):
        incidents.notice(
            attempt, "proctoring_no_word", now=now, severity="0.6", about=str(session.id), session=session
        )
    fact = facts.SessionSealed(attempt_id=attempt.id, session_id=session.id, complete=complete)
    tell(attempt, fact, now=now)
    return session


@transaction.atomic
def give_up_collecting(session_id: UUID, *, now: datetime) -> bool:
    """Names a session incomplete whose evidence nobody listed in time; False when it was sealed meanwhile."""
    locked(_attempt_id(session_id))
    if not Session.objects.filter(pk=session_id, state=State.ENDED).exists():
        return False
    mark_sealed(session_id, complete=False, coverage_percent=None, now=now)
    return True


def _is_wordless(session: Session) -> bool:
    return session.started_at is not None and session.last_heard_at <= session.started_at


def _attempt_id(session_id: UUID) -> UUID:
    found = Session.objects.filter(pk=session_id).values_list("attempt_id", flat=True).first()
    if found is None:
        raise AttemptUnknown(f"no session {session_id}")
    return found
