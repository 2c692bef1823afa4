"""What proctoring does when something happened."""

from datetime import datetime

from gradebook.facts import ScoreReceived
from lti_platform.journal.reactions import reacts_to
from lti_platform.people.facts import ContractEnded
from proctoring import departing, finishing, releasing, scores
from proctoring.facts import (
    AttemptInvalidated,
    AttemptSubmitted,
    AttemptTerminated,
    AttemptVoided,
    CheckInAbandoned,
    SessionSealed,
    VerdictGiven,
)


@reacts_to(ScoreReceived)
def take_score_in(fact: ScoreReceived, *, now: datetime) -> None:
    if attempt := scores.take_in(fact.score_id, result_id=fact.result_id, now=now):
        releasing.consider(attempt.id, now=now)


@reacts_to(AttemptSubmitted)
@reacts_to(AttemptTerminated)
def finish_attempt(fact: AttemptSubmitted | AttemptTerminated, *, now: datetime) -> None:
    finishing.finish(fact.attempt_id, now=now)


@reacts_to(CheckInAbandoned)
@reacts_to(AttemptInvalidated)
@reacts_to(AttemptVoided)
def close_sessions(fact: CheckInAbandoned | AttemptInvalidated | AttemptVoided, *, now: datetime) -> None:
    finishing.close(fact.attempt_id, now=now)


@reacts_to(SessionSealed)
@reacts_to(VerdictGiven)
def consider_release(fact: SessionSealed | VerdictGiven, *, now: datetime) -> None:
    releasing.consider(fact.attempt_id, now=now)


@reacts_to(ContractEnded)
def end_open_attempts(fact: ContractEnded, *, now: datetime) -> None:
    departing.end_attempts_of(fact.person_id, now=now)
