"""An exam's questions open for the person whose attempt is running, and for nobody else."""

from datetime import datetime

import pytest

from lti_platform.launches.contributing import LaunchRefused
from lti_platform.launches.models import Launch
from lti_platform.people.models import Person
from proctoring.claims import proctoring_claims
from proctoring.moving import move
from proctoring.transitions import Event
from tests.calling import CallingTool, make_tool
from tests.factories import mallory
from tests.launching import make_launch
from tests.proctoring.exam_day import ExamDay

pytestmark = pytest.mark.django_db


def opening(day: ExamDay, *, subject: str | None = None, person: Person | None = None) -> Launch:
    """A launch of the assessment, about the day's attempt unless told otherwise."""
    link = day.exam.assessment_link
    tool = CallingTool(deployment=link.deployment, context=link.context, link=link)
    about = f"attempt:{day.attempt.id}" if subject is None else subject
    return make_launch(tool, now=day.now, subject=about, person=person or day.person)


def test_while_the_attempt_runs_its_questions_open(running: ExamDay) -> None:
    proctoring_claims(opening(running), now=running.now)


def test_before_the_check_in_is_done_they_stay_closed(day: ExamDay) -> None:
    day.begin()
    with pytest.raises(LaunchRefused, match="checking_in"):
        proctoring_claims(opening(day), now=day.now)


@pytest.mark.parametrize("event", [Event.PAUSE, Event.SUBMIT, Event.TERMINATE])
def test_paused_or_over_they_are_closed_again(running: ExamDay, event: Event) -> None:
    move(running.attempt.id, event, now=running.now)
    with pytest.raises(LaunchRefused):
        proctoring_claims(opening(running), now=running.now)


@pytest.mark.parametrize("subject", ["", "attempt:", "attempt:7", "exam:1"])
def test_without_an_attempt_the_link_of_an_exam_opens_nothing(running: ExamDay, subject: str) -> None:
    with pytest.raises(LaunchRefused, match="from its own page"):
        proctoring_claims(opening(running, subject=subject), now=running.now)


def test_the_attempt_of_another_opens_nothing(running: ExamDay) -> None:
    with pytest.raises(LaunchRefused):
        proctoring_claims(opening(running, person=mallory()), now=running.now)


def test_a_link_of_no_exam_opens_as_it_always_did(now: datetime) -> None:
    proctoring_claims(make_launch(make_tool(), now=now), now=now)
