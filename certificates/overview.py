"""What a learner's home shows: what to do next, what is in review, what was earned."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from certificates.expiring import Standing
from certificates.models import Certificate
from certificates.rendering.frozen import CertificateFacts
from certificates.verification import standing_of
from lti_platform.courses.models import Context, Membership
from lti_platform.launches.deep_linking.shelf import courses_with_content
from lti_platform.people.models import Person
from lti_platform.people.standing import may_act
from proctoring.eligibility import Applicant, counted, require_eligible
from proctoring.errors import AlreadyPassed, NotEligible, ResultAwaited
from proctoring.models import Attempt, Exam
from proctoring.transitions import ENDED, OPEN, SETTLED

SOON_DAYS = 60


@dataclass(frozen=True)
class ExamCard:
    """An exam a person may begin or continue, or why not yet."""

    exam: Exam
    open_attempt: Attempt | None
    refusal: NotEligible | None
    attempts_left: int


@dataclass(frozen=True)
class CertificateLine:
    """A certificate on a day; `days_left` only when it ends soon."""

    certificate: Certificate
    facts: CertificateFacts
    standing: Standing
    days_left: int | None


@dataclass(frozen=True)
class Overview:
    """All of a learner's home."""

    to_do: list[ExamCard]
    in_review: list[Attempt]
    decided: list[Attempt]
    certificates: list[CertificateLine]
    courses: list[Context]  # that hold something to open or read

    @property
    def ready(self) -> list[ExamCard]:
        """Exams to begin or to continue, those under way first."""
        return sorted(
            (card for card in self.to_do if card.refusal is None), key=lambda card: card.open_attempt is None
        )

    @property
    def not_now(self) -> list[ExamCard]:
        """Exams that may not be begun at the moment."""
        return [card for card in self.to_do if card.refusal is not None]

    @property
    def valid(self) -> int:
        """How many certificates hold today."""
        return sum(line.standing == Standing.VALID for line in self.certificates)


def overview(person: Person, *, now: datetime) -> Overview:
    """The learner's home as of `now`."""
    attempts = list(
        Attempt.objects.filter(person=person)
        .select_related("exam__credential", "review_case")
        .order_by("-created_at", "id")
    )
    certificates = certificates_of(person, today=timezone.localdate(now))
    earned = {line.certificate.attempt_id for line in certificates}
    return Overview(
        to_do=[card for exam in _exams(person) if (card := _card(exam, person, attempts, now=now))],
        in_review=[attempt for attempt in attempts if attempt.state in ENDED],
        decided=[one for one in attempts if one.state in SETTLED and not _is_told(one, earned)][:5],
        certificates=certificates,
        courses=list(courses_with_content(person)),
    )


def _is_told(attempt: Attempt, earned: Set[UUID]) -> bool:
    """Whether the attempt's certificate speaks for it. A pass may wait for its own; a rejected pass is a rejection."""
    return attempt.state == Attempt.State.RELEASED and attempt.pk in earned


def certificates_of(person: Person, *, today: date) -> list[CertificateLine]:
    """The person's certificates, newest first."""
    rows = Certificate.objects.filter(person=person).order_by("-issued_at", "id")
    return [line_of(row, today=today) for row in rows]


def line_of(certificate: Certificate, *, today: date) -> CertificateLine:
    """One certificate as it stands on a day."""
    standing = standing_of(certificate, today=today)
    left = (
        (certificate.expires_on - today).days
        if certificate.expires_on and standing == Standing.VALID
        else None
    )
    facts = CertificateFacts.from_json(certificate.facts)
    return CertificateLine(
        certificate, facts, standing, left if left is not None and left <= SOON_DAYS else None
    )


def _exams(person: Person) -> list[Exam]:
    """Exams of the courses in which the person learns."""
    places = Membership.objects.filter(person=person, status=Membership.Status.ACTIVE)
    contexts = [place.context_id for place in places if "Learner" in place.roles]
    return list(
        Exam.objects.filter(context_id__in=contexts, is_published=True).order_by("closes_at", "title")
    )


def _card(exam: Exam, person: Person, attempts: Sequence[Attempt], *, now: datetime) -> ExamCard | None:
    """The card of an exam, or None when there is nothing to do: passed, or waiting for its result."""
    mine = [attempt for attempt in attempts if attempt.exam_id == exam.pk]
    running = next((attempt for attempt in mine if attempt.state in OPEN), None)
    applicant = Applicant(
        is_in_standing=may_act(person, on=timezone.localdate(now)), is_member=True, attempts=mine
    )
    left = max(exam.attempts_allowed - len(counted(mine)), 0)
    if running:
        return ExamCard(exam, running, None, left)
    try:
        require_eligible(applicant, exam=exam, now=now)
    except (AlreadyPassed, ResultAwaited):
        return None
    except NotEligible as refusal:
        return ExamCard(exam, None, refusal, left)
    return ExamCard(exam, None, None, left)
