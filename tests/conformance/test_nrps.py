"""Names and Role Provisioning Services 2.0, clause by clause."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from lti_platform.courses import memberships
from lti_platform.courses.models import Mentorship
from lti_platform.courses.vocabulary import INSTRUCTOR, LEARNER, MEMBERSHIP
from lti_platform.people.models import Person
from lti_platform.roster.claims import CLAIM, names_and_roles
from lti_platform.tools.scopes import SCORE
from tests.calling import CallingTool, make_tool, next_url
from tests.conformance.clauses import clause
from tests.factories import lena, make_context, make_link, make_membership, pia
from tests.launching import make_launch
from tests.lti_platform.launches.staging import claims_of, lena_starts

pytestmark = pytest.mark.django_db
CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
PERSONAL = ("name", "given_name", "family_name", "email")
GRADER = f"{MEMBERSHIP.removesuffix('#')}/Instructor#Grader"


@pytest.fixture
def teacher(tool: CallingTool) -> Person:
    person = pia()
    make_membership(person, tool.context, "Instructor#Grader")
    return person


def roster(tool: CallingTool, query: str = "") -> str:
    return reverse("nrps-memberships", kwargs={"context_id": tool.context.pk}) + query


def members(tool: CallingTool, query: str = "") -> list[dict[str, Any]]:
    response = tool.get(roster(tool, query))
    assert response.status_code == 200, response.content
    return list(response.json()["members"])


def changes_since(response: Any, tool: CallingTool) -> list[dict[str, Any]]:
    found = re.search(r'<([^>]+)>; rel="differences"', response["Link"])
    assert found
    return list(tool.get(found[1]).json()["members"])


@clause("NRPS 2 the claim: context_memberships_url and service_versions")
def test_the_claim(tool: CallingTool, clause: str) -> None:
    told = names_and_roles(make_launch(tool, now=NOW), now=NOW)[CLAIM]
    assert told.keys() == {"context_memberships_url", "service_versions"}
    assert told["service_versions"] == ["2.0"]
    assert tool.get(told["context_memberships_url"]).status_code == 200


@pytest.mark.parametrize(
    "method", [pytest.param(name, id=f"NRPS 2.1 no {name}") for name in ("POST", "PUT", "DELETE")]
)
def test_only_reading(tool: CallingTool, method: str) -> None:
    answer = tool.call(method, roster(tool), {})
    assert (answer.status_code, answer["Allow"]) == (405, "GET")


@clause("NRPS 1.2 the scope is needed")
def test_the_scope(tool: CallingTool, clause: str) -> None:
    tool.scopes = [SCORE]
    assert tool.get(roster(tool)).status_code == 403


@clause("NRPS 2.1 the media type")
def test_the_media_type(tool: CallingTool, learner: Person, clause: str) -> None:
    assert tool.get(roster(tool), Accept=CONTAINER)["Content-Type"] == CONTAINER
    assert tool.get(roster(tool), Accept="text/html").status_code == 406


@clause("NRPS 2.2 container and member")
def test_the_shape(tool: CallingTool, learner: Person, clause: str) -> None:
    body = tool.get(roster(tool)).json()
    assert body.keys() == {"id", "context", "members"}
    assert body["context"]["id"] == str(tool.context.pk)
    (member,) = body["members"]
    assert (member["user_id"], member["roles"]) == (str(learner.pk), [LEARNER])


@clause("NRPS 2.2 id is the address that was asked, rlid and all")
def test_the_id(tool: CallingTool, clause: str) -> None:
    asked = roster(tool, f"?rlid={tool.link.pk}&limit=5")
    assert tool.get(asked).json()["id"] == f"{settings.PLATFORM_URL}{asked}"


@pytest.mark.parametrize(
    "privacy",
    [
        pytest.param(level, id=f"NRPS 2.2 user_id is the launch's sub, and no more is told: {level}")
        for level in ("public", "name", "email", "anonymous")
    ],
)
def test_a_member_is_who_launches(privacy: str) -> None:
    stage = lena_starts(privacy=privacy)
    claims = claims_of(stage.ask())
    tool = CallingTool(deployment=stage.link.deployment, context=stage.link.context, link=stage.link)
    (member,) = members(tool)
    assert member["user_id"] == claims["sub"]
    assert [member.get(name) for name in PERSONAL] == [claims.get(name) for name in PERSONAL]


@clause("NRPS 2.2 an active member is Active")
def test_active(tool: CallingTool, learner: Person, clause: str) -> None:
    assert members(tool)[0].get("status", "Active") == "Active"


@clause("NRPS 2.3 Deleted is said in differences alone")
def test_removed(tool: CallingTool, learner: Person, clause: str) -> None:
    before = tool.get(roster(tool))
    memberships.remove(learner, tool.context, now=datetime.now(UTC))
    assert members(tool) == []
    assert [each["status"] for each in changes_since(before, tool)] == ["Deleted"]


@clause("NRPS 2.3 a member without a role is none")
def test_no_role(tool: CallingTool, learner: Person, clause: str) -> None:
    memberships.enrol(learner, tool.context, roles=[], now=datetime.now(UTC))
    assert members(tool) == []


@clause("NRPS 2.3 a suspended member is Inactive")
def test_inactive(tool: CallingTool, learner: Person, clause: str) -> None:
    memberships.suspend(learner, tool.context, now=datetime.now(UTC))
    assert [each["status"] for each in members(tool)] == ["Inactive"]


@clause("Core A.2.3.2 a sub-role comes with its principal role")
def test_sub_roles(tool: CallingTool, teacher: Person, clause: str) -> None:
    assert members(tool)[0]["roles"] == [INSTRUCTOR, GRADER]


@pytest.mark.parametrize(
    ("role", "found"),
    [
        pytest.param("Learner", "learner", id="NRPS 2.4.1 a short role"),
        pytest.param(LEARNER, "learner", id="NRPS 2.4.1 a full role"),
        pytest.param("Instructor", "teacher", id="NRPS 2.4.1 a principal role finds its sub-roles"),
        pytest.param(GRADER, "teacher", id="NRPS 2.4.1 a full sub-role"),
        pytest.param("Instructor#Grader", "teacher", id="NRPS 2.4.1 a short sub-role"),
        pytest.param("Instructor#Lecturer", "", id="NRPS 2.4.1 a sub-role nobody has"),
        pytest.param("Wizard", "", id="NRPS 2.4.1 an unknown role"),
    ],
)
def test_roles(tool: CallingTool, learner: Person, teacher: Person, role: str, found: str) -> None:
    expected = {"learner": [str(learner.pk)], "teacher": [str(teacher.pk)], "": []}[found]
    query = role.replace("#", "%23")
    assert [each["user_id"] for each in members(tool, f"?role={query}")] == expected
    assert [each["user_id"] for each in members(tool, f"?role={query.lower()}")] == expected


@clause("NRPS 2.4.2 limit and next")
def test_pages(tool: CallingTool, learner: Person, teacher: Person, clause: str) -> None:
    first = tool.get(roster(tool, "?limit=1"))
    second = tool.get(next_url(first))
    seen = [*first.json()["members"], *second.json()["members"]]
    assert {each["user_id"] for each in seen} == {str(learner.pk), str(teacher.pk)}
    assert next_url(second) == ""


@clause("NRPS 2.4.3 differences")
def test_differences(tool: CallingTool, learner: Person, teacher: Person, clause: str) -> None:
    found = re.search(r'<([^>]+)>; rel="differences"', tool.get(roster(tool))["Link"])
    assert found
    memberships.remove(learner, tool.context, now=datetime.now(UTC))
    changed = tool.get(found[1])
    assert [(each["user_id"], each["status"]) for each in changed.json()["members"]] == [
        (str(learner.pk), "Deleted")
    ]
    assert 'rel="differences"' in changed["Link"]


@clause("NRPS 2.4.3 differences tell who came and who changed, as they are now")
def test_changes(tool: CallingTool, learner: Person, teacher: Person, clause: str) -> None:
    before, newcomer = tool.get(roster(tool)), lena()
    memberships.enrol(newcomer, tool.context, roles=["Learner"], now=NOW)
    memberships.enrol(learner, tool.context, roles=["Instructor"], now=NOW)
    told = {each["user_id"]: each["roles"] for each in changes_since(before, tool)}
    assert told == {str(newcomer.pk): [LEARNER], str(learner.pk): [INSTRUCTOR]}


@clause("NRPS 3 role, limit and differences go with rlid")
def test_filters_of_a_link(tool: CallingTool, learner: Person, teacher: Person, clause: str) -> None:
    link = f"rlid={tool.link.pk}"
    (only,) = members(tool, f"?{link}&role=Learner")
    assert (only["user_id"], len(only["message"])) == (str(learner.pk), 1)
    first = tool.get(roster(tool, f"?{link}&limit=1"))
    last = tool.get(next_url(first))
    memberships.suspend(learner, tool.context, now=NOW)
    (changed,) = changes_since(last, tool)
    assert (changed["user_id"], changed["status"]) == (str(learner.pk), "Inactive")
    told = [*first.json()["members"], *last.json()["members"], changed]
    assert [len(each["message"]) for each in told] == [1, 1, 1]


@clause("NRPS 3 the link's own message for each member")
def test_a_links_messages(clause: str) -> None:
    tool = make_tool(custom_parameters={"who": "$User.id", "course": "$Context.title"})
    person = lena()
    make_membership(person, tool.context)
    (message,) = members(tool, f"?rlid={tool.link.pk}")[0]["message"]
    claim = "https://purl.imsglobal.org/spec/lti/claim/"
    assert message[f"{claim}message_type"] == "LtiResourceLinkRequest"
    assert message[f"{claim}custom"] == {"who": str(person.pk)}


@clause("NRPS 3 what the link's message would say of the member alone is all there")
def test_what_is_specific_to_a_member(learner: Person, clause: str) -> None:
    tool = make_tool(custom_parameters={"place": "$Membership.status", "zone": "$Person.address.timezone"})
    mentor = lena()
    make_membership(learner, tool.context)
    make_membership(mentor, tool.context, "Mentor")
    Mentorship.objects.create(context=tool.context, mentor=mentor, learner=learner)
    (message,) = members(tool, f"?role=Mentor&rlid={tool.link.pk}")[0]["message"]
    claim = "https://purl.imsglobal.org/spec/lti/claim/"
    assert message[f"{claim}custom"] == {"place": "Active", "zone": ""}
    assert message[f"{claim}role_scope_mentor"] == [str(learner.pk)]


@clause("NRPS 3.1 a link of another tool is denied")
def test_a_foreign_link(tool: CallingTool, clause: str) -> None:
    assert tool.get(roster(tool, f"?rlid={make_tool(tool.context).link.pk}")).status_code == 404


@clause("NRPS 3.1 a link of another course, or of none, is denied")
def test_links_elsewhere(tool: CallingTool, learner: Person, clause: str) -> None:
    for link in (make_link(make_context(), tool.deployment).pk, tool.context.pk, "nowhere"):
        assert tool.get(roster(tool, f"?rlid={link}")).status_code == 404


@pytest.mark.parametrize(
    ("privacy", "shown"),
    [
        pytest.param("anonymous", set(), id="NRPS 2.2 anonymous"),
        pytest.param("name", {"name", "given_name", "family_name"}, id="NRPS 2.2 names only"),
        pytest.param("email", {"email"}, id="NRPS 2.2 e-mail only"),
    ],
)
def test_privacy(privacy: str, shown: set[str]) -> None:
    tool = make_tool(privacy=privacy)
    make_membership(lena(), tool.context)
    assert members(tool)[0].keys() == {"user_id", "status", "roles"} | shown
