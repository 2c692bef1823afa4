"""What happened to attempts, sessions and reviews. The subject is always "attempt:<uuid>"."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from lti_platform.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ExamChanged(Fact):
    """An exam was made or its rules changed; `exam_version` is the one in force from now on."""

    fact_type: ClassVar[str] = "proctoring.exam_changed"
    exam_id: UUID
    exam_version: int


@dataclass(frozen=True, kw_only=True)
class AttemptBegun(Fact):
    """Check-in began; the clock has not started."""

    fact_type: ClassVar[str] = "proctoring.attempt_begun"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class CheckInRefused(Fact):
    fact_type: ClassVar[str] = "proctoring.check_in_refused"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class CheckInRetried(Fact):
    fact_type: ClassVar[str] = "proctoring.check_in_retried"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class CheckInAbandoned(Fact):
    fact_type: ClassVar[str] = "proctoring.check_in_abandoned"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptStarted(Fact):
    fact_type: ClassVar[str] = "proctoring.attempt_started"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptPaused(Fact):
    fact_type: ClassVar[str] = "proctoring.attempt_paused"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptResumed(Fact):
    fact_type: ClassVar[str] = "proctoring.attempt_resumed"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptInterrupted(Fact):
    """Paused too long; a person decides what happens next."""

    fact_type: ClassVar[str] = "proctoring.attempt_interrupted"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptReopened(Fact):
    """A person let an interrupted attempt go on; it is paused until the learner continues."""

    fact_type: ClassVar[str] = "proctoring.attempt_reopened"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptSubmitted(Fact):
    fact_type: ClassVar[str] = "proctoring.attempt_submitted"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptTerminated(Fact):
    fact_type: ClassVar[str] = "proctoring.attempt_terminated"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class AttemptReleased(Fact):
    """The result is final and shown."""

    fact_type: ClassVar[str] = "proctoring.attempt_released"
    attempt_id: UUID
    passed: bool


@dataclass(frozen=True, kw_only=True)
class AttemptInvalidated(Fact):
    """A person rejected the attempt; `outcome` is the verdict's."""

    fact_type: ClassVar[str] = "proctoring.attempt_invalidated"
    attempt_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class AttemptVoided(Fact):
    """The attempt does not count against the number allowed."""

    fact_type: ClassVar[str] = "proctoring.attempt_voided"
    attempt_id: UUID


@dataclass(frozen=True, kw_only=True)
class IncidentRaised(Fact):
    fact_type: ClassVar[str] = "proctoring.incident_raised"
    attempt_id: UUID
    incident_id: UUID


@dataclass(frozen=True, kw_only=True)
class IncidentDecided(Fact):
    fact_type: ClassVar[str] = "proctoring.incident_decided"
    attempt_id: UUID
    incident_id: UUID
    judgement: str


@dataclass(frozen=True, kw_only=True)
class SessionLaunched(Fact):
    fact_type: ClassVar[str] = "proctoring.session_launched"
    attempt_id: UUID
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionStarted(Fact):
    """Check-in is done and the tool records."""

    fact_type: ClassVar[str] = "proctoring.session_started"
    attempt_id: UUID
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Fact):
    """The tool records no more; segments already recorded may still arrive."""

    fact_type: ClassVar[str] = "proctoring.session_ended"
    attempt_id: UUID
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionSealed(Fact):
    """The list of evidence is closed; `complete` is false when something announced never came."""

    fact_type: ClassVar[str] = "proctoring.session_sealed"
    attempt_id: UUID
    session_id: UUID
    complete: bool


@dataclass(frozen=True, kw_only=True)
class ReviewOpened(Fact):
    fact_type: ClassVar[str] = "proctoring.review_opened"
    attempt_id: UUID
    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class VerdictGiven(Fact):
    fact_type: ClassVar[str] = "proctoring.verdict_given"
    attempt_id: UUID
    case_id: UUID
    verdict_id: UUID
    outcome: str
