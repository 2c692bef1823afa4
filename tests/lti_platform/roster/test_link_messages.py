"""What a link's launch would say of each member, told with the roster."""

from typing import Any

import pytest
from django.urls import reverse

from lti_platform.courses.models import Mentorship
from lti_platform.courses.vocabulary import LEARNER
from lti_platform.journal import clock
from lti_platform.launches.roles import role_uris
from lti_platform.launches.substitution import custom_parameters
from lti_platform.launches.variables import VENDOR, supported
from lti_platform.launches.vocabulary import CLAIM
from lti_platform.people.models import Person
from tests.calling import CallingTool, make_tool
from tests.counting import counted
from tests.factories import lena, make_membership, make_organization, make_person, make_site
from tests.launching import make_launch

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


def test_each_member_is_told_what_their_own_launch_would_say() -> None:
    names = [name for name in supported() if name.startswith(("User.", "Person.", "Membership.", VENDOR))]
    tool = make_tool(custom_parameters={name: f"${name}" for name in names})
    learner, mentor = lena(site=make_site(make_organization())), make_person("Marta", "Vidal")
    make_membership(learner, tool.context)
    make_membership(mentor, tool.context, "Mentor#Advisor")
    Mentorship.objects.create(context=tool.context, mentor=mentor, learner=learner)
    told = [message[CUSTOM] for message in messages(tool)]
    assert told == [launched(tool, person) for person in (learner, mentor)]
    assert [one["User.scope.mentor"] for one in told] == ["", str(learner.pk)]
    assert [one.get(f"{CLAIM}role_scope_mentor") for one in messages(tool)] == [None, [str(learner.pk)]]
    assert not [value for one in told for value in one.values() if value.startswith("$")]


def launched(tool: CallingTool, person: Person) -> dict[str, str]:
    """The custom parameters of the person's own launch of the link."""
    launch = make_launch(tool, now=clock.now(), person=person)
    return custom_parameters(launch, roles=role_uris(launch.person.memberships.get().roles))


def test_a_suspended_member_is_told_to_be_inactive() -> None:
    tool = make_tool(custom_parameters={"place": "$Membership.status"})
    make_membership(lena(), tool.context, status="inactive")
    assert messages(tool)[0][CUSTOM] == {"place": "Inactive"}


def test_what_members_are_told_costs_the_same_for_many() -> None:
    wanted = ("User.scope.mentor", "Person.address.timezone", "Membership.status")
    tool = make_tool(custom_parameters={name: f"${name}" for name in wanted})
    organization = make_organization()
    counts = []
    for people in (1, 5):
        for _ in range(people):
            make_membership(lena(site=make_site(organization)), tool.context)
        messages(tool)
        with counted() as queries:
            messages(tool)
        counts.append(len(queries))
    assert counts[0] == counts[1]
