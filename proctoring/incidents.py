"""Incidents: what a tool reported or our own checks saw, appended once for each message."""

import hashlib
import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from proctoring.cases import REVIEWABLE, open_case
from proctoring.control_messages import TELLING
from proctoring.errors import TooManyFlags
from proctoring.facts import IncidentRaised
from proctoring.models import Attempt, Incident, Session
from proctoring.moving import tell


def digest_of(message: object) -> str:
    """SHA-256 (hex) of a JSON value, whatever the order of its members."""
    return hashlib.sha256(json.dumps(message, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@transaction.atomic
def keep(attempt: Attempt, *, digest: str, now: datetime, **fields: Any) -> tuple[Incident, bool]:
    """The incident of this digest, and whether it is new. A new one is told as a fact, and weighs on an open case."""
    incident, is_new = Incident.objects.get_or_create(
        attempt=attempt, message_digest=digest, defaults={"received_at": now, **fields}
    )
    if is_new:
        tell(attempt, IncidentRaised(attempt_id=attempt.id, incident_id=incident.id), now=now)
        if attempt.state in REVIEWABLE:
            open_case(attempt.id, now=now)
    return incident, is_new


def require_room(attempt: Attempt, *, session: Session, now: datetime) -> None:
    """Nothing, while the session's tool may tell more; with the last that is kept, that is put before a person too.

    A tool in a loop must not bury a case. `attempt` is locked. Raises TooManyFlags.
    """
    most = settings.PROCTORING_FLAGS_PER_SESSION
    told = _only_told(session).count()
    if told >= most:
        raise TooManyFlags(f"a session keeps {most}")
    if told + 1 == most:
        notice(attempt, "flags_too_many", now=now, severity="0.4", about=str(session.id), session=session)


def _only_told(session: Session) -> QuerySet[Incident]:
    """What the tool told and asked nothing by: the same rule as `Control.only_tells`."""
    gave_no_time = Q(extra_minutes=None) | Q(extra_minutes=0)
    return Incident.objects.filter(
        gave_no_time, session=session, source=Incident.Source.TOOL, action__in=TELLING
    )


def notice(
    attempt: Attempt,
    reason_code: str,
    *,
    now: datetime,
    severity: str,
    about: str = "",
    occurred_at: datetime | None = None,
    session: Session | None = None,
) -> tuple[Incident, bool]:
    """An incident that our own checks saw, which a person must judge: once for each `reason_code` and `about`.

    `severity` is a decimal from 0 to 1; `about` says which, such as an id.
    """
    return keep(
        attempt,
        digest=digest_of(["platform", reason_code, about]),
        now=now,
        session=session,
        source=Incident.Source.PLATFORM,
        action="flag",
        occurred_at=occurred_at or now,
        severity=Decimal(severity),
        reason_code=reason_code,
    )
