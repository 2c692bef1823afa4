"""A grader's word over or beside a tool's scores: what was said before stays in the record."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from gradebook.errors import Malformed, PersonNotGradable, ResultHeld
from gradebook.facts import ResultOverridden
from gradebook.models import LineItem, Override, Result
from gradebook.results import of_line_item
from lti_platform.courses.memberships import membership_of
from lti_platform.courses.vocabulary import LEARNER, role_uri
from lti_platform.journal.recording import record
from lti_platform.people.models import Person

# Of a result that no score made: whatever a tool sends later is later.
BEFORE_ANY_SCORE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class GraderWord:
    """Points on the item's present scale, or None to let the tool's stand; and words for the learner."""

    points: Decimal | None = None
    comment: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether it ends what was said before."""
        return self.points is None and not self.comment


def override(
    line_item: LineItem, person_id: UUID, *, word: GraderWord, grader: Person, now: datetime
) -> Result | None:
    """The learner's result with the grader's word in force; scores that come later change beneath it.

    None when there was nothing to end. Raises Malformed for points below zero; ResultHeld where a proctored
    result waits for its verdict: that is decided elsewhere; PersonNotGradable for who is no active learner, and for
    the grader's own.
    """
    if line_item.holds_results:
        raise ResultHeld("a proctored result is decided by its review")
    if person_id == grader.pk:
        raise PersonNotGradable("nobody grades themselves")
    if word.points is not None and word.points < 0:
        raise Malformed("points", "are below zero")
    try:
        with transaction.atomic():
            return _override(line_item, person_id, word=word, grader=grader, now=now)
    except IntegrityError:
        # The learner's first score arrived meanwhile and made the result.
        with transaction.atomic():
            return _override(line_item, person_id, word=word, grader=grader, now=now)


def _override(
    line_item: LineItem, person_id: UUID, *, word: GraderWord, grader: Person, now: datetime
) -> Result | None:
    result = of_line_item(line_item).filter(person_id=person_id).select_for_update(of=("self",)).first()
    if result is None and word.is_nothing:
        return None
    result = result or _made(line_item, person_id, now=now)
    said = Override.objects.create(
        result=result,
        grader=grader,
        points=word.points,
        maximum=line_item.score_maximum,
        comment=word.comment,
        made_at=now,
    )
    result.override = None if word.is_nothing else said
    result.updated_at = now
    result.save(update_fields=["override", "updated_at"])
    _record(result, override_id=said.pk, organization_id=line_item.context.organization_id, now=now)
    return result


def _made(line_item: LineItem, person_id: UUID, *, now: datetime) -> Result:
    membership = membership_of(person_id, line_item.context_id)
    if membership is None or LEARNER not in map(role_uri, membership.roles):
        raise PersonNotGradable("this is no active learner of the course")
    return Result.objects.create(
        line_item=line_item, person_id=person_id, last_timestamp=BEFORE_ANY_SCORE, updated_at=now
    )


def _record(result: Result, *, override_id: UUID, organization_id: UUID, now: datetime) -> None:
    fact = ResultOverridden(result_id=result.pk, line_item_id=result.line_item_id, override_id=override_id)
    record(fact, now=now, subject=result.subject, organization_id=organization_id)
