"""A grader's word over or beside a tool's scores."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from gradebook.addresses import line_item_url
from gradebook.errors import Malformed, PersonNotGradable, ResultHeld
from gradebook.models import LineItem, Override, Result
from gradebook.overriding import GraderWord, override
from gradebook.results import visible_to_learner
from gradebook.scoring import accept
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from tests.calling import CallingTool
from tests.factories import make_line_item, make_membership, mallory, pia
from tests.gradebook.submitting import score_body, submission

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
EIGHTY = GraderWord(points=Decimal(80), comment="Well argued.")


@pytest.fixture
def item(tool: CallingTool) -> LineItem:
    return make_line_item(tool.link)


@pytest.fixture
def grader(item: LineItem) -> Person:
    person = pia()
    make_membership(person, item.context, "Instructor")
    return person


def say(item: LineItem, learner: Person, *, word: GraderWord, grader: Person) -> Result | None:
    return override(item, learner.pk, word=word, grader=grader, now=NOW)


def told(tool: CallingTool, item: LineItem) -> dict[str, object]:
    """The one result, as the tool reads it."""
    (result,) = tool.get(f"{line_item_url(item)}/results").json()
    return dict(result)


def test_the_tool_reads_the_graders_points_comment_and_name(
    tool: CallingTool, item: LineItem, learner: Person, grader: Person
) -> None:
    accept(item, submission(learner, at=NOW, given=50, comment="auto"), binding="", now=NOW)
    say(item, learner, word=EIGHTY, grader=grader)
    result = told(tool, item)
    assert (result["resultScore"], result["comment"]) == (80, "Well argued.")
    assert result["scoringUserId"] == str(grader.pk)


def test_a_newer_score_is_kept_beneath_and_comes_up_when_the_word_ends(
    tool: CallingTool, item: LineItem, learner: Person, grader: Person
) -> None:
    say(item, learner, word=EIGHTY, grader=grader)
    assert tool.post(f"{line_item_url(item)}/scores", score_body(learner)).status_code == 200
    assert told(tool, item)["resultScore"] == 80
    assert Result.objects.get().score_given == 8
    say(item, learner, word=GraderWord(), grader=grader)
    assert told(tool, item)["resultScore"] == 80  # eight of ten
    assert "comment" not in told(tool, item)
    assert Override.objects.count() == 2


def test_a_tools_missing_comment_leaves_the_graders(
    tool: CallingTool, item: LineItem, learner: Person, grader: Person
) -> None:
    accept(item, submission(learner, at=NOW, comment="auto"), binding="", now=NOW)
    say(item, learner, word=GraderWord(comment="See me."), grader=grader)
    accept(item, submission(learner, at=NOW + timedelta(seconds=1), given=70), binding="", now=NOW)
    result = told(tool, item)
    assert (result["resultScore"], result["comment"]) == (70, "See me.")


def test_who_has_no_score_can_be_graded_and_the_first_score_still_counts(
    item: LineItem, learner: Person, grader: Person
) -> None:
    say(item, learner, word=EIGHTY, grader=grader)
    assert visible_to_learner(learner).get().result_score == 80
    result = accept(item, submission(learner, at=NOW - timedelta(days=1)), binding="", now=NOW)
    assert Result.objects.get() == result


def test_a_new_maximum_rescales_the_graders_points(
    tool: CallingTool, item: LineItem, learner: Person, grader: Person
) -> None:
    say(item, learner, word=EIGHTY, grader=grader)
    tool.put(line_item_url(item), {"label": "Exam", "scoreMaximum": 10})
    assert (told(tool, item)["resultScore"], told(tool, item)["resultMaximum"]) == (8, 10)


def test_a_proctored_result_is_not_overridden(tool: CallingTool, learner: Person, grader: Person) -> None:
    held = make_line_item(tool.link, holds_results=True)
    with pytest.raises(ResultHeld):
        say(held, learner, word=EIGHTY, grader=grader)
    assert not Override.objects.exists()


def test_only_learners_of_the_course_are_graded(item: LineItem, grader: Person) -> None:
    for stranger in (mallory(), grader):
        with pytest.raises(PersonNotGradable):
            say(item, stranger, word=EIGHTY, grader=grader)


def test_nobody_grades_themselves(item: LineItem, grader: Person) -> None:
    item.context.memberships.filter(person=grader).update(roles=["Instructor", "Learner"])
    with pytest.raises(PersonNotGradable):
        say(item, grader, word=EIGHTY, grader=grader)
    assert not Result.objects.exists()


def test_points_below_zero_are_refused(item: LineItem, learner: Person, grader: Person) -> None:
    with pytest.raises(Malformed):
        say(item, learner, word=GraderWord(points=Decimal(-1)), grader=grader)


def test_ending_what_was_never_said_changes_nothing(item: LineItem, learner: Person, grader: Person) -> None:
    assert say(item, learner, word=GraderWord(), grader=grader) is None
    assert not Result.objects.exists()


def test_the_record_says_that_and_not_what(item: LineItem, learner: Person, grader: Person) -> None:
    say(item, learner, word=EIGHTY, grader=grader)
    entry = Entry.objects.get(fact_type="gradebook.result_overridden")
    assert "Well argued" not in str(entry.payload)
    assert entry.payload["override_id"] == str(Override.objects.get().pk)


def test_unreleased_grades_are_not_shown_to_learners(
    tool: CallingTool, item: LineItem, learner: Person
) -> None:
    accept(item, submission(learner, at=NOW), binding="", now=NOW)
    assert visible_to_learner(learner).exists()
    body = {"label": "Exam", "scoreMaximum": 100, "gradesReleased": False}
    assert tool.put(line_item_url(item), body).json()["gradesReleased"] is False
    assert not visible_to_learner(learner).exists()
    assert told(tool, item)["resultScore"] == 80
