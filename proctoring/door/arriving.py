"""Who came through the door, and to which exam: bound to the roster's own record, or not let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from gradebook.grading import courses_taught_by
from keys import replay
from keys.errors import AlreadyUsed
from lti_platform.courses import memberships
from lti_platform.courses.models import Membership
from lti_platform.journal.recording import record
from lti_platform.people import enrolling
from lti_platform.people.models import Person, RoleGrant, normalised_email
from lti_platform.people.standing import may_act
from proctoring.door import errors
from proctoring.door.facts import VisitorBound, VisitorCame
from proctoring.door.models import OtherPlatform, ReturnAddress, Visitor
from proctoring.models import Exam

LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
LONGEST_ID = 100


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What a verified message says; texts are trimmed, and empty when not said. `line_item_url` where scores may go,
    `return_url` where the learner may go afterwards.
    """

    platform: OtherPlatform
    subject: str
    nonce: str
    roles: tuple[str, ...]
    exam_id: UUID | None
    line_item_url: str = ""
    return_url: str = ""
    sourced_id: str = ""
    custom: Mapping[str, Any]
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    locale: str = ""

    @property
    def employee_id(self) -> str:
        """The id the platform's own rule takes for the employee id."""
        named_by = self.platform.named_by
        if named_by == OtherPlatform.NamedBy.SUBJECT:
            return self.subject
        said = self.custom.get("employee_id", "") if named_by == "custom" else self.sourced_id
        is_said = isinstance(said, str) and not said.startswith("$") and "\0" not in said
        return said.strip() if is_said else ""


def arrive(arrival: Arrival, *, now: datetime) -> tuple[Person, Exam]:
    """The person and the exam; the person is added, bound and enrolled where the rules allow.

    Raises NotLetIn kinds; ArrivalRefused for a message that came before.
    """
    try:
        return _arrive_once_more(arrival, now=now)
    except errors.DoorError as error:
        error.platform = arrival.platform
        raise


def _arrive_once_more(arrival: Arrival, *, now: datetime) -> tuple[Person, Exam]:
    try:
        return _arrive(arrival, now=now)
    except IntegrityError:
        # Somebody new came by two windows at once: the other one has made the rows meanwhile.
        return _arrive(arrival, now=now)


@transaction.atomic
def _arrive(arrival: Arrival, *, now: datetime) -> tuple[Person, Exam]:
    _spend(arrival, now=now)
    exam = _exam_of(arrival)
    if LEARNER not in arrival.roles:
        raise errors.NotALearner(exam.title)
    visitor = _visitor(arrival, now=now)
    _judge(visitor.person, platform=arrival.platform, now=now)
    _enrol(visitor.person, exam=exam, now=now)
    if arrival.line_item_url:
        ReturnAddress.objects.update_or_create(
            visitor=visitor,
            exam=exam,
            defaults={"line_item_url": arrival.line_item_url, "updated_at": now},
        )
    Visitor.objects.filter(pk=visitor.pk).update(last_at=now)
    fact = VisitorCame(visitor_id=visitor.pk, exam_id=exam.pk)
    _record(fact, visitor.person, now=now)
    return visitor.person, exam


def _spend(arrival: Arrival, *, now: datetime) -> None:
    """The session that holds the nonce is written when its request ends: of several at once, one may go on."""
    try:
        replay.use_once(arrival.nonce, namespace=f"nonce:door:{arrival.platform.pk}", expires_at=now, now=now)
    except AlreadyUsed as error:
        raise errors.ArrivalRefused("the message came before") from error


def _exam_of(arrival: Arrival) -> Exam:
    """The exam the link names, if it belongs to the platform's organization."""
    exams = Exam.objects.select_related("context")
    theirs = exams.filter(context__organization=arrival.platform.organization_id)
    found = theirs.filter(pk=arrival.exam_id).first() if arrival.exam_id else None
    if found is None:
        raise errors.ExamUnknown(f"exam {arrival.custom.get('exam', 'not named')!s:.60}")
    return found


def _visitor(arrival: Arrival, *, now: datetime) -> Visitor:
    known = Visitor.objects.select_related("person")
    found = known.filter(platform=arrival.platform, subject=arrival.subject).first()
    if found:
        return found
    person = _person_of(arrival, now=now)
    _judge(person, platform=arrival.platform, now=now)
    if known.filter(platform=arrival.platform, person=person).exists():
        raise errors.AlreadyBound(f"employee id {person.employee_id}, now as {arrival.subject}")
    made = Visitor.objects.create(
        platform=arrival.platform, subject=arrival.subject, person=person, created_at=now, last_at=now
    )
    _record(VisitorBound(visitor_id=made.pk, person_id=person.pk), person, now=now)
    return made


def _person_of(arrival: Arrival, *, now: datetime) -> Person:
    """The roster's record by employee id: never by e-mail, which a learning system lets people change."""
    employee_id, organization = arrival.employee_id, arrival.platform.organization
    if not employee_id or len(employee_id) > LONGEST_ID:
        raise errors.PersonUnnamed(f"looked in: {arrival.platform.get_named_by_display()}")
    found = Person.objects.filter(employee_id=employee_id).first()
    if found:
        return found
    if not arrival.platform.makes_people:
        raise errors.PersonUnknown(f"employee id {employee_id}")
    email = normalised_email(arrival.email)
    is_taken = Person.objects.filter(email=email).exists()
    return enrolling.enrol(
        now=now,
        employee_id=employee_id,
        email=None if is_taken or not email else email,
        given_name=arrival.given_name[:100],
        family_name=arrival.family_name[:100],
        locale="es" if arrival.locale.lower().startswith("es") else "en",
        kind=_kind_for(arrival.platform),
        organization=organization,
    )


def _kind_for(platform: OtherPlatform) -> str:
    is_contractor = platform.organization.kind == "contractor"
    return Person.Kind.CONTRACTOR if is_contractor else Person.Kind.EMPLOYEE


def _judge(person: Person, *, platform: OtherPlatform, now: datetime) -> None:
    """Asked each time: people change employers, and are given duties."""
    if person.organization_id != platform.organization_id:
        raise errors.PersonElsewhere(f"employee id {person.employee_id}")
    has_role = person.is_superuser or RoleGrant.objects.filter(person=person).exists()
    if has_role or courses_taught_by(person):
        raise errors.StaffStaysOut(f"employee id {person.employee_id}")
    if not may_act(person, on=timezone.localdate(now)):
        raise errors.OutOfStanding(f"employee id {person.employee_id}")


def _enrol(person: Person, *, exam: Exam, now: datetime) -> None:
    """A place in the exam's course; who was taken off it is not put back."""
    place = Membership.objects.filter(person=person, context=exam.context_id).first()
    if place is None:
        memberships.enrol(person, exam.context, roles=["Learner"], now=now)
    elif place.status != Membership.Status.ACTIVE:
        raise errors.TakenOffTheCourse(f"employee id {person.employee_id}")


def _record(fact: VisitorBound | VisitorCame, person: Person, *, now: datetime) -> None:
    record(fact, now=now, subject=f"person:{person.pk}", organization_id=person.organization_id)
