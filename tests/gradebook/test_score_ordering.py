"""Whatever order scores arrive in, and however often, the newest stands."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from gradebook.errors import ScoreConflicts, ScoreOutdated
from gradebook.models import LineItem, Result, Score
from gradebook.overriding import GraderWord, override
from gradebook.results import of_line_item
from gradebook.scoring import ScoreSubmission, accept
from lti_platform.people.models import Person
from tests.factories import lena, make_line_item, make_membership, pia
from tests.gradebook.submitting import submission

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
NOW = START + timedelta(hours=1)
# Each example begins a gradebook of its own.
some = settings(max_examples=settings().max_examples // 2)
POINTS = st.one_of(st.none(), st.just(0), st.integers(min_value=0, max_value=120))


@contextmanager
def empty_gradebook() -> Iterator[tuple[LineItem, Person]]:
    """An item and a learner, gone at the end: the next example begins afresh."""
    with transaction.atomic():
        item, person = make_line_item(), lena()
        make_membership(person, item.context)
        yield item, person
        transaction.set_rollback(True)


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[int | None], list[int]]:
    """Points by second, and the order in which those scores arrive, repeats included."""
    points = draw(st.lists(POINTS, min_size=1, max_size=5))
    seconds = range(len(points))
    repeats = draw(st.lists(st.sampled_from(seconds), max_size=4))
    return points, list(draw(st.permutations([*seconds, *repeats])))


def score_at(person: Person, second: int, *, points: int | None = 50) -> ScoreSubmission:
    return submission(person, at=START + timedelta(seconds=second), given=points)


def send(item: LineItem, scores: Iterable[ScoreSubmission], *, binding: str = "") -> None:
    for each in scores:
        with suppress(ScoreOutdated):
            accept(item, each, binding=binding, now=NOW)


@some
@given(arrivals())
def test_the_newest_score_stands_whatever_the_order(arrived: tuple[list[int | None], list[int]]) -> None:
    points, order = arrived
    with empty_gradebook() as (item, person):
        send(item, [score_at(person, second, points=points[second]) for second in order])
        result = Result.objects.get()
        assert result.last_timestamp == START + timedelta(seconds=len(points) - 1)
        assert result.percent == (None if points[-1] is None else Decimal(points[-1]))


@some
@given(arrivals())
def test_time_never_runs_backwards_in_a_result(arrived: tuple[list[int | None], list[int]]) -> None:
    points, order = arrived
    with empty_gradebook() as (item, person):
        for count, second in enumerate(order, start=1):
            send(item, [score_at(person, second, points=points[second])])
            newest = max(order[:count])
            assert Result.objects.get().last_timestamp == START + timedelta(seconds=newest)
        rises = {second for place, second in enumerate(order) if second > max([-1, *order[:place]])}
        assert Score.objects.count() == len(rises)


@some
@given(first=POINTS, second=POINTS)
def test_two_scores_of_one_moment_never_replace_each_other(first: int | None, second: int | None) -> None:
    with empty_gradebook() as (item, person):
        accept(item, score_at(person, 0, points=first), binding="", now=NOW)
        with suppress(ScoreConflicts):
            accept(item, score_at(person, 0, points=second), binding="", now=NOW)
        assert Result.objects.get().percent == (None if first is None else Decimal(first))
        assert Score.objects.count() == 1


@some
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 9)), min_size=1, max_size=8))
def test_exactly_one_result_is_current_and_it_is_the_newest(sent: list[tuple[str, int]]) -> None:
    with empty_gradebook() as (item, person):
        for binding, second in sent:
            send(item, [score_at(person, second)], binding=binding)
        current = of_line_item(item).get()
        assert current.last_timestamp == START + timedelta(seconds=max(second for _binding, second in sent))


@some
@given(arrivals(), st.lists(st.sampled_from(["", "ok", "see me"]), min_size=5, max_size=5))
def test_the_newest_score_also_says_the_comment(
    arrived: tuple[list[int | None], list[int]], comments: list[str]
) -> None:
    points, order = arrived
    with empty_gradebook() as (item, person):
        send(
            item,
            [
                submission(person, at=START + timedelta(seconds=n), given=points[n], comment=comments[n])
                for n in order
            ],
        )
        assert Result.objects.get().shown_comment == comments[len(points) - 1]


@some
@given(
    st.lists(st.one_of(POINTS, st.tuples(POINTS, st.sampled_from(["", "by hand"]))), min_size=1, max_size=8),
    st.integers(min_value=1, max_value=1000),
)
def test_a_graders_word_stands_over_any_scores_on_any_scale(
    events: list[int | tuple[int | None, str] | None], maximum: int
) -> None:
    """A number, or none, is a score out of 100; a pair is a grader's points and comment."""
    with empty_gradebook() as (item, person):
        score, word, grader = None, GraderWord(), pia()
        for second, said in enumerate(events):
            if isinstance(said, tuple):
                word = GraderWord(points=None if said[0] is None else Decimal(said[0]), comment=said[1])
                override(item, person.pk, word=word, grader=grader, now=NOW)
            else:
                score = said
                send(item, [score_at(person, second, points=said)])
        item.score_maximum = Decimal(maximum)
        item.save()
        result = of_line_item(item).first()
        expected = word.points if word.points is not None else score
        shown = result.result_score if result else None
        assert shown == (None if expected is None else Decimal(expected) * maximum / 100)
        assert (result.shown_comment if result else "") == word.comment
