"""When an attempt is over: its sessions wind down, its case is opened, and its result may be ready."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from proctoring import sessions
from proctoring.cases import open_case
from proctoring.moving import locked
from proctoring.releasing import consider


@transaction.atomic
def finish(attempt_id: UUID, *, now: datetime) -> None:
    """Draws the consequences of an end. Running twice changes nothing more."""
    sessions.wind_down(locked(attempt_id), now=now)
    open_case(attempt_id, now=now)
    consider(attempt_id, now=now)


@transaction.atomic
def close(attempt_id: UUID, *, now: datetime) -> None:
    """The attempt will not go on and has no result: only its sessions have to end."""
    sessions.wind_down(locked(attempt_id), now=now)
