"""A case is in one reviewer's hands: taken, given back, taken over; and which comes next."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from lti_platform.people.models import Person
from proctoring.desk.errors import CaseNotTaken, CaseTaken
from proctoring.desk.facts import CaseAssigned, CaseGivenBack
from proctoring.models import ReviewCase
from proctoring.moving import tell

TRIES = 5


@transaction.atomic
def take(case: ReviewCase, *, reviewer: Person, now: datetime, is_over: bool = False) -> ReviewCase:
    """The case in the reviewer's hands; taking one's own again changes nothing.

    `is_over` takes it from another. Raises CaseTaken, also when somebody else was faster.
    """
    if case.assigned_to_id == reviewer.pk:
        return case
    waiting = ReviewCase.objects.filter(pk=case.pk, state=ReviewCase.State.WAITING)
    free = waiting.filter(assigned_to=case.assigned_to_id if is_over else None)
    if not free.update(assigned_to=reviewer):
        raise CaseTaken(str(case.pk))
    case.assigned_to = reviewer
    fact = CaseAssigned(attempt_id=case.attempt_id, case_id=case.pk, person_id=reviewer.pk)
    tell(case.attempt, fact, now=now)
    return case


@transaction.atomic
def give_back(case: ReviewCase, *, reviewer: Person, now: datetime) -> None:
    """The case waits for anybody again. Raises CaseNotTaken."""
    mine = ReviewCase.objects.filter(pk=case.pk, state=ReviewCase.State.WAITING, assigned_to=reviewer)
    if not mine.update(assigned_to=None):
        raise CaseNotTaken(str(case.pk))
    tell(case.attempt, CaseGivenBack(attempt_id=case.attempt_id, case_id=case.pk), now=now)


def take_next(cases: QuerySet[ReviewCase], *, reviewer: Person, now: datetime) -> ReviewCase | None:
    """The first of `cases` that is the reviewer's or nobody's, taken; None when there is none."""
    for case in cases.filter(Q(assigned_to=None) | Q(assigned_to=reviewer))[:TRIES]:
        try:
            return take(case, reviewer=reviewer, now=now)
        except CaseTaken:  # in the moment since it was read
            continue
    return None


def require_taken(case: ReviewCase, *, reviewer: Person) -> None:
    """Nothing, if the reviewer has the case. Raises CaseNotTaken."""
    if case.assigned_to_id != reviewer.pk:
        raise CaseNotTaken(str(case.pk))
