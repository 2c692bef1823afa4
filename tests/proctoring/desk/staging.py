"""Lena's exam is over and was recorded; her case lies in the queue."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from lti_platform.journal.working import run_due
from lti_platform.people.models import Person
from proctoring import incidents, sessions
from proctoring.attempts import pinned
from proctoring.models import Attempt, Exam, Incident, ReviewCase, Session
from proctoring.moving import move
from proctoring.transitions import Event
from tests.factories import lena, make_exam
from tests.media import picture, webm
from tests.proctoring.evidence.staging import Stage
from tests.proctoring.exam_day import ExamDay, exam_day

_numbers = itertools.count(1)


def an_hour_ago() -> datetime:
    """Pages go by the real clock: what they show happened just before."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@dataclass
class Recorded(Stage):
    """An exam of a minute, recorded by the tool's two streams, flagged, handed in, scored and sealed."""

    now: datetime = field(default_factory=an_hour_ago)
    person: Person | None = None
    day: ExamDay = field(init=False)

    def __post_init__(self) -> None:
        self.day = exam_day(self.now, person=self.person)
        self.day.start()
        self.attempt, self.session = self.day.attempt, self.day.session
        self.deployment = self.session.deployment
        self.number = self.attempt.case_number

    def record(self, stream: str, *starts: float, seconds: int = 2) -> None:
        """Segments of a stream, each from a moment after the start (seconds)."""
        for sequence, start in enumerate(starts):
            self.hand_over(webm(seconds), after=start, lasting=seconds, stream=stream, sequence=sequence)

    def photograph(self) -> None:
        """The check-in's two pictures."""
        for kind in ("identity_photo", "candidate_photo"):
            self.hand_over(picture(), lasting=0, kind=kind, stream="", media_type="image/jpeg")

    def flag(self, after: float, words: str = "Second person in view", severity: str = "0.9") -> Incident:
        """The tool flags something, stamped by its own clock."""
        at = self.now + timedelta(seconds=after)
        self.day.now = at
        body = self.day.control_body("flag", incident_severity=severity, reason_msg=words, reason_code="seen")
        self.day.send({**body, "incident_time": (at + self.tool_is_ahead).isoformat()})
        return Incident.objects.get(attempt=self.attempt, reason_message=words)

    def notice(self, after: float, code: str = "connection_lost") -> Incident:
        """Our own check sees something."""
        at = self.now + timedelta(seconds=after)
        return incidents.notice(self.attempt, code, now=at, severity="0.2", session=self.session)[0]

    def hand_in(self, *streams: tuple[str, str, int], given: int = 80) -> ReviewCase:
        """Handed in after a minute, scored and sealed; the case that is then open."""
        over = self.now + timedelta(minutes=1)
        self.day.now = over
        move(self.attempt.id, Event.SUBMIT, now=over)
        self.day.score(given)
        sessions.end(self.session.id, now=over)
        self.end(*streams, at=over)
        run_due(now=over + timedelta(seconds=10))
        return ReviewCase.objects.get(attempt=self.attempt)


def usual_case() -> tuple[Recorded, ReviewCase]:
    """A camera that recorded 0–2, 2–4 and 10–12 s, a screen that recorded 0–2 s, two flags, one check of ours."""
    stage = Recorded()
    stage.flag(3, "Second person in view", "0.9")
    stage.flag(6, "Left the exam tab", "0.5")
    stage.notice(11)
    stage.record("camera", 0, 2, 10)
    stage.record("screen", 0)
    return stage, stage.hand_in(("recording", "camera", 3), ("recording", "screen", 1))


def waiting_cases(count: int, *, exam: Exam | None = None, **fields: Any) -> list[ReviewCase]:
    """That many cases in the queue, each of another person, each with two flags and a sealed session."""
    exam = exam or make_exam()
    return [_waiting_case(exam, number=next(_numbers), **fields) for _ in range(count)]


def _waiting_case(exam: Exam, *, number: int, person: Person | None = None, **fields: Any) -> ReviewCase:
    now = an_hour_ago()
    attempt = Attempt.objects.create(
        case_number=100 + number, exam=exam, person=person or lena(), number=1,
        state=Attempt.State.SUBMITTED, policy=pinned(exam), created_at=now, started_at=now, ended_at=now,
    )  # fmt: skip
    Session.objects.create(
        attempt=attempt, deployment=exam.proctoring_link.deployment, state=Session.State.COMPLETE,
        session_data_digest=f"desk-{number}", session_data_expires_at=now, launched_at=now, last_heard_at=now,
        started_at=now, coverage_percent=Decimal("98.50"),
    )  # fmt: skip
    for source in Incident.Source.values:
        incident = {
            "source": source,
            "action": "flag",
            "message_digest": f"{source}-{number}",
            "severity": "0.2",
        }
        Incident.objects.create(attempt=attempt, occurred_at=now, received_at=now, **incident)
    return ReviewCase.objects.create(
        attempt=attempt, **{"opened_at": now, "due_at": now + timedelta(days=1), **fields}
    )


def page_of(number: int) -> str:
    """The address of a case's page."""
    return reverse("review-session", args=[number])


def begin(client: Client, number: int) -> None:
    """The reviewer starts on the case."""
    answer = client.post(reverse("review-start", args=[number]))
    assert answer.status_code == 302


def decide(client: Client, number: int, incident_id: UUID, judgement: str, **more: str) -> str:
    """The reviewer judges an incident; the page they land on, with what it says."""
    address = reverse("review-decide", args=[number, incident_id])
    return client.post(address, {"judgement": judgement, **more}, follow=True).content.decode()
