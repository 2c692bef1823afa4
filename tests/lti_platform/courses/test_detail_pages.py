"""Ada edits a course, copies it, gives roles and mentors, places links, and deploys a tool for it alone."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from lti_platform.courses.memberships import mentored_by
from lti_platform.courses.models import Context, CourseDeployment, ResourceLink
from tests.browsing import signed_in
from tests.factories import (
    ada,
    lena,
    make_context,
    make_deployment,
    make_link,
    make_membership,
    make_organization,
    make_registration,
    mallory,
)

pytestmark = pytest.mark.django_db


def test_ada_says_what_the_course_is() -> None:
    course = make_context()
    fields = {"label": "REF-1", "title": "Refrigerants", "type": "CourseSection", "sourced_id": "SIS-7"}
    answer = signed_in(ada()).post(reverse("course-edit", args=[course.pk]), fields)
    course.refresh_from_db()
    assert answer.status_code == 302
    assert (course.type, course.sourced_id, course.title) == ("CourseSection", "SIS-7", "Refrigerants")


def test_a_course_does_not_end_before_it_begins() -> None:
    course = make_context()
    fields = {"label": "R", "title": "R", "type": "Group", "starts_on": "2027-03-02", "ends_on": "2027-03-01"}
    page = signed_in(ada()).post(reverse("course-edit", args=[course.pk]), fields)
    assert b"before the first" in page.content


def test_the_copy_page_says_what_goes_along_and_what_stays() -> None:
    course = make_context()
    make_link(course, title="Final questions")
    browser, url = signed_in(ada()), reverse("course-copy", args=[course.pk])
    page = browser.get(url).content.decode()
    assert "Final questions" in page
    assert "as drafts" in page
    browser.post(url, {"label": "REF-2", "title": "Autumn"})
    assert Context.objects.get(label="REF-2").copied_from == course


def test_ada_makes_a_member_grader_and_mentor() -> None:
    course, learner = make_context(), lena()
    make_membership(learner, course)
    member = make_membership(lena(), course)
    fields = {"roles": ["Instructor#Grader", "Mentor"], "learners": learner.employee_id}
    signed_in(ada()).post(reverse("member-edit", args=[course.pk, member.person_id]), fields)
    member.refresh_from_db()
    assert member.roles == ["Instructor#Grader", "Mentor"]
    assert mentored_by(member.person_id, course.pk) == [str(learner.pk)]


def test_nobody_mentors_a_stranger_to_the_course() -> None:
    course, member = make_context(), lena()
    make_membership(member, course)
    fields = {"roles": ["Mentor"], "learners": lena().employee_id}
    page = signed_in(ada()).post(reverse("member-edit", args=[course.pk, member.pk]), fields)
    assert b"Not in this course" in page.content
    assert mentored_by(member.pk, course.pk) == []


def test_ada_says_when_a_link_is_open() -> None:
    link = make_link()
    fields = {
        "title": "Exam",
        "document_target": "iframe",
        "available_from": "2027-03-01T08:00",
        "height": "600",
    }
    signed_in(ada()).post(reverse("link-edit", args=[link.context_id, link.pk]), fields)
    link.refresh_from_db()
    assert (link.document_target, link.height) == ("iframe", 600)
    assert link.available_from is not None
    assert link.available_from > datetime(2027, 2, 28, tzinfo=UTC)


def test_a_link_is_made_only_from_deployments_that_serve_the_course() -> None:
    course, elsewhere = make_context(), make_organization("Elsewhere")
    ours, theirs = make_deployment(), make_deployment(make_registration("Theirs"), organization=elsewhere)
    browser, url = signed_in(ada()), reverse("link-new", args=[course.pk])
    for deployment in (ours, theirs):
        browser.post(url, {"title": "L", "document_target": "window", "deployment": deployment.pk})
    assert [link.deployment for link in ResourceLink.objects.filter(context=course)] == [ours]


def test_ada_deploys_a_tool_for_one_course_alone() -> None:
    course, registration = make_context(), make_registration()
    url = reverse("course-tool-new", args=[course.pk])
    signed_in(ada()).post(url, {"registration": registration.pk})
    own = CourseDeployment.objects.get(context=course)
    assert own.deployment.registration == registration
    assert b"this course alone" in signed_in(ada()).get(reverse("link-new", args=[course.pk])).content


@pytest.mark.parametrize("name", ["course-edit", "course-copy", "course-tool-new", "link-new"])
def test_mallory_finds_no_course_of_another_company(name: str) -> None:
    course = make_context()
    assert signed_in(mallory("lms_admin")).get(reverse(name, args=[course.pk])).status_code == 404
    assert signed_in(ada()).get(reverse(name, args=[course.pk])).status_code == 200
