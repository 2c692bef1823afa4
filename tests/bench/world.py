"""What is measured against: a course of fifty, an exam with both tools, an attempt under way, a certificate."""

from dataclasses import dataclass
from datetime import datetime

from django.test import Client

from certificates import issuing, verification
from certificates.models import Certificate, Credential
from gradebook.models import LineItem
from keys.rotation import ensure_keys
from lti_platform.courses.models import Membership
from lti_platform.people.models import Organization, Person
from lti_platform.tools import scopes, tokens
from lti_platform.tools.models import Deployment
from proctoring.models import Attempt
from tests.factories import (
    lena,
    make_deployment,
    make_line_item,
    make_link,
    make_membership,
    make_registration,
)
from tests.proctoring.exam_day import ExamDay, exam_day

LEARNERS = 50


@dataclass(frozen=True, kw_only=True)
class World:
    """The rows the requests are about. `session_key` is Lena's signed-in browser."""

    day: ExamDay
    learners: list[Person]
    quiz: LineItem
    session_key: str
    proof_url: str

    @property
    def assessment_tool(self) -> Deployment:
        """The tool that sends scores and reads the roster."""
        return self.day.exam.assessment_link.deployment

    @property
    def proctoring_tool(self) -> Deployment:
        """The tool that flags."""
        return self.day.exam.proctoring_link.deployment


def make_world(*, now: datetime) -> World:
    """Everything, made once in an empty database."""
    ensure_keys(now=now)
    day = exam_day(now, assessment=make_deployment(make_registration("Assessment Tool")))
    day.browser = session_key = _signed_in(day.person)
    day.start()
    learners = _enrol(day, count=LEARNERS - 1)
    context, deployment = day.exam.context, day.exam.assessment_link.deployment
    return World(
        day=day,
        learners=[day.person, *learners],
        quiz=make_line_item(make_link(context, deployment, title="Refrigerants: practice")),
        session_key=session_key,
        proof_url=verification.proof_url(_certificate(day, learners[0], now=now)),
    )


def access_token(deployment: Deployment, *, now: datetime) -> str:
    """A token with everything the tool was granted."""
    granted = list(scopes.SUPPORTED)
    issued = tokens.issue(
        deployment.registration, scopes=granted, deployment=None, token_id=tokens.new_token_id(), now=now
    )
    return issued.token


def _signed_in(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return str(client.session.session_key)


def _enrol(day: ExamDay, *, count: int) -> list[Person]:
    """Fellow learners, and an instructor."""
    people = [
        Person(
            employee_id=f"NG-{20000 + number}",
            given_name="Lena",
            family_name=f"Ruiz the {number}th",
            email=f"lena.{number}@northgate.example",
            password="!",
            organization=day.person.organization,
        )
        for number in range(count)
    ]
    Person.objects.bulk_create(people)
    places = [Membership(context=day.exam.context, person=person, roles=["Learner"]) for person in people]
    Membership.objects.bulk_create(places)
    make_membership(lena(email="instructor@northgate.example"), day.exam.context, "Instructor")
    return people


def _certificate(day: ExamDay, person: Person, *, now: datetime) -> Certificate:
    """What a released pass earned."""
    earlier = ExamDay(exam=day.exam, person=person, now=now)
    earlier.start()
    Credential.objects.create(
        issuer=Organization.objects.get(pk=day.exam.context.organization_id),
        code="RHC",
        course_id="REF-608",
        title="Refrigerant handling",
        exam=day.exam,
        validity=Credential.Validity.MONTHS,
        months=36,
    )
    Attempt.objects.filter(pk=earlier.attempt.pk).update(
        state=Attempt.State.RELEASED, passed=True, percent="84.00"
    )
    issued = issuing.consider(earlier.attempt.pk, now=now)
    assert issued is not None
    return issued
