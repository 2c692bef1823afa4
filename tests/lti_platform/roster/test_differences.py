"""What changed in a course since a tool last looked, told from the log of changes."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from lti_platform.courses import changes, grouping, memberships
from lti_platform.courses.models import MembershipChange
from lti_platform.journal import clock, working
from lti_platform.people import enrolling
from lti_platform.people.models import Person
from lti_platform.roster import asking
from tests.calling import CallingTool, make_tool, next_url
from tests.counting import counted, enrol_many
from tests.factories import lena, make_context, make_membership, pia

pytestmark = pytest.mark.django_db


def now() -> datetime:
    return datetime.now(UTC)


def roster(tool: CallingTool, query: str = "") -> str:
    return reverse("nrps-memberships", kwargs={"context_id": tool.context.pk}) + query


def look(tool: CallingTool, url: str) -> tuple[list[dict[str, Any]], str]:
    """Every page's members, and the address of the differences that the last page gives."""
    seen: list[dict[str, Any]] = []
    while url:
        response = tool.get(url)
        assert response.status_code == 200, response.content
        seen += response.json()["members"]
        found = re.search(r'<([^>]+)>; rel="differences"', response["Link"])
        url = next_url(response)
    assert found
    return seen, found[1]


def ids(members: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["user_id"], each["status"]) for each in members]


def enrolled(tool: CallingTool, *roles: str) -> Person:
    person = lena()
    memberships.enrol(person, tool.context, roles=list(roles or ["Learner"]), now=now())
    return person


def test_nothing_changed_is_nobody(tool: CallingTool) -> None:
    enrolled(tool)
    _all, address = look(tool, roster(tool))
    assert look(tool, address)[0] == []


def test_who_joined_changed_or_left_is_told_and_nobody_else(tool: CallingTool) -> None:
    stays, leaves, rests = enrolled(tool), enrolled(tool), enrolled(tool)
    _all, address = look(tool, roster(tool))
    memberships.remove(leaves, tool.context, now=now())
    memberships.suspend(rests, tool.context, now=now())
    comes = enrolled(tool)
    told, again = look(tool, address)
    expected = {(leaves.pk, "Deleted"), (rests.pk, "Inactive"), (comes.pk, "Active")}
    assert set(ids(told)) == {(str(pk), status) for pk, status in expected}
    assert str(stays.pk) not in str(told)
    assert look(tool, again)[0] == []


def test_who_was_removed_is_an_id_and_nothing_more(tool: CallingTool) -> None:
    person = enrolled(tool)
    _all, address = look(tool, roster(tool))
    memberships.remove(person, tool.context, now=now())
    assert look(tool, roster(tool))[0] == []
    ((gone,), _again) = look(tool, address)
    assert gone.keys() == {"user_id", "status", "roles"}
    assert person.family_name not in str(gone)


def test_a_new_name_is_a_difference_in_every_course_of_the_person(tool: CallingTool) -> None:
    person, elsewhere = enrolled(tool), make_context(label="B")
    make_membership(person, elsewhere)
    _all, address = look(tool, roster(tool))
    person.family_name = "Ruiz-Vega"
    enrolling.change(person, changed=["family_name"], now=now())
    working.run_due(now=clock.now() + timedelta(seconds=1))
    ((changed,), _again) = look(tool, address)
    assert changed["family_name"] == "Ruiz-Vega"
    assert changes.position(elsewhere.pk) > 0


def test_what_no_tool_is_told_of_a_person_is_no_difference(tool: CallingTool) -> None:
    person = enrolled(tool)
    _all, address = look(tool, roster(tool))
    person.job_role = "Welder"
    enrolling.change(person, changed=["job_role"], now=now())
    working.run_due(now=clock.now() + timedelta(seconds=1))
    assert look(tool, address)[0] == []


def test_a_place_in_a_group_is_a_difference(tool: CallingTool) -> None:
    membership = make_membership(lena(), tool.context)
    group = grouping.make_group(tool.context, name="Shift A", group_set=None, now=now())
    _all, address = look(tool, roster(tool))
    grouping.set_members(group, [membership], now=now())
    ((changed,), _again) = look(tool, address)
    assert changed["group_enrollments"] == [{"group_id": str(group.pk)}]


def test_a_role_narrows_differences_and_who_lost_it_left_the_list(tool: CallingTool) -> None:
    person = enrolled(tool)
    _all, address = look(tool, roster(tool, "?role=Learner"))
    memberships.enrol(person, tool.context, roles=["Instructor"], now=now())
    assert ids(look(tool, address)[0]) == [(str(person.pk), "Deleted")]


def test_a_change_while_pages_are_read_is_told_next_time(tool: CallingTool) -> None:
    first, *_others = [enrolled(tool) for _each in range(3)]
    second_page = next_url(tool.get(roster(tool, "?limit=2")))
    memberships.suspend(first, tool.context, now=now())
    _rest, address = look(tool, second_page)
    assert ids(look(tool, address)[0]) == [(str(first.pk), "Inactive")]


def test_differences_come_in_pages_and_survive_lower_case(tool: CallingTool) -> None:
    _all, address = look(tool, roster(tool, "?role=Learner"))
    people = [enrolled(tool) for _each in range(5)]
    seen, url = [], f"{address.lower()}&limit=2"
    while url:
        response = tool.get(url)
        seen += [each["user_id"] for each in response.json()["members"]]
        url = next_url(response).lower()
    assert seen == [str(person.pk) for person in people]


def test_an_address_of_a_month_ago_has_expired(tool: CallingTool) -> None:
    query = asking.RosterQuery(role="", rlid="", since=None, until=0)
    header = asking.differences_header(
        roster(tool), query, context_id=tool.context.pk, now=now() - timedelta(days=31)
    )
    expired = tool.get(header.partition("<")[2].partition(">")[0])
    assert (expired.status_code, expired.json()["code"]) == (410, "differences_expired")


def test_an_address_is_good_in_its_own_course_and_unaltered(tool: CallingTool) -> None:
    _all, address = look(tool, roster(tool))
    token = urlsplit(address).query
    elsewhere = make_tool()
    assert elsewhere.get(roster(elsewhere, f"?{token}")).status_code == 400
    assert tool.get(roster(tool, "?differences=1")).status_code == 400
    assert tool.get(roster(tool, f"?{token}a")).status_code == 400


def test_the_log_forgets_what_nobody_may_ask_any_more(tool: CallingTool) -> None:
    person = enrolled(tool)
    changes.note(tool.context.pk, person_ids=[person.pk], now=now() - timedelta(days=40))
    assert changes.forget_old(now=now()) == 1
    assert MembershipChange.objects.count() == 1


def test_differences_cost_the_same_in_a_large_course(tool: CallingTool) -> None:
    make_membership(pia(), tool.context, "Instructor")
    _all, address = look(tool, roster(tool))
    costs = []
    for people in (10, 10_000):
        enrol_many(tool.context, people)
        enrolled(tool)
        tool.get(address)
        with counted() as queries:
            told = tool.get(address).json()["members"]
        costs.append((len(queries), len(told)))
    assert [told for _queries, told in costs] == [1, 2]
    assert costs[0][0] == costs[1][0] <= 5
