from datetime import datetime

import pytest
from django.urls import reverse

from lti_platform.courses import memberships
from lti_platform.courses.models import Context, Membership
from tests.browsing import signed_in
from tests.factories import ada, lena, make_context, make_organization, make_person

pytestmark = pytest.mark.django_db


def test_a_member_has_the_roles_of_this_course_only(now: datetime) -> None:
    person, here, there = lena(), make_context(), make_context(label="REF-2")
    memberships.enrol(person, here, roles=["Learner"], now=now)
    memberships.enrol(person, there, roles=["Instructor"], now=now)
    place = memberships.membership_of(person.pk, here.pk)
    assert place is not None
    assert place.roles == ["Learner"]


def test_a_suspended_member_has_no_place_and_comes_back_without_a_double(now: datetime) -> None:
    person, course = lena(), make_context()
    memberships.enrol(person, course, roles=["Learner"], now=now)
    memberships.suspend(person, course, now=now)
    assert not memberships.is_member(person, course)
    memberships.enrol(person, course, roles=["Learner"], now=now)
    assert memberships.is_member(person, course)
    assert Membership.objects.count() == 1


def test_ada_pastes_a_column_of_employee_ids() -> None:
    course, people = make_context(), [make_person() for _ in range(3)]
    form = {"people": "\n".join(person.employee_id for person in people), "role": "Learner"}
    signed_in(ada()).post(reverse("course-detail", args=[course.pk]), form)
    assert course.memberships.count() == 3


def test_one_unknown_name_enrols_nobody_and_is_named() -> None:
    course, person = make_context(), lena()
    form = {"people": f"{person.employee_id}, NOBODY-1", "role": "Learner"}
    response = signed_in(ada()).post(reverse("course-detail", args=[course.pk]), form)
    assert "NOBODY-1" in response.content.decode()
    assert not course.memberships.exists()


def test_a_course_is_made_for_an_organization_one_administers() -> None:
    ours, theirs = make_organization("Ours"), make_organization("Theirs")
    admin = signed_in(ada(ours))
    admin.post(reverse("course-new"), {"organization": str(theirs.pk), "label": "X", "title": "X"})
    assert not Context.objects.exists()
    admin.post(reverse("course-new"), {"organization": str(ours.pk), "label": "X", "title": "X"})
    assert Context.objects.get().organization == ours
