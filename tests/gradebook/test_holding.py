"""A held result waits for a person or a policy."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from gradebook import holding
from gradebook.errors import BindingTaken, ResultNotHeld, ResultNotReleased, ResultUnknown
from gradebook.models import LineItem, Result
from gradebook.results import of_binding, visible_to_learner
from gradebook.scoring import accept
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from tests.factories import make_line_item
from tests.gradebook.submitting import submission

pytestmark = pytest.mark.django_db
ATTEMPT = "3f0c1c9e-0000-4000-8000-000000000001"
Settle = Callable[..., Result]


@pytest.fixture
def item() -> LineItem:
    return make_line_item(holds_results=True)


@pytest.fixture
def held(item: LineItem, learner: Person, now: datetime) -> Result:
    return accept(item, submission(learner, at=now), binding=ATTEMPT, now=now)


@pytest.fixture
def unbound(item: LineItem, learner: Person, now: datetime) -> Result:
    return accept(item, submission(learner, at=now), binding="", now=now)


def facts(fact_type: str) -> int:
    return Entry.objects.filter(fact_type=fact_type).count()


def test_the_learner_sees_a_result_only_when_it_is_released(held: Result, now: datetime) -> None:
    assert not visible_to_learner(held.person).exists()
    holding.release(held.pk, now=now)
    assert visible_to_learner(held.person).get() == held


def test_a_draft_is_not_shown_even_where_nothing_is_held(
    learner: Person, item: LineItem, now: datetime
) -> None:
    open_item = make_line_item(item.resource_link)
    accept(open_item, submission(learner, at=now, grading_progress="Pending"), binding="", now=now)
    assert not visible_to_learner(learner).exists()
    later = now + timedelta(seconds=1)
    accept(open_item, submission(learner, at=later), binding="", now=later)
    assert visible_to_learner(learner).count() == 1


def test_a_release_is_recorded_once_however_often_it_is_asked(held: Result, now: datetime) -> None:
    for _time in range(2):
        released = holding.release(held.pk, now=now)
        assert (released.state, released.settled_at) == (Result.State.RELEASED, now)
    assert facts("gradebook.result_released") == 1


def test_a_void_result_counts_for_nothing(held: Result, now: datetime) -> None:
    for _time in range(2):
        void = holding.void(held.pk, now=now, reason="second person in the room")
        assert (void.state, void.result_score) == (Result.State.VOID, None)
    assert not visible_to_learner(held.person).exists()
    entry = Entry.objects.get(fact_type="gradebook.result_voided")
    assert (entry.subject, entry.details.note) == (f"attempt:{ATTEMPT}", "second person in the room")


def test_a_void_result_is_not_released(held: Result, now: datetime) -> None:
    holding.void(held.pk, now=now, reason="")
    with pytest.raises(ResultNotHeld):
        holding.release(held.pk, now=now)


def test_a_released_result_is_withdrawn_rather_than_voided(held: Result, now: datetime) -> None:
    with pytest.raises(ResultNotReleased):
        holding.withdraw(held.pk, now=now, reason="")
    holding.release(held.pk, now=now)
    with pytest.raises(ResultNotHeld):
        holding.void(held.pk, now=now, reason="")
    assert holding.withdraw(held.pk, now=now, reason="found later").state == Result.State.VOID
    assert facts("gradebook.result_voided") == 1


@pytest.mark.parametrize("settle", [holding.release, lambda pk, *, now: holding.void(pk, now=now, reason="")])
def test_a_result_that_was_never_held_is_not_settled(
    settle: Settle, learner: Person, item: LineItem, now: datetime
) -> None:
    open_item = make_line_item(item.resource_link)
    result = accept(open_item, submission(learner, at=now), binding="", now=now)
    with pytest.raises(ResultNotHeld):
        settle(result.pk, now=now)


def test_there_must_be_a_result(now: datetime) -> None:
    with pytest.raises(ResultUnknown):
        holding.release(uuid4(), now=now)


def test_a_result_without_an_attempt_is_bound_by_whoever_knows(unbound: Result, now: datetime) -> None:
    for _time in range(2):
        assert holding.bind(unbound.pk, binding=ATTEMPT, now=now).binding == ATTEMPT
    found = of_binding(ATTEMPT, line_item_id=unbound.line_item_id, person_id=unbound.person_id)
    assert found == unbound
    assert facts("gradebook.result_bound") == 1


def test_a_bound_result_stays_with_its_attempt(held: Result, now: datetime) -> None:
    with pytest.raises(BindingTaken):
        holding.bind(held.pk, binding="another", now=now)


def test_an_attempt_keeps_its_newer_result(held: Result, unbound: Result, now: datetime) -> None:
    with pytest.raises(BindingTaken):
        holding.bind(unbound.pk, binding=ATTEMPT, now=now)
    assert Result.objects.get(pk=unbound.pk).binding == ""


def test_the_grading_that_follows_takes_the_place_of_the_hand_in(
    item: LineItem, learner: Person, now: datetime
) -> None:
    later = now + timedelta(minutes=9)
    handed_in = submission(learner, at=now, given=None, grading_progress="Pending")
    first = accept(item, handed_in, binding="", now=now)
    holding.bind(first.pk, binding=ATTEMPT, now=now)
    graded = accept(item, submission(learner, at=later), binding="", now=later)
    holding.bind(graded.pk, binding=ATTEMPT, now=later)
    (result,) = Result.objects.all()
    assert (result.pk, result.binding, result.is_final) == (graded.pk, ATTEMPT, True)
    assert result.submitted_at == now


def test_a_settled_result_of_the_attempt_does_not_give_way(held: Result, now: datetime) -> None:
    holding.release(held.pk, now=now)
    later = now + timedelta(minutes=9)
    newer = accept(held.line_item, submission(held.person, at=later), binding="", now=later)
    with pytest.raises(BindingTaken):
        holding.bind(newer.pk, binding=ATTEMPT, now=later)
    assert Result.objects.count() == 2


def test_a_settled_result_is_not_bound(unbound: Result, now: datetime) -> None:
    holding.release(unbound.pk, now=now)
    with pytest.raises(ResultNotHeld):
        holding.bind(unbound.pk, binding=ATTEMPT, now=now)
