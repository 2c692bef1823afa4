"""Starting an exam whose proctoring tool knows only resource links: by our start address, or by the learner's click."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from proctoring import sessions
from proctoring.errors import (
    OtherBrowser,
    OtherPerson,
    SessionDataExpired,
    SessionDataUnknown,
    SessionDataUsed,
    ToolNotOpened,
)
from proctoring.messages import Visitor
from proctoring.models import Attempt, Exam, Session
from proctoring.starting import set_going

SALT = "proctoring.linked.start"


def start_token(session_id: UUID) -> str:
    """What makes a session's start address unguessable: 256 bits, derived and kept nowhere."""
    return salted_hmac(SALT, str(session_id), algorithm="sha256").hexdigest()


def session_at(session_id: UUID, *, token: str, visitor: Visitor) -> Session:
    """The session that a start address names, in its own person's own browser. Raises StartRefused."""
    found = _sessions().filter(pk=session_id).first()
    if found is None or not constant_time_compare(token, start_token(session_id)):
        raise SessionDataUnknown
    if found.attempt.person_id != visitor.person.pk:
        raise OtherPerson
    if found.browser_digest != sessions.digest(visitor.session_key):
        raise OtherBrowser
    return found


@transaction.atomic
def start_by_tool(session_id: UUID, *, token: str, visitor: Visitor, now: datetime) -> Attempt:
    """The tool opened the exam: the attempt starts, once; said again while it is recorded, it is shown.

    Raises StartRefused.
    """
    session = session_at(session_id, token=token, visitor=visitor)
    if session.state == Session.State.RECORDING:
        return session.attempt
    return _start(session, now=now, reason_code="opened_by_tool")


@transaction.atomic
def start_by_learner(attempt_id: UUID, *, visitor: Visitor, now: datetime) -> Attempt:
    """The learner starts on our page, once the tool is open in this browser. Raises ToolNotOpened, StartRefused."""
    mine = _sessions().filter(
        attempt_id=attempt_id,
        attempt__person=visitor.person,
        browser_digest=sessions.digest(visitor.session_key),
        state=Session.State.LAUNCHED,
    )
    session = mine.order_by("launched_at", "id").last()
    if session is None or session.attempt.policy.get("started_by") != Exam.StartedBy.LEARNER:
        raise ToolNotOpened
    return _start(session, now=now, reason_code="learner")


def _sessions() -> QuerySet[Session]:
    related = ("attempt__exam", "attempt__person", "deployment__registration")
    return Session.objects.select_related(*related).filter(attempt__exam__kind=Exam.Kind.LINKED)


def _start(session: Session, *, now: datetime, reason_code: str) -> Attempt:
    if session.session_data_used_at is not None:
        raise SessionDataUsed
    if session.session_data_expires_at <= now:
        raise SessionDataExpired
    return set_going(session, now=now, reason_code=reason_code, kept={})
