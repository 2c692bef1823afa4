"""What the proctoring tool may do to a running exam, in whatever order its messages arrive."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lti_platform.journal.models import Entry
from proctoring import clock
from proctoring.connection import go_on, seen
from proctoring.models import Incident
from proctoring.transitions import State
from tests.counting import counted
from tests.proctoring.exam_day import ExamDay

pytestmark = pytest.mark.django_db


def test_a_flag_is_kept_and_changes_nothing(running: ExamDay) -> None:
    reply = running.control("flag", incident_severity=0.8, reason_code="P7", reason_msg="second person")
    assert reply == {"status": "running", "extra_time": 0}
    incident = Incident.objects.get()
    assert (incident.severity, incident.reason_code, incident.session_id) == (
        Decimal("0.8"),
        "P7",
        running.session.id,
    )
    assert Entry.objects.filter(fact_type="proctoring.incident_raised").count() == 1


def test_a_duplicate_gets_the_first_reply_even_when_the_truth_has_moved_on(running: ExamDay) -> None:
    body = running.control_body("pause")
    assert running.send(body)["status"] == "paused"
    running.pass_by(seconds=5)
    running.control("resume")
    assert running.send(body)["status"] == "paused"
    assert running.state == State.RUNNING


def test_a_pause_that_comes_after_its_resume_does_not_pause(running: ExamDay) -> None:
    pause = running.control_body("pause")
    running.pass_by(seconds=30)
    assert running.control("resume")["status"] == "running"
    running.pass_by(seconds=5)
    assert running.send(pause)["status"] == "running"
    assert Incident.objects.count() == 2


def test_a_late_message_is_still_carried_out_when_nothing_overtook_it(running: ExamDay) -> None:
    pause = running.control_body("pause")
    running.pass_by(minutes=3)
    assert running.send(pause)["status"] == "paused"


def test_extra_time_adds_up_and_moves_the_end(running: ExamDay) -> None:
    end = running.fresh().ends_by
    assert end is not None
    running.control("update", extra_time=10)
    running.pass_by(seconds=1)
    assert running.control("resume", extra_time=5)["extra_time"] == 15
    assert running.fresh().ends_by == end + timedelta(minutes=15)
    assert clock.left(running.attempt, now=running.now) == timedelta(minutes=75, seconds=-1)


def test_extra_time_after_the_end_grants_nothing(running: ExamDay) -> None:
    running.control("terminate")
    assert running.control("update", extra_time=10) == {"status": "terminated", "extra_time": 0}


def test_an_end_is_final(running: ExamDay) -> None:
    assert running.control("terminate", reason_code="P7", reason_msg="phone")["status"] == "terminated"
    running.pass_by(seconds=1)
    assert running.control("resume")["status"] == "terminated"
    last = running.fresh().transitions.latest("version")
    assert (last.event, last.reason_code, last.note) == ("terminate", "P7", "phone")


def test_an_end_before_the_start_is_a_refused_check_in(day: ExamDay) -> None:
    day.begin()
    assert day.control("terminate")["status"] == "none"
    assert day.state == State.BLOCKED


def test_the_tool_does_not_resume_what_a_lost_connection_holds(running: ExamDay) -> None:
    running.control("pause")
    running.control("resume", incident_time=running.pass_by(seconds=1).isoformat())
    seen(running.attempt.id, was_lost=True, now=running.now)
    running.pass_by(seconds=1)
    assert running.control("resume")["status"] == "paused"
    assert go_on(running.attempt.id, now=running.now).state == State.RUNNING


def test_the_learner_does_not_resume_what_the_proctor_holds(running: ExamDay) -> None:
    seen(running.attempt.id, was_lost=True, now=running.now)
    running.control("pause")
    assert go_on(running.attempt.id, now=running.now).state == State.PAUSED
    running.pass_by(seconds=1)
    assert running.control("resume")["status"] == "running"


@pytest.mark.parametrize(
    ("action", "severity", "needed"),
    [
        ("terminate", 0, True),
        ("flag", None, True),
        ("flag", 0, False),
        ("flag", 0.1, True),
        ("pause", None, False),
        ("pause", 0.5, True),
        ("resume", None, False),
    ],
)
def test_a_person_judges_what_may_matter(
    running: ExamDay, action: str, severity: float | None, needed: bool
) -> None:
    running.control(action, incident_severity=severity)
    assert Incident.objects.get().needs_decision is needed


def test_a_flag_costs_the_same_after_many(running: ExamDay) -> None:
    running.control("flag", reason_code="before")
    with counted() as first:
        running.control("flag", reason_code="0")
    for number in range(1, 40):
        running.control("flag", reason_code=str(number))
    with counted() as last:
        running.control("flag", reason_code="last")
    assert len(first) == len(last) <= 8
