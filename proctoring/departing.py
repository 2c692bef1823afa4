"""When a person may no longer act: what they have open ends, and a person sees it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from lti_platform.people.models import Person
from lti_platform.people.standing import may_act
from proctoring.models import Attempt
from proctoring.moving import locked, move
from proctoring.transitions import OPEN, Event, is_possible

REASON = "contract_ended"


@transaction.atomic
def end_attempts_of(person_id: UUID, *, now: datetime) -> int:
    """Ends every open attempt: what was started is terminated and reviewed, what was not is abandoned; how many.

    Somebody who may act again by now is left alone. Running twice changes nothing more.
    """
    if may_act(Person.objects.get(pk=person_id), on=timezone.localdate(now)):
        return 0
    open_ids = list(Attempt.objects.filter(person_id=person_id, state__in=OPEN).values_list("pk", flat=True))
    return sum(_end(attempt_id, now=now) for attempt_id in open_ids)


def _end(attempt_id: UUID, *, now: datetime) -> bool:
    attempt = locked(attempt_id)
    for event in (Event.TERMINATE, Event.ABANDON):
        if is_possible(event, state=attempt.state):
            move(attempt_id, event, now=now, reason_code=REASON)
            return True
    return False
