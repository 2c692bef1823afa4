"""Beginning an attempt, finding the one under way, handing it in, and noticing that its page is there."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from lti_platform.courses.memberships import is_member
from lti_platform.journal.actors import Actor
from lti_platform.people.models import Person
from lti_platform.people.standing import may_act
from proctoring.eligibility import Applicant, counted, require_eligible
from proctoring.errors import AttemptUnknown
from proctoring.models import Attempt, Exam
from proctoring.moving import locked, move, write_down
from proctoring.transitions import OPEN, Event

LOWEST_CASE, CASES = 1_000_000, 9_000_000
TRIES = 5


def open_attempt(person: Person, exam: Exam) -> Attempt | None:
    """The person's attempt that is not over yet, if there is one."""
    return Attempt.objects.filter(person=person, exam=exam, state__in=OPEN).first()


def require_may_begin(person: Person, exam: Exam, *, now: datetime) -> None:
    """Nothing, if the person may begin a new attempt. Raises NotEligible, by the first rule that is broken."""
    applicant = Applicant(
        is_in_standing=may_act(person, on=timezone.localdate(now)),
        is_member=is_member(person, exam.context),
        attempts=list(Attempt.objects.filter(person=person, exam=exam)),
    )
    require_eligible(applicant, exam=exam, now=now)


def begin(person: Person, exam: Exam, *, now: datetime) -> Attempt:
    """The open attempt, if there is one: then it goes on. Otherwise a new one, with the exam's rules pinned.

    Raises NotEligible, by the first rule that is broken.
    """
    for _try in range(TRIES):
        if attempt := open_attempt(person, exam):
            return attempt
        require_may_begin(person, exam, now=now)
        try:
            return _create(person, exam, now=now)
        except IntegrityError:  # begun twice at the same moment, or a case number that is taken
            continue
    raise AttemptUnknown("no attempt could be begun")


def pinned(exam: Exam) -> dict[str, object]:
    """The exam's rules as they stand: what an attempt is held to, whatever changes later."""
    return {
        "exam_version": exam.version,
        "minutes": exam.minutes,
        "questions": exam.questions,
        "pass_mark_percent": str(exam.pass_mark_percent),
        "attempts_allowed": exam.attempts_allowed,
        "review_policy": str(exam.review_policy),
        "retention_class": str(exam.retention_class),
        "started_by": str(exam.started_by),
        "identity_policy": str(exam.identity_policy),
        "proctoring_settings": settings_of(exam),
    }


def settings_of(exam: Exam) -> dict[str, Any]:
    """What the proctoring tool is told as proctoring_settings: its own text in `data`, beside what its vendor names."""
    data = {"data": exam.proctoring_settings} if exam.proctoring_settings else {}
    return {**exam.vendor_settings, **data}


@transaction.atomic
def _create(person: Person, exam: Exam, *, now: datetime) -> Attempt:
    highest = Attempt.objects.filter(person=person, exam=exam).aggregate(highest=Max("number"))["highest"]
    attempt = Attempt.objects.create(
        case_number=LOWEST_CASE + secrets.randbelow(CASES),
        exam=exam,
        person=person,
        number=(highest or 0) + 1,
        policy=pinned(exam),
        created_at=now,
        moved_at=now,
    )
    write_down(attempt, Event.BEGIN, source="", now=now, actor=Actor("person", str(person.pk)))
    return attempt


def own_attempt(person: Person, attempt_id: UUID) -> Attempt:
    """The person's own attempt, with its exam and both tools. Raises AttemptUnknown for anyone else's."""
    links = (
        "exam__assessment_link__deployment__registration",
        "exam__proctoring_link__deployment__registration",
    )
    rows = Attempt.objects.select_related("exam__context", "person", *links)
    found = rows.filter(pk=attempt_id, person=person).first()
    if found is None:
        raise AttemptUnknown(str(attempt_id))
    return found


def place_among(attempt: Attempt) -> int:
    """Which of the attempts allowed this is, from 1: void ones and check-ins that came to nothing do not count."""
    others = Attempt.objects.filter(
        person_id=attempt.person_id, exam_id=attempt.exam_id, number__lt=attempt.number
    )
    return len(counted(list(others))) + 1


def hand_in(attempt_id: UUID, *, now: datetime) -> Attempt:
    """The learner says they are done, whatever the proctoring tool did meanwhile. Raises IllegalMove."""
    return move(attempt_id, Event.SUBMIT, now=now, reason_code="learner")


@transaction.atomic
def add_note(attempt_id: UUID, note: str, *, now: datetime) -> None:
    """Keeps what the candidate wants the reviewer to read; added to what was said before."""
    attempt = locked(attempt_id)
    words = "\n\n".join(part for part in (attempt.candidate_note, note.strip()[:4000]) if part)
    Attempt.objects.filter(pk=attempt.pk).update(candidate_note=words)
