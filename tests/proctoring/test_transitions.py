"""The attempt's state machine: every state meets every event."""

from datetime import datetime, timedelta
from io import StringIO
from itertools import product

import pytest
from django.core.management import call_command

from lti_platform.journal.models import Entry
from proctoring.errors import AttemptUnknown, IllegalMove, VersionConflict
from proctoring.models import Attempt, RunningInterval
from proctoring.moving import FACTS, move
from proctoring.transitions import TABLE, Event, State, diagram, target_of
from tests.proctoring.exam_day import ExamDay

EVENTS = [event for event in Event if event != Event.BEGIN]
LEGAL = {(source, move.event): move.target for move in TABLE for source in move.sources}


def placed(day: ExamDay, state: State) -> Attempt:
    """Lena's attempt, set down in this state."""
    attempt = day.begin()
    Attempt.objects.filter(pk=attempt.pk).update(state=state)
    if state == State.RUNNING:
        RunningInterval.objects.create(attempt=attempt, started_at=day.now)
    return attempt


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "event"), list(product(State, EVENTS)))
def test_a_move_is_in_the_table_or_is_refused_and_changes_nothing(
    day: ExamDay, state: State, event: Event
) -> None:
    attempt = placed(day, state)
    told, version = Entry.objects.count(), attempt.version
    if (state, event) in LEGAL:
        assert move(attempt.id, event, now=day.now).state == LEGAL[state, event]
        assert attempt.transitions.latest("version").version == version + 1
        assert Entry.objects.count() == told + 1
    else:
        with pytest.raises(IllegalMove):
            move(attempt.id, event, now=day.now)
        attempt.refresh_from_db()
        assert (attempt.state, attempt.version, Entry.objects.count()) == (state, version, told)


def test_each_event_leads_to_one_state_only_and_is_told_as_a_fact() -> None:
    assert len(LEGAL) == sum(len(move.sources) for move in TABLE)
    assert set(FACTS) == set(Event)


def test_only_a_late_rejection_leaves_a_settled_state() -> None:
    settled = {State.RELEASED, State.INVALIDATED, State.VOIDED, State.ABANDONED}
    assert {pair for pair in LEGAL if pair[0] in settled} == {(State.RELEASED, Event.INVALIDATE)}


def test_every_state_can_be_reached() -> None:
    reached = {State.CHECKING_IN}
    for _step in State:
        reached |= {target for (source, _), target in LEGAL.items() if source in reached}
    assert reached == set(State)


def test_an_unknown_state_is_no_state() -> None:
    with pytest.raises(ValueError, match="graded"):
        target_of(Event.START, state="graded")


def test_the_picture_shows_the_whole_table() -> None:
    out = StringIO()
    call_command("show_transitions", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines == list(diagram())
    assert sum(" --> " in line and "[*]" not in line for line in lines) == len(LEGAL)
    assert "    paused --> running: resume" in lines


@pytest.mark.django_db
class TestMoving:
    def test_who_and_why_is_written_down(self, running: ExamDay) -> None:
        move(running.attempt.id, Event.PAUSE, now=running.now, reason_code="P7", note="phone on the desk")
        last = running.attempt.transitions.latest("version")
        assert (last.from_state, last.to_state, last.event) == ("running", "paused", "pause")
        assert (last.actor_kind, last.reason_code, last.note) == ("system", "P7", "phone on the desk")

    def test_an_attempt_read_before_another_moved_it_is_not_moved_again(self, running: ExamDay) -> None:
        seen = running.attempt.version
        move(running.attempt.id, Event.PAUSE, now=running.now)
        with pytest.raises(VersionConflict):
            move(running.attempt.id, Event.SUBMIT, now=running.now, expected_version=seen)
        assert running.state == State.PAUSED

    def test_there_must_be_an_attempt(self, now: datetime, running: ExamDay) -> None:
        with pytest.raises(AttemptUnknown):
            move(running.session.id, Event.PAUSE, now=now)

    def test_the_facts_are_filed_under_the_attempt_and_its_organization(self, running: ExamDay) -> None:
        entry = Entry.objects.get(fact_type="proctoring.attempt_started")
        assert entry.subject == f"attempt:{running.attempt.id}"
        assert entry.organization_id == running.person.organization_id

    def test_ends_and_times_are_kept_once(self, running: ExamDay) -> None:
        end = running.pass_by(minutes=10)
        move(running.attempt.id, Event.SUBMIT, now=end)
        move(running.attempt.id, Event.RELEASE, now=end + timedelta(hours=1))
        attempt = running.fresh()
        assert (attempt.ended_at, attempt.settled_at) == (end, end + timedelta(hours=1))
        assert (attempt.ends_by, attempt.ended_by) == (None, "submit")
