"""Attacks on reviews of what others handed in."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gradebook.models import LineItem, Result
from lti_platform.journal.models import Entry
from lti_platform.launches.errors import ForUserMissing
from lti_platform.launches.models import Launch
from lti_platform.launches.starting import start
from lti_platform.people.models import Person
from tests.factories import ada, lena, make_membership, make_person, mallory, pia
from tests.gradebook.test_reviewing import MESSAGES, make_result
from tests.lti_platform.launches.staging import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def result() -> Result:
    """What Lena handed in."""
    learner = lena()
    return make_result(make_course(learner, messages=MESSAGES), learner)


def ask(person: Person, pk: Any) -> int:
    browser = Client()
    browser.force_login(person)
    return browser.post(reverse("submission-review", args=[pk])).status_code


def of_the_course(result: Result, *roles: str, status: str = "active") -> Person:
    person = make_person("Otto", "Quill")
    make_membership(person, result.line_item.context, *roles, status=status)
    return person


def teacher_elsewhere(_result: Result) -> Person:
    person = mallory()
    make_membership(person, make_course(lena()).context, "Instructor")
    return person


@pytest.mark.parametrize(
    "viewer",
    [
        pytest.param(of_the_course, id="case-210 another learner"),
        pytest.param(lambda r: of_the_course(r, "Mentor"), id="case-210 a mentor of nobody"),
        pytest.param(
            lambda r: of_the_course(r, "Instructor", status="inactive"), id="case-210 a former teacher"
        ),
        pytest.param(teacher_elsewhere, id="case-210 a teacher of another course"),
        pytest.param(lambda _: pia(), id="case-210 a proctor"),
        pytest.param(lambda _: ada(), id="case-210 an admin without a place"),
    ],
)
def test_a_submission_the_viewer_may_not_see_is_not_opened(result: Result, viewer: Any) -> None:
    assert ask(viewer(result), result.pk) == 403
    assert not Launch.objects.exists()
    assert Entry.objects.filter(payload__rule="submission_not_visible").exists()


@pytest.mark.parametrize("case", ["case-210 line item without a submission"])
def test_without_a_submission_there_is_nothing_to_open(result: Result, case: str) -> None:
    teacher = of_the_course(result, "Instructor")
    assert ask(teacher, uuid.uuid4()) == 404
    LineItem.objects.update(submission_review=None)
    assert ask(teacher, result.pk) == 403
    assert not Launch.objects.exists()
    assert Entry.objects.filter(payload__rule="nothing_to_review").exists()


@pytest.mark.parametrize("case", ["case-210 for_user missing"])
def test_a_review_of_nobodys_work_is_not_started(result: Result, case: str) -> None:
    item = result.line_item
    with pytest.raises(ForUserMissing):
        start(
            person=result.person, session_key="s", now=datetime.now(UTC), deployment=item.deployment,
            message_type="LtiSubmissionReviewRequest", resource_link=item.resource_link,
        )  # fmt: skip
    assert not Launch.objects.exists()
