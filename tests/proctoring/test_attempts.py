"""Beginning an attempt, and going on with it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import LazySettings

from lti_platform.courses.memberships import suspend
from lti_platform.journal.models import Entry
from lti_platform.launches.access import is_in_standing
from proctoring import attempts
from proctoring.errors import AttemptUnknown, NotAMember, NotInStanding
from proctoring.models import Attempt, Exam
from proctoring.moving import move
from proctoring.transitions import Event, State
from tests.factories import mallory
from tests.proctoring.exam_day import ExamDay, exam_day
from tests.together import together

pytestmark = pytest.mark.django_db


def test_the_first_attempt_is_number_one_and_pins_the_rules(day: ExamDay) -> None:
    attempt = day.begin()
    Exam.objects.update(minutes=5, review_policy="not_required")
    attempt.refresh_from_db()
    assert (attempt.number, attempt.state, attempt.started_at) == (1, State.CHECKING_IN, None)
    assert (attempt.policy["minutes"], attempt.policy["review_policy"]) == (60, "always")
    assert Entry.objects.filter(fact_type="proctoring.attempt_begun").count() == 1


def test_pressing_start_again_goes_on_with_the_same_attempt(day: ExamDay) -> None:
    assert day.begin() == attempts.begin(day.person, day.exam, now=day.now)


def test_the_next_attempt_has_the_next_number_also_after_a_void_one(day: ExamDay) -> None:
    move(day.begin().id, Event.VOID, now=day.now)
    second = day.begin()
    assert (second.number, attempts.place_among(second)) == (2, 1)


def test_who_left_the_course_may_not_begin(day: ExamDay) -> None:
    suspend(day.person, day.exam.context, now=day.now)
    with pytest.raises(NotAMember):
        day.begin()


def test_the_last_day_of_a_contract_lasts_until_midnight_here_not_in_greenwich(
    settings: LazySettings,
) -> None:
    settings.TIME_ZONE = "America/Chicago"
    evening = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)  # nine o'clock on 2 March in Chicago
    day = exam_day(evening)
    day.person.contract_start, day.person.contract_end = date(2026, 3, 1), date(2026, 3, 2)
    day.person.save()
    assert day.begin().state == State.CHECKING_IN
    assert is_in_standing(day.person, now=evening)
    assert not is_in_standing(day.person, now=evening + timedelta(hours=3))
    assert not is_in_standing(day.person, now=evening - timedelta(days=2))


def test_who_is_outside_the_contract_may_not_begin(now: datetime) -> None:
    day = exam_day(now)
    day.person.contract_end = date(2026, 3, 1)
    day.person.save()
    with pytest.raises(NotInStanding):
        day.begin()


def test_an_attempt_of_another_is_unknown(running: ExamDay) -> None:
    with pytest.raises(AttemptUnknown):
        attempts.own_attempt(mallory(), running.attempt.id)


def test_notes_for_the_reviewer_add_up(running: ExamDay) -> None:
    for words in ("The power went out.", " The dog barked. ", "  "):
        attempts.add_note(running.attempt.id, words, now=running.now)
    assert running.fresh().candidate_note == "The power went out.\n\nThe dog barked."


@pytest.mark.django_db(transaction=True)
def test_starting_in_two_windows_at_once_begins_one_attempt(now: datetime) -> None:
    day = exam_day(now)
    begun = together(*[lambda: attempts.begin(day.person, day.exam, now=now)] * 4)
    assert {attempt.id for attempt in begun} == {Attempt.objects.get().id}


@pytest.mark.django_db(transaction=True)
def test_two_start_messages_at_once_start_one_clock(now: datetime) -> None:
    day = exam_day(now)
    day.begin()
    token = day.token()
    started = together(*[lambda: day.post(token)] * 3)
    assert {attempt.id for attempt in started} == {day.attempt.id}
    assert day.attempt.transitions.filter(event="start").count() == 1
    assert day.attempt.running_intervals.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_end_and_a_hand_in_at_once_leave_one_end(now: datetime) -> None:
    day = exam_day(now)
    day.start()

    def handed_in() -> str:
        try:
            return move(day.attempt.id, Event.SUBMIT, now=now + timedelta(minutes=1)).state
        except Exception as error:
            return type(error).__name__

    def ended() -> str:
        return str(day.control("terminate")["status"])

    answers = together(handed_in, ended)
    assert sorted(answers) in (["IllegalMove", "terminated"], ["complete", "submitted"])
    assert day.fresh().transitions.filter(to_state__in=["submitted", "terminated"]).count() == 1
