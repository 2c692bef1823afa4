"""A learner reads their own results of a course: final, given out, and nobody else's."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from gradebook import holding
from gradebook.models import LineItem, Result
from gradebook.scoring import accept
from lti_platform.people.models import Person
from tests.factories import make_line_item, make_membership, make_person, mallory
from tests.gradebook.submitting import submission
from tests.lti_platform.launches.staging import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> LineItem:
    return make_line_item()


def page_of(person: Person, item: LineItem) -> str:
    answer = browser_of(person).get(reverse("own-results", args=[item.context_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_lena_reads_her_points_and_the_comment(item: LineItem, learner: Person, now: datetime) -> None:
    accept(item, submission(learner, at=now, given=80, comment="Mind the valves."), binding="", now=now)
    page = page_of(learner, item)
    assert "80 of 100" in page
    assert "Mind the valves." in page


def test_before_anything_is_final_the_page_says_what_to_expect(item: LineItem, learner: Person) -> None:
    assert "A result appears here when it is final" in page_of(learner, item)


def test_a_held_result_is_not_on_the_page_before_its_release(
    item: LineItem, learner: Person, now: datetime
) -> None:
    LineItem.objects.filter(pk=item.pk).update(holds_results=True)
    item.refresh_from_db()
    held: Result = accept(item, submission(learner, at=now, given=83), binding="attempt-1", now=now)
    assert "83 of" not in page_of(learner, item)
    holding.release(held.pk, now=now)
    assert "83 of 100" in page_of(learner, item)


def test_nobody_reads_another_learners_results(item: LineItem, learner: Person, now: datetime) -> None:
    accept(item, submission(learner, at=now, given=80), binding="", now=now)
    other = make_person("Mateo")
    make_membership(other, item.context, "Learner")
    assert "80 of" not in page_of(other, item)


def test_a_course_that_one_is_not_in_is_none(item: LineItem, client: Client) -> None:
    address = reverse("own-results", args=[item.context_id])
    assert browser_of(mallory()).get(address).status_code == 404
    assert client.get(address).status_code == 302
