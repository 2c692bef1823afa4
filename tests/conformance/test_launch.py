"""LTI Core 1.3: what a launch says, clause by clause, read off tokens that were really sent."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.test import Client

from lti_platform.courses.models import Mentorship, ResourceLink
from lti_platform.courses.vocabulary import INSTITUTION_ADMINISTRATOR, LEARNER, MEMBERSHIP, SUB_ROLES
from lti_platform.launches.variables import supported
from lti_platform.tools.dynamic import advertising
from tests.conformance.clauses import clause
from tests.factories import grant, lena, make_membership
from tests.lti_platform.launches.staging import Stage, claims_of, form_of, lena_starts

P = "https://purl.imsglobal.org/spec/lti/claim/"
IDENTITY = {"name", "given_name", "family_name", "email", "locale", "picture", "middle_name"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return lena_starts()


def course_says(stage: Stage, **details: Any) -> dict[str, Any]:
    """The claims once the course has these details."""
    type(stage.link.context).objects.update(**details)
    return claims_of(stage.ask())


def link_says(stage: Stage, **details: Any) -> dict[str, Any]:
    ResourceLink.objects.filter(pk=stage.link.pk).update(**details)
    return claims_of(stage.ask())


def resolved(name: str, **course_or_link: Any) -> str:
    """What a custom parameter with this variable becomes."""
    stage = lena_starts(custom_parameters={"value": f"${name}"})
    return str(link_says(stage, **course_or_link)[f"{P}custom"]["value"])


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        pytest.param("message_type", "LtiResourceLinkRequest", id="Core 5.3.1 message type"),
        pytest.param("version", "1.3.0", id="Core 5.3.2 version"),
    ],
)
def test_fixed_claims(stage: Stage, claim: str, expected: str) -> None:
    assert claims_of(stage.ask())[f"{P}{claim}"] == expected


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param("kid", id="Cert 6.1.1 kid in the header, and in our key set"),
        pytest.param("version", id="Cert 6.1.1 the right version"),
        pytest.param("times", id="Cert 6.1.1 iat and exp are numbers in order"),
        pytest.param("claims", id="Cert 6.1.1 no required claim is missing"),
        pytest.param("white space", id="Cert 5.1 no extra white space"),
    ],
)
def test_none_of_the_bad_payloads_is_ours(stage: Stage, bad: str) -> None:
    response = stage.ask()
    claims, header = claims_of(response), jwt.get_unverified_header(form_of(response).fields["id_token"])
    kids = {key["kid"] for key in Client().get("/.well-known/jwks.json").json()["keys"]}
    required = {"iss", "aud", "sub", "iat", "exp", "nonce"} | {
        f"{P}{name}"
        for name in (
            *("message_type", "version", "deployment_id", "target_link_uri"),
            *("resource_link", "roles"),
        )
    }
    holds = {
        "kid": header["kid"] in kids and header["alg"] == "RS256",
        "version": claims[f"{P}version"] == "1.3.0",
        "times": isinstance(claims["iat"], int) and claims["iat"] < claims["exp"] <= claims["iat"] + 3600,
        "claims": required <= claims.keys() and all(claims[name] not in ("", None) for name in required),
        "white space": '" ' not in json.dumps(claims, separators=(",", ":")),
    }
    assert holds[bad]


@clause("Core 5.3.3 deployment id")
def test_the_deployment_is_the_launch_s(stage: Stage, clause: str) -> None:
    assert claims_of(stage.ask())[f"{P}deployment_id"] == stage.link.deployment.deployment_id


@clause("Core 5.3.4 target link uri")
def test_the_target_is_the_one_of_the_login(stage: Stage, clause: str) -> None:
    assert claims_of(stage.ask())[f"{P}target_link_uri"] == stage.login["target_link_uri"]


@clause("Core 5.3.5 resource link")
def test_the_link_has_its_id_title_and_description(stage: Stage, clause: str) -> None:
    said = link_says(stage, description="Bring gloves")[f"{P}resource_link"]
    assert said == {"id": str(stage.link.pk), "title": stage.link.title, "description": "Bring gloves"}


@pytest.mark.parametrize(
    ("level", "told"),
    [
        pytest.param(
            "public", {"name", "given_name", "family_name", "email", "locale"}, id="Core 5.3.6 public"
        ),
        pytest.param("name", {"name", "given_name", "family_name"}, id="Core 5.3.6 names only"),
        pytest.param("email", {"email"}, id="Core 5.3.6 e-mail only"),
        pytest.param("anonymous", set(), id="Core 5.3.6.1 anonymous, with sub"),
    ],
)
def test_identity_goes_as_far_as_the_privacy_level(level: str, told: set[str]) -> None:
    claims = claims_of(lena_starts(privacy=level).ask())
    assert IDENTITY & claims.keys() == told
    assert claims["sub"]


@clause("Core 5.3.7 roles of the context, with that of the institution")
def test_an_admin_who_learns_is_both(stage: Stage, clause: str) -> None:
    grant(stage.person, "lms_admin")
    assert claims_of(stage.ask())[f"{P}roles"] == [LEARNER, INSTITUTION_ADMINISTRATOR]


@pytest.mark.parametrize(
    "role", [pytest.param(name, id=f"Core A.2.3.2 {name} sub-roles") for name in SUB_ROLES]
)
def test_every_sub_role_comes_with_its_role(stage: Stage, role: str) -> None:
    stage.link.context.memberships.update(roles=[f"{role}#{name}" for name in SUB_ROLES[role]])
    sub = f"{MEMBERSHIP.removesuffix('#')}/{role}#"
    assert claims_of(stage.ask())[f"{P}roles"] == [
        f"{MEMBERSHIP}{role}",
        *(f"{sub}{name}" for name in SUB_ROLES[role]),
    ]


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(name, id=f"Core A.1 {name}")
        for name in ("CourseTemplate", "CourseOffering", "CourseSection", "Group")
    ],
)
def test_the_context_says_what_kind_it_is(stage: Stage, kind: str) -> None:
    said = course_says(stage, type=kind)[f"{P}context"]
    assert said["type"] == [f"http://purl.imsglobal.org/vocab/lis/v2/course#{kind}"]
    assert (said["id"], said["label"]) == (str(stage.link.context_id), "REF-1")


@clause("Core 5.4.2 tool platform")
def test_the_platform_says_who_it_is_and_whom_to_write_to(stage: Stage, clause: str, settings: Any) -> None:
    settings.PLATFORM_CONTACT_EMAIL, settings.PLATFORM_DESCRIPTION = "ada@example.test", "Exams"
    said = claims_of(stage.ask())[f"{P}tool_platform"]
    assert said["guid"] == settings.PLATFORM_GUID
    assert (said["contact_email"], said["description"]) == ("ada@example.test", "Exams")
    assert {"name", "url", "product_family_code", "version"} <= said.keys()


@clause("Core 5.4.3 role scope mentor")
def test_a_mentor_s_learners_are_named_to_tools(stage: Stage, clause: str) -> None:
    learner, gone = lena(), lena()
    make_membership(learner, stage.link.context)
    for each in (learner, gone):
        Mentorship.objects.create(context=stage.link.context, mentor=stage.person, learner=each)
    stage.link.context.memberships.filter(person=stage.person).update(roles=["Mentor#Tutor"])
    assert claims_of(stage.ask())[f"{P}role_scope_mentor"] == [str(learner.pk)]


@clause("Core 5.4.3 none without the Mentor role")
def test_mentoring_alone_makes_no_mentor(stage: Stage, clause: str) -> None:
    learner = lena()
    make_membership(learner, stage.link.context)
    Mentorship.objects.create(context=stage.link.context, mentor=stage.person, learner=learner)
    assert f"{P}role_scope_mentor" not in claims_of(stage.ask())


@clause("Core 5.4.4 launch presentation")
def test_how_the_tool_is_shown(stage: Stage, clause: str) -> None:
    said = link_says(stage, width=800, height=600)[f"{P}launch_presentation"]
    assert (said["width"], said["height"], said["document_target"]) == (800, 600, "window")
    assert said["locale"] == stage.person.locale
    assert said["return_url"].endswith(f"/lti/return/{stage.launch.reference}")


@pytest.mark.parametrize(
    ("details", "said"),
    [
        pytest.param({"sourced_id": "S-1"}, {"course_offering_sourcedid": "S-1"}, id="Core 5.4.5 offering"),
        pytest.param(
            {"type": "CourseSection", "sourced_id": "S-2", "offering_sourced_id": "S-1"},
            {"course_offering_sourcedid": "S-1", "course_section_sourcedid": "S-2"},
            id="Core 5.4.5 section",
        ),
    ],
)
def test_lis_names_person_and_course(stage: Stage, details: dict[str, str], said: dict[str, str]) -> None:
    person = {"person_sourcedid": stage.person.employee_id}
    assert course_says(stage, **details)[f"{P}lis"] == {**person, **said}


WHEN = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
VARIABLES: list[tuple[str, dict[str, Any], str]] = [
    ("ResourceLink.available.endDateTime", {"available_until": WHEN}, "2027-03-01T08:00:00Z"),
    ("ResourceLink.submission.startDateTime", {"submission_from": WHEN}, "2027-03-01T08:00:00Z"),
    ("ResourceLink.available.user.startDateTime", {}, ""),
    ("ResourceLink.id.history", {}, ""),
    ("ResourceLink.id.history", {"history": ["b", "a c"]}, "b,a%20c"),
    ("Message.height", {"height": 600}, "600"),
    ("Message.width", {}, ""),
    ("Context.type", {}, "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"),
    ("CourseOffering.title", {}, "Refrigerant handling"),
    ("CourseSection.title", {}, ""),
    ("Membership.status", {}, "Active"),
    ("User.scope.mentor", {}, ""),
    ("ActualUser.id", {}, ""),
    ("Person.gender", {}, ""),
    ("Caliper.endpoint", {}, "$Caliper.endpoint"),
    ("example.proctored-credentials.Person.organization", {}, "Northgate Energy"),
]


@pytest.mark.parametrize(
    ("name", "details", "value"), [pytest.param(*row, id=f"Core B ${row[0]} {row[2]}") for row in VARIABLES]
)
def test_variables(name: str, details: dict[str, Any], value: str) -> None:
    assert resolved(name, **details) == value


@clause("Core B every variable we advertise is a string, resolved for a public tool")
def test_what_is_advertised_is_resolved(clause: str) -> None:
    assert set(supported()) <= set(advertising.variables())
    asked = {f"v{n}": f"${name}" for n, name in enumerate(supported())}
    custom = claims_of(lena_starts(custom_parameters=asked).ask())[f"{P}custom"]
    assert all(isinstance(value, str) and not value.startswith("$") for value in custom.values())


@clause("Core 3.1.3 the version told is the one released")
def test_the_version_is_the_project_s(clause: str, settings: Any) -> None:
    text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{settings.PLATFORM_VERSION}"' in text


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        pytest.param({"available_from": 1}, "not open yet", id="Core B.4 not open yet"),
        pytest.param({"available_until": -1}, "closed since", id="Core B.4 closed"),
    ],
)
def test_learners_are_held_to_a_link_s_hours(stage: Stage, hours: dict[str, int], words: str) -> None:
    now = datetime.now(UTC)
    fields = {name: now + timedelta(hours=hour) for name, hour in hours.items()}
    ResourceLink.objects.filter(pk=stage.link.pk).update(**fields)
    page = stage.browser.get(f"/lti/links/{stage.link.pk}/")
    assert page.status_code == 403
    assert words in page.content.decode()
    stage.link.context.memberships.update(roles=["Instructor"])
    assert stage.browser.get(f"/lti/links/{stage.link.pk}/").status_code == 200
