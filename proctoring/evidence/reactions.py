"""What happens to evidence when something happened."""

from datetime import datetime

from lti_platform.journal.reactions import reacts_to
from proctoring.evidence import judging, keeping, sealing
from proctoring.evidence.facts import EvidenceAccepted, EvidenceEnded, EvidenceQuarantined, EvidenceReceived
from proctoring.facts import SessionEnded, VerdictGiven


@reacts_to(EvidenceReceived, takes_long=True)
def judge_received_item(fact: EvidenceReceived, *, now: datetime) -> None:
    judging.judge(fact.item_id, now=now)


@reacts_to(EvidenceAccepted, takes_long=True)
def seal_when_all_is_here(fact: EvidenceAccepted, *, now: datetime) -> None:
    sealing.consider(fact.session_id, now=now)


@reacts_to(EvidenceQuarantined, takes_long=True)
def seal_when_the_last_is_quarantined(fact: EvidenceQuarantined, *, now: datetime) -> None:
    sealing.consider(fact.session_id, now=now)


@reacts_to(EvidenceEnded, takes_long=True)
def seal_when_the_tool_is_done(fact: EvidenceEnded, *, now: datetime) -> None:
    sealing.consider(fact.session_id, now=now)


@reacts_to(SessionEnded, takes_long=True)
def seal_when_the_session_is_over(fact: SessionEnded, *, now: datetime) -> None:
    sealing.consider(fact.session_id, now=now)


@reacts_to(VerdictGiven, takes_long=True)
def keep_longer_what_a_person_objected_to(fact: VerdictGiven, *, now: datetime) -> None:
    keeping.keep_after_verdict(fact.attempt_id)
