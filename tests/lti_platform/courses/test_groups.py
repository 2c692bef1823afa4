"""Groups are made on a course's page, and members put in."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.courses import grouping, memberships
from lti_platform.courses.errors import NameTaken
from lti_platform.courses.models import Context, Group, GroupSet, Membership
from tests.factories import ada, lena, make_context, make_membership, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Context:
    return make_context()


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(ada())
    return client


def test_ada_makes_a_group_in_a_set_and_says_who_is_in_it(course: Context, admin: Client) -> None:
    member = make_membership(lena(), course)
    admin.post(reverse("group-list", args=[course.pk]), {"name": "Night", "set_name": "Shifts"})
    group = Group.objects.get()
    assert (group.name, str(group.group_set)) == ("Night", "Shifts")
    address = reverse("group-detail", args=[course.pk, group.pk])
    admin.post(address, {"members": member.person.employee_id})
    assert list(group.members.all()) == [member]
    assert member.person.employee_id in admin.get(address).content.decode()
    admin.post(address, {"members": ""})
    assert not group.members.exists()


def test_who_is_not_in_the_course_is_named_and_nothing_changes(
    course: Context, admin: Client, now: datetime
) -> None:
    group = grouping.make_group(course, name="Night", group_set=None, now=now)
    stranger = lena()
    page = admin.post(reverse("group-detail", args=[course.pk, group.pk]), {"members": stranger.employee_id})
    assert stranger.employee_id in page.content.decode()
    assert not group.members.exists()


def test_a_name_is_taken_once_in_a_course(course: Context, admin: Client, now: datetime) -> None:
    grouping.make_group(course, name="Night", group_set=None, now=now)
    with pytest.raises(NameTaken):
        grouping.make_group(course, name="Night", group_set=None, now=now)
    page = admin.post(reverse("group-list", args=[course.pk]), {"name": "Night"})
    assert "This course has a group of that name." in page.content.decode()
    assert Group.objects.count() == 1


def test_the_last_group_takes_its_set_along(course: Context, admin: Client, now: datetime) -> None:
    shifts = grouping.named_set(course, name="Shifts")
    group = grouping.make_group(course, name="Night", group_set=shifts, now=now)
    grouping.set_members(group, [make_membership(lena(), course)], now=now)
    admin.post(reverse("group-remove", args=[course.pk, group.pk]))
    assert not Group.objects.exists()
    assert not GroupSet.objects.exists()
    assert Membership.objects.count() == 1


def test_members_of_another_course_stay_out(course: Context, now: datetime) -> None:
    group = grouping.make_group(course, name="Night", group_set=None, now=now)
    grouping.set_members(group, [make_membership(lena(), make_context(label="B"))], now=now)
    assert not group.members.exists()


def test_an_admin_of_another_company_finds_no_groups(course: Context, now: datetime) -> None:
    group = grouping.make_group(course, name="Night", group_set=None, now=now)
    client = Client()
    client.force_login(ada(make_organization("Other Company", kind="contractor")))
    assert client.get(reverse("group-list", args=[course.pk])).status_code == 404
    assert client.post(reverse("group-remove", args=[course.pk, group.pk])).status_code == 404
    assert Group.objects.exists()


def test_who_is_removed_leaves_the_course_and_its_groups(
    course: Context, admin: Client, now: datetime
) -> None:
    member = make_membership(lena(), course)
    group = grouping.make_group(course, name="Night", group_set=None, now=now)
    grouping.set_members(group, [member], now=now)
    admin.post(reverse("member-remove", args=[course.pk, member.person_id]))
    assert not memberships.is_member(member.person, course)
    assert not group.members.exists()
    assert (
        member.person.employee_id
        not in admin.get(reverse("course-detail", args=[course.pk])).content.decode()
    )
    memberships.enrol(member.person, course, roles=["Learner"], now=now)
    assert Membership.objects.get().status == "active"
