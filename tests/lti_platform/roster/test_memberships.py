"""What a tool is told about a course."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.calling import CallingTool
from tests.factories import lena, make_membership

pytestmark = pytest.mark.django_db
CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


@pytest.mark.parametrize("accept", [CONTAINER, "application/json", "*/*", f"{CONTAINER}; charset=utf-8"])
def test_the_container_names_the_course_and_echoes_the_request(tool: CallingTool, accept: str) -> None:
    person = lena(family_name="  Ruiz ")
    make_membership(person, tool.context)
    path = reverse("nrps-memberships", kwargs={"context_id": tool.context.pk}) + "?limit=5&role=Learner"
    response = tool.get(path, Accept=accept)
    assert response["Content-Type"] == CONTAINER
    assert response.json() == {
        "id": f"{settings.PLATFORM_URL}{path}",
        "context": {"id": str(tool.context.pk), "label": "REF-1", "title": "Refrigerant handling"},
        "members": [
            {
                "user_id": str(person.pk),
                "status": "Active",
                "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
                "name": "Lena Ruiz",
                "given_name": "Lena",
                "family_name": "Ruiz",
                "email": person.email,
                "lis_person_sourcedid": person.employee_id,
            }
        ],
    }
    assert response["Link"].endswith('rel="differences"')


def test_an_empty_course_has_no_members(tool: CallingTool) -> None:
    response = tool.get(reverse("nrps-memberships", kwargs={"context_id": tool.context.pk}))
    assert (response.status_code, response.json()["members"]) == (200, [])
