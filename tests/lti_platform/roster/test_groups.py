"""Groups of a course, as tools read them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from lti_platform.courses import grouping
from lti_platform.courses.models import Group, GroupSet, Membership
from lti_platform.tools import scopes
from tests.calling import CallingTool, make_tool, next_url
from tests.counting import counted, enrol_many
from tests.factories import lena, make_context, make_membership

pytestmark = pytest.mark.django_db
GROUPS = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
SETS = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def shifts(tool: CallingTool) -> GroupSet:
    return grouping.named_set(tool.context, name="Shifts")


def make_group(
    tool: CallingTool, name: str, *members: Membership, group_set: GroupSet | None = None
) -> Group:
    group = grouping.make_group(tool.context, name=name, group_set=group_set, now=NOW)
    grouping.set_members(group, members, now=NOW)
    return group


def address(tool: CallingTool, name: str = "groups") -> str:
    names = {"groups": "course-groups-service", "sets": "course-group-sets-service"}
    return reverse(names[name], kwargs={"context_id": tool.context.pk})


def listed(tool: CallingTool, query: str = "") -> list[dict[str, Any]]:
    response = tool.get(address(tool) + query, Accept=GROUPS)
    assert (response.status_code, response["Content-Type"]) == (200, GROUPS)
    return list(response.json()["groups"])


def test_a_group_is_told_with_its_set(tool: CallingTool, shifts: GroupSet) -> None:
    night, alone = make_group(tool, "Night", group_set=shifts), make_group(tool, "Alone")
    body = tool.get(address(tool)).json()
    assert body["id"] == f"{settings.PLATFORM_URL}{address(tool)}"
    assert body["context"]["id"] == str(tool.context.pk)
    told = {group["name"]: group for group in body["groups"]}
    assert told["Night"] == {
        "id": str(night.pk),
        "name": "Night",
        "set_id": str(shifts.pk),
        "set_ids": [str(shifts.pk)],
    }
    assert told["Alone"] == {"id": str(alone.pk), "name": "Alone"}


@pytest.mark.parametrize("accept", [SETS, GROUPS, "application/json"])
def test_sets_are_told_to_clients_that_ask_for_groups_too(
    tool: CallingTool, shifts: GroupSet, accept: str
) -> None:
    response = tool.get(address(tool, "sets"), Accept=accept)
    assert response["Content-Type"] == SETS
    assert response.json()["sets"] == [{"id": str(shifts.pk), "name": "Shifts"}]


def test_a_members_own_groups_can_be_asked_for(tool: CallingTool) -> None:
    member = make_membership(lena(), tool.context)
    mine = make_group(tool, "Mine", member)
    make_group(tool, "Theirs", make_membership(lena(), tool.context))
    assert [group["id"] for group in listed(tool, f"?user_id={member.person_id}")] == [str(mine.pk)]
    assert listed(tool, "?user_id=nobody") == []


def test_groups_of_another_course_are_not_told(tool: CallingTool) -> None:
    elsewhere = make_tool(make_context(label="B"))
    make_group(elsewhere, "Elsewhere")
    assert listed(tool) == []
    assert tool.get(address(elsewhere)).status_code == 404


def test_groups_need_their_scope_and_are_only_read(tool: CallingTool) -> None:
    assert tool.call("POST", address(tool), {}).status_code == 405
    tool.scopes = [scopes.MEMBERSHIP_READONLY]
    assert tool.get(address(tool)).status_code == 403


def test_pages_of_groups_are_walked_to_the_end(tool: CallingTool) -> None:
    made = {str(make_group(tool, f"Group {number}").pk) for number in range(5)}
    seen, url = [], f"{address(tool)}?limit=2"
    while url:
        response = tool.get(url)
        seen += [group["id"] for group in response.json()["groups"]]
        url = next_url(response).lower()
    assert (len(seen), set(seen)) == (5, made)


def test_members_say_their_groups_to_tools_with_that_scope(tool: CallingTool) -> None:
    member = make_membership(lena(), tool.context)
    group = make_group(tool, "Night", member)
    roster = reverse("nrps-memberships", kwargs={"context_id": tool.context.pk})
    assert tool.get(roster).json()["members"][0]["group_enrollments"] == [{"group_id": str(group.pk)}]
    without = make_tool(tool.context, scopes=[scopes.MEMBERSHIP_READONLY])
    assert "group_enrollments" not in without.get(roster).json()["members"][0]


def test_groups_cost_the_same_with_many(tool: CallingTool) -> None:
    listed(tool)
    costs = []
    for count in (10, 10_000):
        enrol_many(tool.context, count)
        members = list(Membership.objects.filter(context=tool.context))
        make_group(tool, f"All {count}", *members)
        with counted() as queries:
            listed(tool)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 4
