"""What a link's launch would say of each member, told with the roster."""

from typing import Any

import pytest
from django.urls import reverse

from lti_platform.courses.vocabulary import LEARNER
from tests.calling import CallingTool, make_tool
from tests.factories import lena, make_membership

pytestmark = pytest.mark.django_db
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
DECLARED = {
    "who": "$User.id",
    "mail": "$Person.email.primary",
    "as": "$Membership.role",
    "what": "$Person.shoeSize",
    "course": "$Context.title",
    "level": "2",
}


def messages(tool: CallingTool) -> list[dict[str, Any]]:
    url = reverse("nrps-memberships", kwargs={"context_id": tool.context.pk})
    members = tool.get(f"{url}?rlid={tool.link.pk}").json()["members"]
    return [member["message"][0] for member in members]


def test_parameters_that_depend_on_the_member_are_told_and_no_others() -> None:
    tool = make_tool(custom_parameters=DECLARED)
    people = [lena(), lena()]
    for person in people:
        make_membership(person, tool.context)
    assert [message[CUSTOM] for message in messages(tool)] == [
        {"who": str(person.pk), "mail": person.email, "as": LEARNER, "what": "$Person.shoeSize"}
        for person in people
    ]


def test_the_links_parameters_win_over_the_tools() -> None:
    tool = make_tool(custom_parameters={"who": "$Person.name.full"})
    tool.link.custom_parameters = {"who": "$Person.name.given"}
    tool.link.save()
    make_membership(lena(), tool.context)
    assert messages(tool)[0][CUSTOM] == {"who": "Lena"}


def test_an_anonymous_tool_gets_no_name_by_a_variable() -> None:
    tool = make_tool(privacy="anonymous", custom_parameters=DECLARED)
    person = lena()
    make_membership(person, tool.context)
    assert messages(tool)[0][CUSTOM]["mail"] == "$Person.email.primary"
    assert str(person.email) not in str(messages(tool))


def test_without_such_parameters_only_the_message_is_named() -> None:
    tool = make_tool(custom_parameters={"level": "2"})
    make_membership(lena(), tool.context)
    assert CUSTOM not in messages(tool)[0]
