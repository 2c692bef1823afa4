"""Flags of tools that have no Assessment Control Service: an incident each, once for each key of the tool's."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from proctoring import incidents, sessions
from proctoring.assessment_control import owned_session, status_of
from proctoring.errors import FlagDiffers
from proctoring.models import Incident
from proctoring.moving import locked

Reply = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Flag:
    """What a tool saw. `key` is its own name for the flag, unique in the session; `occurred_at` is of its clock."""

    key: str
    occurred_at: datetime
    severity: Decimal | None
    code: str
    message: str


@transaction.atomic
def raise_flag(
    flag: Flag, *, session_id: UUID, registration_id: UUID, deployment_id: UUID | None = None, now: datetime
) -> Reply:
    """Keeps the flag as an incident: its id and how the attempt stands. The same flag again gets its first reply.

    It changes no state, and may come after the end. Raises ControlTargetUnknown; FlagDiffers for another flag by the
    same key; TooManyFlags.
    """
    session = owned_session(session_id, registration_id=registration_id, deployment_id=deployment_id)
    attempt = locked(session.attempt_id)
    sessions.heard(session.id, now=now)
    digest = incidents.digest_of(["flag", str(session.id), flag.key])
    if not Incident.objects.filter(attempt=attempt, message_digest=digest).exists():
        incidents.require_room(attempt, session=session, now=now)
    incident_id = uuid.uuid4()
    incident, is_new = incidents.keep(
        attempt,
        digest=digest,
        now=now,
        id=incident_id,
        session=session,
        source=Incident.Source.TOOL,
        action="flag",
        occurred_at=flag.occurred_at,
        severity=flag.severity,
        reason_code=flag.code,
        reason_message=flag.message,
        needs_decision=flag.severity != 0,
        reply={"id": str(incident_id), "attempt_status": status_of(attempt)},
    )
    if not is_new and _said(incident) != flag_said(flag):
        raise FlagDiffers
    return dict(incident.reply)


@transaction.atomic
def end_session(
    session_id: UUID, *, registration_id: UUID, deployment_id: UUID | None = None, now: datetime
) -> None:
    """The tool watches no more; said again it changes nothing. Raises ControlTargetUnknown."""
    session = owned_session(session_id, registration_id=registration_id, deployment_id=deployment_id)
    sessions.end(session.id, now=now)


def flag_said(flag: Flag) -> tuple[object, ...]:
    """What makes two flags the same."""
    return flag.occurred_at, flag.severity, flag.code, flag.message


def _said(incident: Incident) -> tuple[object, ...]:
    return incident.occurred_at, incident.severity, incident.reason_code, incident.reason_message
