"""A course's gradebook on screen, for who manages or teaches it."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from gradebook.models import LineItem, Override, Result
from gradebook.scoring import accept
from lti_platform.people.models import Person
from tests.browsing import signed_in
from tests.counting import counted, enrol_many
from tests.factories import (
    ada,
    make_line_item,
    make_link,
    make_membership,
    make_organization,
    mallory,
    pia,
)
from tests.gradebook.submitting import submission

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def item() -> LineItem:
    return make_line_item(label="Quiz 3")


@pytest.fixture
def teacher(item: LineItem) -> Person:
    person = pia()
    make_membership(person, item.context, "Instructor#TeachingAssistant")
    return person


def sheet(item: LineItem) -> str:
    return reverse("course-gradebook", args=[item.context_id])


def word(item: LineItem, person: Person) -> str:
    return reverse("course-gradebook-result", args=[item.context_id, item.pk, person.pk])


def test_learners_and_items_are_shown_with_their_points(
    item: LineItem, learner: Person, teacher: Person
) -> None:
    accept(item, submission(learner, at=NOW, given=77), binding="", now=NOW)
    page = signed_in(teacher).get(sheet(item)).content.decode()
    for words in ("Quiz 3", "Lena Ruiz", "77 of 100"):
        assert words in page
    assert "Pia Osei</th>" not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [("held", "Waiting for review"), ("void", "Does not count"), ("released", "80 of 100")],
)
def test_the_state_of_a_result_is_said(item: LineItem, learner: Person, state: str, words: str) -> None:
    accept(item, submission(learner, at=NOW), binding="", now=NOW)
    Result.objects.update(state=state)
    assert words in signed_in(ada()).get(sheet(item)).content.decode()


@pytest.mark.parametrize(("state", "is_told"), [("held", False), ("released", True)])
def test_points_that_wait_for_a_review_are_told_nowhere(
    item: LineItem, learner: Person, teacher: Person, state: str, is_told: bool
) -> None:
    accept(item, submission(learner, at=NOW, given="77.5"), binding="", now=NOW)
    Result.objects.update(state=state)
    spreadsheet = reverse("course-gradebook-csv", args=[item.context_id])
    for address in (sheet(item), word(item, learner), spreadsheet):
        answer = signed_in(teacher).get(address)
        told = b"".join(answer) if answer.streaming else answer.content
        assert (b"77.5" in told) == is_told


def test_learners_and_strangers_see_no_gradebook(item: LineItem, learner: Person) -> None:
    elsewhere = ada(make_organization("Other Company", kind="contractor"))
    for person in (learner, mallory("lms_admin"), elsewhere):
        for address in (sheet(item), reverse("course-gradebook-csv", args=[item.context_id])):
            assert signed_in(person).get(address).status_code == 404
        assert signed_in(person).post(word(item, learner), {"points": "100"}).status_code == 404
    assert not Override.objects.exists()


def test_a_teacher_finds_the_gradebook_from_home(item: LineItem, teacher: Person, learner: Person) -> None:
    assert sheet(item) in signed_in(teacher).get(reverse("learner-home")).content.decode()
    assert sheet(item) not in signed_in(learner).get(reverse("learner-home")).content.decode()


def test_a_teacher_puts_a_word_in(item: LineItem, learner: Person, teacher: Person) -> None:
    answer = signed_in(teacher).post(word(item, learner), {"points": "62.5", "comment": "By hand."})
    assert answer.headers["Location"] == sheet(item)
    assert "by a grader" in signed_in(teacher).get(sheet(item)).content.decode()
    page = signed_in(teacher).get(word(item, learner)).content.decode()
    assert "By hand." in page
    assert "62.5" in page


def test_what_is_wrong_with_a_word_is_said_beside_it(
    item: LineItem, learner: Person, teacher: Person
) -> None:
    page = signed_in(teacher).post(word(item, learner), {"points": "-5"})
    assert page.status_code == 200
    assert not Override.objects.exists()


def test_a_proctored_item_offers_no_form(item: LineItem, learner: Person, teacher: Person) -> None:
    LineItem.objects.update(holds_results=True)
    page = signed_in(teacher).get(word(item, learner)).content.decode()
    assert 'name="points"' not in page
    signed_in(teacher).post(word(item, learner), {"points": "100"})
    assert not Override.objects.exists()


def test_the_sheet_is_downloaded_whole(item: LineItem, learner: Person) -> None:
    accept(item, submission(learner, at=NOW, given=77), binding="", now=NOW)
    enrol_many(item.context, 60)
    answer = signed_in(ada()).get(reverse("course-gradebook-csv", args=[item.context_id]))
    lines = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert len(lines) == 61
    mine = next(line for line in lines if line["employee_id"] == learner.employee_id)
    assert (mine["Quiz 3 (of 100)"], mine["Quiz 3: state"]) == ("77", "graded")


def test_many_items_and_learners_come_in_pages(item: LineItem, learner: Person) -> None:
    for number in range(8):
        make_line_item(make_link(item.context), label=f"Lab {number}")
    admin = signed_in(ada())
    first, second = (admin.get(f"{sheet(item)}?items={number}").content.decode() for number in (1, 2))
    assert ("Quiz 3" in first, "Lab 7" in first) == (True, False)
    assert ("Quiz 3" in second, "Lab 7" in second) == (False, True)


def test_the_sheet_costs_the_same_with_many(item: LineItem) -> None:
    admin, costs = signed_in(ada()), []
    for count in (50, 5_000):
        enrol_many(item.context, count)
        admin.get(sheet(item))
        with counted() as queries:
            admin.get(sheet(item))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 14


def test_who_graded_and_when_work_was_done_is_told_of_people_of_the_course_alone(
    item: LineItem, learner: Person, teacher: Person
) -> None:
    began = NOW - timedelta(hours=1)
    stranger = mallory()
    for minute, grader in enumerate((stranger, teacher)):
        said = submission(
            learner, at=NOW + timedelta(minutes=minute), scoring_user_id=str(grader.pk), started_at=began
        )
        accept(item, said, binding="", now=NOW)
    page = signed_in(teacher).get(word(item, learner)).content.decode()
    assert f"graded, by {teacher}," in page
    assert str(stranger) not in page
    assert "Begun" in page
    assert "Handed in" in page
