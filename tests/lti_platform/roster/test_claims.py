"""What a launch tells a tool about the course's people."""

from datetime import datetime

import pytest
from django.conf import settings

from lti_platform.roster.claims import CLAIM, GROUPS_CLAIM, course_groups, names_and_roles, service_variables
from lti_platform.tools.scopes import CONTEXT_GROUP_READONLY, MEMBERSHIP_READONLY, SCORE
from tests.calling import make_tool
from tests.factories import make_context
from tests.launching import make_launch

pytestmark = pytest.mark.django_db


def test_a_tool_with_the_scope_is_told_where_the_members_are(now: datetime) -> None:
    tool = make_tool(scopes=[MEMBERSHIP_READONLY])
    address = f"{settings.PLATFORM_URL}/lti/contexts/{tool.context.pk}/memberships"
    claim = names_and_roles(make_launch(tool, now=now), now=now)[CLAIM]
    assert claim == {"context_memberships_url": address, "service_versions": ["2.0"]}
    assert tool.get(address).status_code == 200


def test_a_tool_without_it_is_not(now: datetime) -> None:
    tool = make_tool(scopes=[SCORE])
    assert names_and_roles(make_launch(tool, now=now), now=now) == {}


def test_a_message_about_no_link_tells_so_too_where_the_tool_has_one(now: datetime) -> None:
    tool = make_tool(scopes=[MEMBERSHIP_READONLY, CONTEXT_GROUP_READONLY])
    launch = make_launch(tool, now=now, resource_link=None, message_type="LtiDeepLinkingRequest")
    address = names_and_roles(launch, now=now)[CLAIM]["context_memberships_url"]
    assert tool.get(address).status_code == 200
    assert GROUPS_CLAIM in course_groups(launch, now=now)
    told = service_variables(launch)
    assert (told["ToolProxyBinding.memberships.url"], told["LtiLink.memberships.url"]) == (address, "")


def test_where_it_has_none_the_course_is_closed_to_it(now: datetime) -> None:
    tool = make_tool(scopes=[MEMBERSHIP_READONLY, CONTEXT_GROUP_READONLY])
    elsewhere = make_launch(tool, now=now, resource_link=None, context=make_context())
    assert names_and_roles(elsewhere, now=now) == course_groups(elsewhere, now=now) == {}
    nowhere = make_launch(tool, now=now, resource_link=None, context=None)
    assert names_and_roles(nowhere, now=now) == {}
