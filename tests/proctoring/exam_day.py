"""Lena's exam day, played by its two tools: what they send, and when."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import jwt
from django.conf import settings
from django.db import transaction

from gradebook.models import Result
from gradebook.scores import ScoreSubmission
from gradebook.scoring import accept
from lti_platform.people.models import Person
from proctoring import assessment_control, attempts, linked, messages, sessions
from proctoring.flags import Flag, raise_flag
from proctoring.messages import LTI, A, Visitor
from proctoring.models import Attempt, Exam, Session
from proctoring.starting import set_going
from tests.factories import lena, make_exam, make_membership
from tests.gradebook.submitting import submission
from tests.tool_keys import ToolKey, tool_key

BROWSER = "lenas-browser"


@dataclass
class ExamDay:
    """One person at one exam. `now` is the time on the wall; `pass_by` lets it go on."""

    exam: Exam
    person: Person
    now: datetime
    attempt: Attempt = field(init=False)
    session: Session = field(init=False)
    session_data: str = ""
    browser: str = BROWSER

    def pass_by(self, **length: float) -> datetime:
        """Lets time pass, and says what time it is then."""
        self.now += timedelta(**length)
        return self.now

    def begin(self) -> Attempt:
        """Lena presses Start; the proctoring tool opens."""
        self.attempt = attempts.begin(self.person, self.exam, now=self.now)
        self.open_proctoring()
        return self.attempt

    def open_proctoring(self) -> Session:
        """The proctoring tool opens for the attempt, once more if it did before."""
        self.session, self.session_data = sessions.launch(
            self.attempt, browser_session_key=self.browser, now=self.now
        )
        return self.session

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of a good LtiStartAssessment, with `changes` by short name; None removes a claim."""
        deployment = self.exam.proctoring_link.deployment
        moment = int(self.now.timestamp())
        claims = {
            "iss": deployment.registration.client_id,
            "aud": settings.PLATFORM_URL,
            "iat": moment,
            "exp": moment + 300,
            "nonce": uuid.uuid4().hex,
            f"{LTI}message_type": "LtiStartAssessment",
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": deployment.deployment_id,
            f"{LTI}resource_link": {"id": str(self.exam.proctoring_link_id)},
            f"{A}session_data": self.session_data,
            f"{A}attempt_number": self.attempt.number,
            f"{A}end_assessment_return": True,
        }
        known = {name.rpartition("/")[2]: name for name in claims}
        changed = {known.get(name, f"{A}{name}"): value for name, value in changes.items()}
        return {name: value for name, value in {**claims, **changed}.items() if value is not None}

    def token(
        self, *, key: ToolKey | None = None, headers: dict[str, Any] | None = None, **changes: Any
    ) -> str:
        """A signed LtiStartAssessment, whatever its claims are."""
        signer = key or tool_key()
        payload = json.dumps(self.claims(**changes)).encode()
        return jwt.api_jws.encode(payload, signer.private, "RS256", {"kid": signer.kid, **(headers or {})})

    def post(self, token: str, *, person: Person | None = None, browser: str = "") -> Attempt:
        """The message arrives through somebody's browser."""
        visitor = Visitor(person=person or self.person, session_key=browser or self.browser)
        return messages.start_assessment(token, visitor=visitor, now=self.now)

    def start(self) -> Attempt:
        """Check-in is done and the clock runs."""
        self.begin()
        return self.check_in()

    def check_in(self) -> Attempt:
        """The present session starts, in the way of the exam's kind."""
        if self.exam.kind == Exam.Kind.TWO_TOOLS:
            self.attempt = self.post(self.token())
        elif self.exam.kind == Exam.Kind.LINKED:
            self.attempt = self.start_by_address()
        else:
            self.attempt = self.open_the_one_tool()
        self.session.refresh_from_db()
        return self.attempt

    def start_by_address(
        self, token: str = "", *, person: Person | None = None, browser: str = ""
    ) -> Attempt:
        """The proctoring tool sends Lena to our start address, and she presses the button there."""
        visitor = Visitor(person=person or self.person, session_key=browser or self.browser)
        told = token or linked.start_token(self.session.id)
        return linked.start_by_tool(self.session.id, token=told, visitor=visitor, now=self.now)

    @transaction.atomic
    def open_the_one_tool(self) -> Attempt:
        """The tool that does everything has opened, and the clock runs."""
        return set_going(self.session, now=self.now, reason_code="opened", kept={})

    def flag(self, key: str = "alert-1", **changes: Any) -> dict[str, Any]:
        """The tool's flag through the flag service; its reply."""
        fields: dict[str, Any] = {
            "code": "second_person",
            "message": "",
            "severity": Decimal("0.7"),
            "occurred_at": self.now,
        }
        registration_id = self.session.deployment.registration_id
        said = Flag(key=key, **(fields | changes))
        return raise_flag(said, session_id=self.session.id, registration_id=registration_id, now=self.now)

    def control_body(self, action: str, /, **changes: Any) -> dict[str, Any]:
        """An assessment-control message about the attempt, as of now; None removes a member."""
        body = {
            "user": {"sub": str(self.person.pk), "iss": settings.PLATFORM_URL},
            "resource_link": {"id": str(self.exam.proctoring_link_id)},
            "attempt_number": self.attempt.number,
            "action": action,
            "incident_time": self.now.isoformat(),
        }
        return {name: value for name, value in {**body, **changes}.items() if value is not None}

    def control(self, action: str, /, **changes: Any) -> dict[str, Any]:
        """The tool sends a control message; its reply."""
        return self.send(self.control_body(action, **changes))

    def send(self, body: dict[str, Any]) -> dict[str, Any]:
        """A control message as it is; its reply."""
        registration_id = self.session.deployment.registration_id
        return assessment_control.take(
            body, session_id=self.session.id, registration_id=registration_id, now=self.now
        )

    def score(self, given: int | str | None = 80, *, binding: str | None = None, **fields: Any) -> Result:
        """The assessment tool sends a score out of 100 for the attempt."""
        said: ScoreSubmission = submission(self.person, at=fields.pop("at", self.now), given=given, **fields)
        bound = str(self.attempt.id) if binding is None else binding
        return accept(self.exam.line_item, said, binding=bound, now=self.now)

    def seal(self, *, complete: bool = True) -> None:
        """The session's list of evidence is closed, as if all of it had been judged."""
        sessions.mark_sealed(self.session.id, complete=complete, coverage_percent=None, now=self.now)

    def fresh(self) -> Attempt:
        """The attempt as the database has it."""
        self.attempt = Attempt.objects.select_related("exam", "person").get(pk=self.attempt.pk)
        return self.attempt

    @property
    def state(self) -> str:
        """The attempt's state as the database has it."""
        return self.fresh().state


def exam_day(now: datetime | None = None, *, person: Person | None = None, **fields: Any) -> ExamDay:
    """Lena is in the course and the exam is open; `fields` change the exam."""
    exam = make_exam(**fields)
    learner = person or lena()
    make_membership(learner, exam.context)
    return ExamDay(exam=exam, person=learner, now=now or datetime.now(UTC))
