"""A link that Ada places is where Lena looks for it: on her home and on the course's page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.courses.models import Membership, ResourceLink
from lti_platform.people.models import Person
from tests.factories import lena, make_context, make_exam, make_membership
from tests.lti_platform.launches.staging import browser_of, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return lena()


@pytest.fixture
def browser(person: Person) -> Client:
    return browser_of(person)


def course_page(browser: Client, link: ResourceLink) -> Any:
    return browser.get(reverse("course-page", args=[link.context_id]))


def test_the_course_is_on_the_home_and_opens_its_link(person: Person, browser: Client) -> None:
    link = make_course(person)
    ResourceLink.objects.update(title="Lab manual", description="Bring gloves")
    assert reverse("course-page", args=[link.context_id]) in browser.get("/learn/").content.decode()
    page = course_page(browser, link).content.decode()
    assert "1 thing to open or read." in page
    assert [
        word
        for word in ("Lab manual", "Bring gloves", reverse("link-page", args=[link.pk]))
        if word not in page
    ] == []


def test_a_link_says_when_it_opens(person: Person, browser: Client) -> None:
    link = make_course(person)
    ResourceLink.objects.update(available_from=datetime.now(UTC) + timedelta(days=2))
    page = course_page(browser, link).content.decode()
    assert reverse("link-page", args=[link.pk]) not in page
    assert "Opens" in page


def test_an_exams_links_are_opened_from_the_exam_alone(person: Person, browser: Client) -> None:
    exam = make_exam()
    make_membership(person, exam.context)
    page = course_page(browser, exam.assessment_link).content.decode()
    assert reverse("link-page", args=[exam.assessment_link_id]) not in page
    assert reverse("course-page", args=[exam.context_id]) not in browser.get("/learn/").content.decode()


def test_a_removed_link_is_gone(person: Person, browser: Client) -> None:
    link = make_course(person)
    ResourceLink.objects.update(removed_at=datetime.now(UTC))
    assert reverse("link-page", args=[link.pk]) not in course_page(browser, link).content.decode()
    assert reverse("course-page", args=[link.context_id]) not in browser.get("/learn/").content.decode()


def test_a_course_without_content_says_where_the_exams_are(person: Person, browser: Client) -> None:
    exam = make_exam()
    make_membership(person, exam.context)
    page = course_page(browser, exam.assessment_link).content.decode()
    assert "Nothing to open or read yet." in page
    assert "Nothing is placed in this course yet." in page
    assert "Your exams are on your start page." in page


def test_a_course_without_content_still_leads_to_ones_results(person: Person, browser: Client) -> None:
    course = make_context()
    make_membership(person, course)
    results = reverse("own-results", args=[course.pk])
    assert results in browser.get(reverse("course-page", args=[course.pk])).content.decode()
    assert reverse("course-page", args=[course.pk]) in browser.get(results).content.decode()


@pytest.mark.parametrize("status", ["inactive", "removed"])
def test_who_has_no_active_place_any_more_does_not_find_the_course(
    person: Person, browser: Client, status: str
) -> None:
    link = make_course(person)
    assert course_page(browser, link).status_code == 200
    Membership.objects.update(status=status)
    assert course_page(browser, link).status_code == 404


def test_a_tool_that_takes_no_such_launch_is_not_offered(person: Person, browser: Client) -> None:
    link = make_course(person, messages=[{"type": "LtiStartProctoring"}])
    assert reverse("link-page", args=[link.pk]) not in course_page(browser, link).content.decode()


def test_who_is_not_in_the_course_does_not_find_it(browser: Client) -> None:
    assert course_page(browser, make_course(lena())).status_code == 404


def test_who_is_not_in_a_course_without_content_does_not_find_it_either(browser: Client) -> None:
    assert browser.get(reverse("course-page", args=[make_context().pk])).status_code == 404
