"""Check-in: the proctoring tool lets the candidate in, or sends them back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from proctoring.models import Attempt
from proctoring.moving import locked, move
from proctoring.transitions import Event, State


@transaction.atomic
def refuse(attempt_id: UUID, *, words: str, now: datetime) -> Attempt:
    """The tool sent the candidate back with an error, untrusted text; an attempt already started is not touched."""
    attempt = locked(attempt_id)
    if attempt.state != State.CHECKING_IN:
        return attempt
    return move(attempt_id, Event.REFUSE_CHECK_IN, now=now, reason_code="tool_refused", note=words[:1000])


@transaction.atomic
def retry(attempt_id: UUID, *, now: datetime) -> Attempt:
    """A candidate who was sent back tries again; any other attempt stays as it is."""
    attempt = locked(attempt_id)
    if attempt.state != State.BLOCKED:
        return attempt
    return move(attempt_id, Event.RETRY_CHECK_IN, now=now)
