"""Whatever the privacy level, what it hides is in no claim, no custom variable and no member of a roster."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_platform.courses.models import Context, Membership, ResourceLink
from lti_platform.launches import id_token, substitution
from lti_platform.launches.models import Launch
from lti_platform.launches.variables import DEARER, supported
from lti_platform.people.models import Organization, Person, Site
from lti_platform.roster.members import as_member
from lti_platform.tools.models import Deployment, Registration

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LEVELS = tuple(Registration.Privacy.values)
# What each level hides; digits and letters that appear nowhere else in a message.
HIDDEN = {
    "public": (),
    "name": ("email", "employee_id", "job_role", "site"),
    "email": ("given_name", "family_name", "employee_id", "job_role", "site"),
    "anonymous": ("given_name", "family_name", "email", "employee_id", "job_role", "site"),
}
secret = st.text(alphabet="QXZ", min_size=6, max_size=20).map(lambda text: f"~{text}~")


def launch_of(person: Person, *, level: str) -> Launch:
    """A launch with every variable there is that needs no query; nothing of it is stored."""
    asked = {f"v{n}": f"${name}" for n, name in enumerate(supported()) if name not in DEARER}
    registration = Registration(client_id="client", privacy=level, custom_parameters=asked)
    deployment = Deployment(registration=registration, deployment_id="1")
    context = Context(label="REF-1", title="Refrigerants")
    return Launch(
        reference="7K3-QF2",
        person=person,
        registration=registration,
        deployment=deployment,
        context=context,
        resource_link=ResourceLink(context=context, deployment=deployment, title="Exam"),
        message_type="LtiResourceLinkRequest",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
    )


def told(launch: Launch) -> Iterator[dict[str, Any]]:
    """Everything a tool is told of the person: claims, variables, the roster."""
    yield id_token.identity(launch)
    yield id_token.records(launch)
    yield id_token.place(launch, roles=[])
    yield id_token.presentation(launch)
    yield substitution.custom_parameters(launch, roles=[])
    membership = Membership(person=launch.person, context=launch.context, roles=["Learner"])
    yield as_member(membership, registration=launch.registration)


@pytest.mark.parametrize("level", LEVELS)
@given(values=st.lists(secret, min_size=6, max_size=6, unique=True))
def test_nothing_hidden_is_told(level: str, values: list[str]) -> None:
    names = ("given_name", "family_name", "email", "employee_id", "job_role", "site")
    secrets = dict(zip(names, values, strict=True))
    organization = Organization(name="Northgate")
    site = Site(organization=organization, name=secrets["site"], time_zone=secrets["site"])
    plain = {name: value for name, value in secrets.items() if name != "site"}
    person = Person(**plain, organization=organization, site=site)
    said = json.dumps(list(told(launch_of(person, level=level))))
    assert [name for name in HIDDEN[level] if secrets[name] in said] == []
    assert str(person.pk) in said


@pytest.mark.parametrize("level", LEVELS)
def test_what_a_level_shows_is_told_alike_everywhere(level: str) -> None:
    shown = {"given_name": "Lena", "family_name": "Ruiz", "email": "lena@example.test", "employee_id": "E-7"}
    said = [json.dumps(each) for each in told(launch_of(Person(**shown), level=level))]
    claims, custom, member = said[0] + said[1], said[4], said[5]
    for name, value in shown.items():
        is_told = name not in HIDDEN[level]
        assert [value in text for text in (claims, custom, member)] == [is_told] * 3, name


def test_where_a_person_works_is_for_public_tools() -> None:
    site = Site(name="Plant 7", time_zone="America/Chicago", organization=Organization(name="Northgate"))
    person = Person(organization=site.organization, site=site)
    answers = {}
    for level in LEVELS:
        launch = launch_of(person, level=level)
        launch.registration.custom_parameters = {"zone": "$Person.address.timezone"}
        answers[level] = substitution.custom_parameters(launch, roles=[])["zone"]
    assert answers.pop("public") == "America/Chicago"
    assert set(answers.values()) == {"$Person.address.timezone"}
