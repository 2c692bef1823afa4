"""Course Groups Service 1.0, as its clients read it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lti_platform.courses import grouping
from lti_platform.launches.models import Launch
from lti_platform.people.models import Person
from lti_platform.roster.claims import GROUPS_CLAIM, course_groups, service_variables
from lti_platform.tools.scopes import CONTEXT_GROUP_READONLY, SCORE
from tests.calling import CallingTool, make_tool, next_url
from tests.conformance.clauses import clause
from tests.factories import lena, make_membership

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def launch_of(tool: CallingTool, person: Person) -> Launch:
    """A launch of the tool's link; never saved."""
    return Launch(
        person=person,
        registration=tool.deployment.registration,
        deployment=tool.deployment,
        context=tool.context,
        resource_link=tool.link,
    )


def claim_of(tool: CallingTool) -> dict[str, Any]:
    return dict(course_groups(launch_of(tool, lena()), now=NOW)[GROUPS_CLAIM])


@clause("Groups: the claim")
def test_the_claim(tool: CallingTool, clause: str) -> None:
    claim = claim_of(tool)
    assert (claim["scope"], claim["service_versions"]) == ([CONTEXT_GROUP_READONLY], ["1.0"])
    assert tool.get(claim["context_groups_url"]).json()["groups"] == []
    assert tool.get(claim["context_group_sets_url"]).json()["sets"] == []


@clause("Groups: no claim without the scope")
def test_no_claim(clause: str) -> None:
    launch = launch_of(make_tool(scopes=[SCORE]), lena())
    assert course_groups(launch, now=NOW) == {}
    assert service_variables(launch) == {}


@clause("Groups: variables name the addresses")
def test_variables(tool: CallingTool, clause: str) -> None:
    known = service_variables(launch_of(tool, lena()))
    assert known["ToolProxyBinding.groups.url"] == claim_of(tool)["context_groups_url"]
    assert known["ToolProxyBinding.groupsets.url"] == claim_of(tool)["context_group_sets_url"]


@clause("Groups: sets and groups belong together")
def test_sets_and_groups(tool: CallingTool, clause: str) -> None:
    shifts = grouping.named_set(tool.context, name="Shifts")
    group = grouping.make_group(tool.context, name="Night", group_set=shifts, now=NOW)
    claim = claim_of(tool)
    (told,) = tool.get(claim["context_groups_url"]).json()["groups"]
    (told_set,) = tool.get(claim["context_group_sets_url"]).json()["sets"]
    assert (told["id"], told["name"], told["set_id"]) == (str(group.pk), "Night", told_set["id"])


@clause("Groups: user_id and limit")
def test_filters(tool: CallingTool, clause: str) -> None:
    member = make_membership(lena(), tool.context)
    for name in ("Day", "Night"):
        group = grouping.make_group(tool.context, name=name, group_set=None, now=NOW)
        grouping.set_members(group, [member], now=NOW)
    url = f"{claim_of(tool)['context_groups_url']}?user_id={member.person_id}&limit=1"
    first = tool.get(url)
    assert len(first.json()["groups"]) == 1
    assert len(tool.get(next_url(first)).json()["groups"]) == 1


@clause("Groups: the scope is needed")
def test_the_scope(tool: CallingTool, clause: str) -> None:
    url = claim_of(tool)["context_groups_url"]
    tool.scopes = [SCORE]
    assert tool.get(url).status_code == 403
