"""Settled results go back where their learners came from."""

from datetime import datetime

from lti_platform.journal.reactions import reacts_to
from proctoring.door import returning
from proctoring.facts import AttemptInvalidated, AttemptReleased


@reacts_to(AttemptReleased)
def return_result(fact: AttemptReleased, *, now: datetime) -> None:
    returning.owe(fact.attempt_id, now=now)


@reacts_to(AttemptInvalidated)
def take_result_back(fact: AttemptInvalidated, *, now: datetime) -> None:
    returning.owe(fact.attempt_id, now=now)
