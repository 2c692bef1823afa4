"""Scores are taken in one by one, and the newest wins."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from gradebook.errors import PersonNotGradable, ScoreConflicts, ScoreFromTheFuture, ScoreOutdated
from gradebook.holding import release, void
from gradebook.models import LineItem, Result, Score
from gradebook.results import of_line_item
from gradebook.scoring import accept
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from tests.factories import lena, make_line_item, make_membership, mallory, pia
from tests.gradebook.submitting import submission

pytestmark = pytest.mark.django_db
ATTEMPT = "3f0c1c9e-0000-4000-8000-000000000001"
RETAKE = "3f0c1c9e-0000-4000-8000-000000000002"
SECOND = timedelta(seconds=1)


@pytest.fixture
def item() -> LineItem:
    return make_line_item(holds_results=True)


def current(item: LineItem) -> Result:
    return of_line_item(item).get()


def test_a_score_becomes_a_held_result(item: LineItem, learner: Person, now: datetime) -> None:
    result = accept(item, submission(learner, at=now), binding=ATTEMPT, now=now)
    assert (result.state, result.percent, result.binding) == (Result.State.HELD, Decimal(80), ATTEMPT)
    assert result.score == Score.objects.get()


def test_a_result_is_open_where_nothing_is_held(learner: Person, item: LineItem, now: datetime) -> None:
    open_item = make_line_item(item.resource_link, holds_results=False)
    assert accept(open_item, submission(learner, at=now), binding="", now=now).state == Result.State.OPEN


def test_the_score_is_a_fact_about_the_attempt(item: LineItem, learner: Person, now: datetime) -> None:
    result = accept(item, submission(learner, at=now), binding=ATTEMPT, now=now)
    entry = Entry.objects.get(fact_type="gradebook.score_received")
    assert (entry.subject, entry.organization_id) == (f"attempt:{ATTEMPT}", learner.organization_id)
    assert entry.payload["result_id"] == str(result.pk)
    assert entry.payload["grading_progress"] == "FullyGraded"


def test_zero_is_a_score(item: LineItem, learner: Person, now: datetime) -> None:
    accept(item, submission(learner, at=now, given=0), binding="", now=now)
    assert (current(item).result_score, current(item).is_final) == (Decimal(0), True)


def test_a_score_without_points_clears_the_result(item: LineItem, learner: Person, now: datetime) -> None:
    accept(item, submission(learner, at=now, comment="good"), binding="", now=now)
    accept(item, submission(learner, at=now + SECOND, given=None), binding="", now=now)
    assert (current(item).result_score, current(item).comment) == (None, "")
    assert Score.objects.count() == 2


def test_an_older_score_is_refused_and_nothing_stored(item: LineItem, learner: Person, now: datetime) -> None:
    accept(item, submission(learner, at=now), binding="", now=now)
    with pytest.raises(ScoreOutdated):
        accept(item, submission(learner, at=now - SECOND, given=100), binding="", now=now)
    assert (current(item).percent, Score.objects.count(), Entry.objects.count()) == (Decimal(80), 1, 1)


def test_an_exact_retry_changes_nothing(item: LineItem, learner: Person, now: datetime) -> None:
    first = accept(item, submission(learner, at=now), binding="", now=now)
    again = accept(item, submission(learner, at=now), binding="", now=now + SECOND)
    assert (again.pk, again.updated_at) == (first.pk, now)
    assert (Score.objects.count(), Entry.objects.count()) == (1, 1)


def test_another_score_with_the_same_time_conflicts(item: LineItem, learner: Person, now: datetime) -> None:
    accept(item, submission(learner, at=now), binding="", now=now)
    with pytest.raises(ScoreConflicts):
        accept(item, submission(learner, at=now, given=81), binding="", now=now)
    assert current(item).percent == Decimal(80)


def test_a_retry_of_a_score_that_is_no_longer_the_newest_is_refused(
    item: LineItem, learner: Person, now: datetime
) -> None:
    accept(item, submission(learner, at=now), binding="", now=now)
    accept(item, submission(learner, at=now + SECOND, given=90), binding="", now=now)
    with pytest.raises(ScoreOutdated):
        accept(item, submission(learner, at=now), binding="", now=now)


def test_a_clock_may_be_five_minutes_ahead_and_no_more(
    item: LineItem, learner: Person, now: datetime
) -> None:
    ahead = now + timedelta(minutes=5)
    with pytest.raises(ScoreFromTheFuture):
        accept(item, submission(learner, at=ahead + SECOND), binding="", now=now)
    accept(item, submission(learner, at=ahead), binding="", now=now)


def test_a_draft_is_kept_and_not_shown_as_final(item: LineItem, learner: Person, now: datetime) -> None:
    accept(item, submission(learner, at=now, grading_progress="PendingManual"), binding="", now=now)
    assert (current(item).result_score, current(item).score_given) == (None, Decimal(80))
    assert current(item).grading_progress == "PendingManual"


def test_a_new_maximum_rescales_what_is_there(item: LineItem, learner: Person, now: datetime) -> None:
    accept(item, submission(learner, at=now, given=1, score_maximum=Decimal(3)), binding="", now=now)
    LineItem.objects.filter(pk=item.pk).update(score_maximum=Decimal(10))
    assert (current(item).result_score, current(item).result_maximum) == (Decimal("3.333333"), Decimal(10))
    LineItem.objects.filter(pk=item.pk).update(score_maximum=Decimal(3))
    assert current(item).result_score == Decimal(1)


def test_extra_credit_goes_beyond_the_maximum(item: LineItem, learner: Person, now: datetime) -> None:
    accept(item, submission(learner, at=now, given=110), binding="", now=now)
    assert current(item).result_score == Decimal(110)


def test_each_attempt_has_its_own_result_and_the_newest_is_current(
    item: LineItem, learner: Person, now: datetime
) -> None:
    accept(item, submission(learner, at=now, given=40), binding=ATTEMPT, now=now)
    accept(item, submission(learner, at=now + SECOND, given=90), binding=RETAKE, now=now)
    assert (current(item).binding, Result.objects.count()) == (RETAKE, 2)


def test_a_late_score_of_the_first_attempt_does_not_hide_the_retake(
    item: LineItem, learner: Person, now: datetime
) -> None:
    accept(item, submission(learner, at=now, given=40), binding=ATTEMPT, now=now)
    accept(item, submission(learner, at=now + 9 * SECOND), binding=RETAKE, now=now)
    accept(item, submission(learner, at=now + SECOND, given=45), binding=ATTEMPT, now=now)
    assert current(item).binding == RETAKE
    assert Result.objects.get(binding=ATTEMPT).percent == Decimal(45)


@pytest.mark.parametrize("settle", [release, lambda pk, *, now: void(pk, now=now, reason="phone in use")])
def test_a_score_after_settling_is_kept_and_changes_nothing(
    item: LineItem, learner: Person, now: datetime, settle: object
) -> None:
    result = accept(item, submission(learner, at=now), binding=ATTEMPT, now=now)
    settle(result.pk, now=now)  # type: ignore[operator]
    later = accept(item, submission(learner, at=now + SECOND, given=100), binding=ATTEMPT, now=now)
    assert (later.percent, later.score_id, Score.objects.count()) == (Decimal(80), result.score_id, 2)
    assert Entry.objects.filter(fact_type="gradebook.score_received").count() == 2


def test_only_active_learners_of_the_course_are_scored(item: LineItem, now: datetime) -> None:
    suspended, teacher, stranger = lena(), pia(), mallory()
    make_membership(suspended, item.context, status="inactive")
    make_membership(teacher, item.context, "Instructor")
    for person in (suspended, teacher, stranger):
        with pytest.raises(PersonNotGradable):
            accept(item, submission(person, at=now), binding="", now=now)
    assert not Score.objects.exists()


def test_a_learner_suspended_since_the_last_score_is_not_scored(
    item: LineItem, learner: Person, now: datetime
) -> None:
    accept(item, submission(learner, at=now), binding="", now=now)
    learner.memberships.update(status="inactive")
    with pytest.raises(PersonNotGradable):
        accept(item, submission(learner, at=now + SECOND), binding="", now=now)
