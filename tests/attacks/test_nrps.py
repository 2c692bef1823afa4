"""Attacks and edge cases on the roster."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from lti_platform.courses import memberships
from lti_platform.courses.models import Membership
from lti_platform.courses.vocabulary import INSTRUCTOR, LEARNER
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from lti_platform.roster import asking
from lti_platform.tools.scopes import SCORE
from tests.attacks.grading import numbered
from tests.calling import CallingTool, make_tool, next_url
from tests.factories import lena, make_context, make_link, make_membership, pia

pytestmark = pytest.mark.django_db
CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


@pytest.fixture
def teacher(tool: CallingTool) -> Person:
    person = pia()
    make_membership(person, tool.context, "Instructor", "Mentor")
    return person


def roster_url(tool: CallingTool, query: str = "") -> str:
    return reverse("nrps-memberships", kwargs={"context_id": tool.context.pk}) + query


def members(tool: CallingTool, query: str = "") -> list[dict[str, Any]]:
    response = tool.get(roster_url(tool, query), Accept=CONTAINER)
    assert (response.status_code, response["Content-Type"]) == (200, CONTAINER)
    return list(response.json()["members"])


def differences_url(tool: CallingTool) -> str:
    """Where to ask what has changed since now."""
    return str(tool.get(roster_url(tool))["Link"]).partition("<")[2].partition(">")[0]


def pages(tool: CallingTool, url: str) -> Iterator[list[dict[str, Any]]]:
    """Page after page, by next links lower-cased as pylti1p3 does."""
    while url:
        response = tool.get(url)
        assert response.status_code == 200
        yield response.json()["members"]
        url = next_url(response).lower()


@numbered("case-129")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_roster_is_only_read(tool: CallingTool, learner: Person, method: str) -> None:
    response = tool.call(method, roster_url(tool), {})
    assert (response.status_code, response["Allow"]) == (405, "GET")


@numbered("case-130")
def test_a_link_of_another_tool_or_course_is_denied(tool: CallingTool, learner: Person) -> None:
    removed = make_link(tool.context, tool.deployment, removed_at=datetime.now(UTC))
    links = [
        str(make_tool(tool.context).link.pk),
        str(make_link(make_context(label="B"), tool.deployment).pk),
        str(removed.pk),
        "3f0c1c9e-0000-4000-8000-000000000001",
        "no-id-of-ours",
    ]
    for rlid in links:
        denied = tool.get(roster_url(tool, f"?rlid={rlid}"))
        assert (denied.status_code, "members" in denied.json()) == (404, False)
    assert Entry.objects.filter(fact_type="security.refused").count() == len(links)


@numbered("case-130 its own")
def test_its_own_link_tells_the_message_of_each_member(tool: CallingTool, learner: Person) -> None:
    (member,) = members(tool, f"?rlid={tool.link.pk}")
    (message,) = member["message"]
    assert message["https://purl.imsglobal.org/spec/lti/claim/message_type"] == "LtiResourceLinkRequest"


@numbered("case-130 another course")
def test_a_tool_sees_no_course_without_a_link_of_its_own(tool: CallingTool, learner: Person) -> None:
    stranger = make_tool()
    assert stranger.get(roster_url(tool)).status_code == 404
    make_link(tool.context, stranger.deployment)
    assert stranger.get(roster_url(tool)).status_code == 200


@numbered("case-130 without the scope")
def test_the_roster_needs_its_scope(tool: CallingTool, learner: Person) -> None:
    tool.scopes = [SCORE]
    assert tool.get(roster_url(tool)).status_code == 403


@pytest.mark.parametrize(
    "role",
    [
        pytest.param("Wizard", id="case-131 short name"),
        pytest.param("http://purl.imsglobal.org/vocab/lis/v2/membership%23Wizard", id="case-131 full URI"),
        pytest.param("%25", id="case-131 a wildcard"),
        pytest.param("%22,%20%22", id="case-131 a fragment of our own storage"),
    ],
)
def test_nobody_has_an_unknown_role(tool: CallingTool, learner: Person, teacher: Person, role: str) -> None:
    assert members(tool, f"?role={role}") == []


@pytest.mark.parametrize(
    "role",
    [
        pytest.param("Learner", id="case-132 short name"),
        pytest.param(LEARNER.replace("#", "%23"), id="case-132 full URI"),
        pytest.param(LEARNER.lower().replace("#", "%23"), id="case-132 lower-cased on the way"),
    ],
)
def test_a_role_is_asked_for_by_name_or_uri(
    tool: CallingTool, learner: Person, teacher: Person, role: str
) -> None:
    assert [each["user_id"] for each in members(tool, f"?role={role}")] == [str(learner.pk)]


@numbered("case-132 full URIs out")
def test_roles_go_out_as_full_uris(tool: CallingTool, teacher: Person) -> None:
    assert members(tool)[0]["roles"] == [INSTRUCTOR, INSTRUCTOR.replace("Instructor", "Mentor")]


@numbered("case-133 suspended", "case-133 left the company")
def test_who_may_not_take_part_is_inactive(tool: CallingTool, learner: Person, case: str) -> None:
    if case.endswith("suspended"):
        Membership.objects.update(status="inactive")
    else:
        Person.objects.filter(pk=learner.pk).update(status="inactive")
    assert [each["status"] for each in members(tool)] == ["Inactive"]


@numbered("case-134")
def test_an_anonymous_tool_learns_nobodys_name(learner: Person, tool: CallingTool) -> None:
    private = make_tool(tool.context, privacy="anonymous")
    for query in ("", f"?rlid={private.link.pk}"):
        (member,) = members(private, query)
        assert member.keys() - {"message"} == {"user_id", "roles", "status"}
        assert learner.family_name not in str(member)


@numbered("case-134 with consent")
def test_a_public_tool_learns_name_and_address(learner: Person, tool: CallingTool) -> None:
    (member,) = members(tool)
    assert (member["name"], member["given_name"], member["family_name"]) == ("Lena Ruiz", "Lena", "Ruiz")
    assert member["email"] == learner.email
    assert member["lis_person_sourcedid"] == learner.employee_id


@numbered("case-135")
def test_who_was_removed_is_deleted_in_the_differences(tool: CallingTool, learner: Person) -> None:
    address = differences_url(tool)
    memberships.remove(learner, tool.context, now=datetime.now(UTC))
    assert members(tool) == []
    (gone,) = tool.get(address).json()["members"]
    assert (gone["user_id"], gone["status"]) == (str(learner.pk), "Deleted")
    assert learner.family_name not in str(gone)


@numbered("case-135 altered", "case-135 of another course", "case-135 expired")
def test_a_differences_address_is_ours_and_for_a_while(tool: CallingTool, learner: Person, case: str) -> None:
    query = urlsplit(differences_url(tool)).query
    if case.endswith("altered"):
        assert tool.get(roster_url(tool, f"?{query[:-3]}aaa")).status_code == 400
    elif case.endswith("course"):
        elsewhere = make_tool(make_context(label="B"))
        assert elsewhere.get(roster_url(elsewhere, f"?{query}")).status_code == 400
    else:
        long_ago = datetime.now(UTC) - timedelta(days=31)
        asked = asking.RosterQuery(role="", rlid="", since=None, until=0)
        header = asking.differences_header(roster_url(tool), asked, context_id=tool.context.pk, now=long_ago)
        assert tool.get(header.partition("<")[2].partition(">")[0]).status_code == 410


@numbered("case-136")
def test_a_membership_without_a_role_is_none(tool: CallingTool, learner: Person) -> None:
    Membership.objects.create(person=pia(), context=tool.context, roles=[])
    assert [each["user_id"] for each in members(tool)] == [str(learner.pk)]


@numbered("case-218")
def test_next_links_survive_a_client_that_lower_cases_them(tool: CallingTool, teacher: Person) -> None:
    learners = [lena() for _each in range(5)]
    for person in learners:
        make_membership(person, tool.context)
    found = list(pages(tool, roster_url(tool, f"?role=Learner&limit=2&rlid={tool.link.pk}")))
    assert [len(page) for page in found] == [2, 2, 1]
    assert [each["user_id"] for page in found for each in page] == [str(person.pk) for person in learners]
    assert all("message" in each for page in found for each in page)


@numbered("case-218 upper case")
def test_a_cursor_survives_upper_case(tool: CallingTool, learner: Person, teacher: Person) -> None:
    base, cursor = next_url(tool.get(roster_url(tool, "?limit=1"))).split("cursor=")
    response = tool.get(f"{base}cursor={cursor.upper()}")
    assert [each["user_id"] for each in response.json()["members"]] == [str(teacher.pk)]


@numbered("case-218 a cursor of somebody's making")
def test_a_foreign_cursor_is_refused(tool: CallingTool, learner: Person) -> None:
    assert tool.get(roster_url(tool, "?cursor=aaaaaaaa")).status_code == 400


@numbered("case-218 who joins meanwhile")
def test_pages_neither_skip_nor_repeat_while_people_come_and_go(tool: CallingTool) -> None:
    people = [lena() for _each in range(4)]
    for person in people:
        make_membership(person, tool.context)
    walk = pages(tool, roster_url(tool, "?limit=2"))
    first = next(walk)
    Membership.objects.filter(person=people[0]).delete()
    newcomer = lena()
    make_membership(newcomer, tool.context)
    rest = [each["user_id"] for page in walk for each in page]
    assert [each["user_id"] for each in first] == [str(people[0].pk), str(people[1].pk)]
    assert rest == [str(people[2].pk), str(people[3].pk), str(newcomer.pk)]
