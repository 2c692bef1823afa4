"""What a launch tells a tool about the course's people."""

from datetime import datetime

import pytest
from django.conf import settings

from lti_platform.roster.claims import CLAIM, names_and_roles
from lti_platform.tools.scopes import MEMBERSHIP_READONLY, SCORE
from tests.calling import make_tool
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
