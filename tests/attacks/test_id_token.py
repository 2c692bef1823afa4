"""What an id_token must never say, read off tokens that were really sent."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.test import Client

from keys.models import SigningKey
from keys.purposes import Purpose
from keys.rotation import rotate
from keys.signing import forget_cached_keys
from lti_platform.courses.vocabulary import INSTRUCTOR, LEARNER, MEMBERSHIP
from lti_platform.launches.models import Launch
from lti_platform.people.models import Person
from tests.factories import make_context, make_line_item, make_link, make_membership
from tests.lti_platform.launches.staging import claims_of, form_of, lena_starts, start

P = "https://purl.imsglobal.org/spec/lti/claim/"
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
CONTEXT_ROLES = "http://purl.imsglobal.org/vocab/lis/v2/membership"

pytestmark = pytest.mark.django_db


@pytest.fixture
def _fresh_keys() -> Any:
    """Keys changed in this test are forgotten by the process before and after it."""
    forget_cached_keys()
    yield
    forget_cached_keys()


def sent(**registration: Any) -> dict[str, Any]:
    """The claims Lena's tool gets."""
    return claims_of(lena_starts(**registration).ask())


def unpublish(key: SigningKey) -> None:
    key.public_jwk = {**key.public_jwk, "kid": "not published"}
    key.save()


def take_away(key: SigningKey) -> None:
    key.delete()


@pytest.mark.usefixtures("_fresh_keys")
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(unpublish, id="case-031 signing key not published under its kid"),
        pytest.param(take_away, id="case-031 no signing key"),
    ],
)
def test_without_a_published_key_nothing_is_signed(spoil: Any, caplog: pytest.LogCaptureFixture) -> None:
    stage = lena_starts()
    spoil(SigningKey.objects.get(purpose=Purpose.ID_TOKEN, state=SigningKey.State.ACTIVE))
    forget_cached_keys()
    with caplog.at_level(logging.CRITICAL):
        response = stage.ask()
    assert response.status_code == 500
    assert b"data-auto-submit" not in response.content
    assert "cannot sign a launch" in caplog.text
    assert stage.unspent()


@pytest.mark.parametrize("limit", [pytest.param(255, id="case-032 sub of at most 255 ASCII characters")])
def test_ids_are_short_and_ascii_whatever_the_person_is_called(limit: int) -> None:
    stage = lena_starts()
    Person.objects.update(employee_id="é" * 100, given_name="漢字")
    claims = claims_of(stage.ask())
    ids = [
        claims["sub"],
        claims[f"{P}context"]["id"],
        claims[f"{P}resource_link"]["id"],
        claims[f"{P}deployment_id"],
    ]
    assert all(value.isascii() and 0 < len(value) <= limit for value in ids)
    assert claims["sub"] == str(stage.person.pk)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        pytest.param("$ResourceLink.description", "", id="case-033 supported but empty"),
        pytest.param("$No.such", "$No.such", id="case-033 unsupported"),
        pytest.param("$com.example.Foo.bar", "$com.example.Foo.bar", id="case-033 a vendor's variable"),
        pytest.param("", "", id="case-033 empty value"),
        pytest.param(None, "", id="case-033 null stored"),
        pytest.param("$Context.title", "Refrigerant handling", id="case-033 supported"),
        pytest.param("foo/$User.id", "foo/$User.id", id="case-033 only a part is a variable"),
        pytest.param("$", "$", id="case-033 a lone sign"),
        pytest.param(20, "20", id="case-034 number"),
        pytest.param(1.5, "1.5", id="case-034 fraction"),
        pytest.param(True, "true", id="case-034 boolean"),
        pytest.param(["a"], '["a"]', id="case-034 list"),
        pytest.param("  padded\n", "padded", id="case-035 custom value in white space"),
    ],
)
def test_custom_values_are_strings(stored: Any, said: str) -> None:
    assert sent(custom_parameters={"value": stored})[f"{P}custom"] == {"value": said}


@pytest.mark.parametrize("pad", [pytest.param("\t {} \n", id="case-035 names and titles in white space")])
def test_no_string_has_white_space_around_it(pad: str) -> None:
    stage = lena_starts()
    Person.objects.update(given_name=pad.format("Lena"), family_name=pad.format("Ruiz"))
    stage.link.title = pad.format("Exam")
    stage.link.save()
    claims = claims_of(stage.ask())
    assert all(text == text.strip() for text in strings_in(claims))
    assert claims["given_name"] == "Lena"
    assert claims[f"{P}resource_link"]["title"] == "Exam"


def strings_in(value: Any) -> list[str]:
    """Every string in a claim, at any depth."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings_in(item)]
    return [value] if isinstance(value, str) else []


NAMING = (
    "Person.name.full",
    "Person.name.given",
    "Person.name.family",
    "Person.email.primary",
    "Person.sourcedId",
)


@pytest.mark.parametrize("variable", [pytest.param(name, id=f"case-036 ${name}") for name in NAMING])
def test_an_anonymous_tool_learns_nothing_about_the_person(variable: str) -> None:
    claims = sent(privacy="anonymous", custom_parameters={"value": f"${variable}"})
    assert not {"name", "given_name", "family_name", "email", "picture", "locale"} & claims.keys()
    assert f"{P}lis" not in claims
    assert claims[f"{P}custom"] == {"value": f"${variable}"}
    person = Launch.objects.get().person
    assert claims["sub"] == str(person.pk)
    secrets = {person.given_name, person.family_name, person.full_name, person.email, person.employee_id}
    assert not secrets & set(strings_in(claims))


@pytest.mark.parametrize("roles", [pytest.param([], id="case-037 no role in the context")])
def test_a_person_without_a_role_has_an_empty_list_of_roles(roles: list[str]) -> None:
    stage = lena_starts()
    stage.link.context.memberships.update(roles=roles)
    assert claims_of(stage.ask())[f"{P}roles"] == []


@pytest.mark.parametrize("role", [pytest.param("Learner", id="case-038 role_scope_mentor without Mentor")])
def test_no_one_is_said_to_mentor_anyone(role: str) -> None:
    claims = sent()
    assert claims[f"{P}roles"] == [f"{MEMBERSHIP}{role}"]
    assert f"{P}role_scope_mentor" not in claims


@pytest.mark.parametrize(
    ("configured", "said"),
    [
        pytest.param("popup", None, id="case-039 popup"),
        pytest.param("", None, id="case-039 nothing"),
        pytest.param("iframe", "iframe", id="case-039 iframe"),
        pytest.param("window", "window", id="case-039 window"),
    ],
)
def test_only_known_document_targets_are_sent(configured: str, said: str | None) -> None:
    stage = lena_starts()
    Launch.objects.update(document_target=configured)
    assert claims_of(stage.ask())[f"{P}launch_presentation"].get("document_target") == said


@pytest.mark.parametrize(
    "elsewhere", [pytest.param("Instructor", id="case-040 other roles in another course")]
)
def test_roles_of_another_course_are_not_sent(elsewhere: str) -> None:
    stage = lena_starts()
    make_membership(stage.person, make_context(label="REF-2"), elsewhere)
    assert claims_of(stage.ask())[f"{P}roles"] == [LEARNER]


@pytest.mark.parametrize("role", [pytest.param("Instructor#TeachingAssistant", id="case-040 sub-role")])
def test_a_sub_role_brings_its_principal_role(role: str) -> None:
    stage = lena_starts()
    stage.link.context.memberships.update(roles=[role])
    assert claims_of(stage.ask())[f"{P}roles"] == [INSTRUCTOR, f"{CONTEXT_ROLES}/{role}"]


@pytest.mark.parametrize("label", [pytest.param("REF-2", id="case-041 link copied to another course")])
def test_a_copied_link_has_an_id_of_its_own(label: str) -> None:
    stage = lena_starts()
    copy = make_link(make_context(label=label), stage.link.deployment, title=stage.link.title)
    make_membership(stage.person, copy.context)
    first, second = claims_of(stage.ask()), claims_of(start(stage.person, copy).ask())
    assert first[f"{P}resource_link"]["id"] != second[f"{P}resource_link"]["id"]
    assert first[f"{P}context"]["id"] != second[f"{P}context"]["id"]


@pytest.mark.parametrize(
    ("items", "named"),
    [
        pytest.param(0, False, id="case-042 no line item"),
        pytest.param(1, True, id="case-042 one line item"),
        pytest.param(2, False, id="case-042 two line items on one link"),
    ],
)
def test_the_line_item_is_named_only_where_there_is_one(items: int, named: bool) -> None:
    stage = lena_starts()
    for _number in range(items):
        make_line_item(stage.link, is_coupled=False)
    assert ("lineitem" in claims_of(stage.ask())[ENDPOINT]) is named


@pytest.mark.usefixtures("_fresh_keys")
@pytest.mark.parametrize("days", [pytest.param(7, id="case-044 key rotated mid-launch")])
def test_a_token_signed_before_a_rotation_still_verifies(days: int) -> None:
    response = lena_starts().ask()
    before = jwt.get_unverified_header(form_of(response).fields["id_token"])["kid"]
    rotate(Purpose.ID_TOKEN, now=datetime.now(UTC), overlap=timedelta(days=days))
    assert claims_of(response)["sub"]
    after = jwt.get_unverified_header(form_of(lena_starts().ask()).fields["id_token"])["kid"]
    assert before != after
    published = {key["kid"] for key in Client().get("/.well-known/jwks.json").json()["keys"]}
    assert {before, after} <= published


def test_header_times_and_nonce_are_as_the_security_framework_asks() -> None:
    stage = lena_starts()
    response = stage.ask(nonce="n0nce/+=ü")
    claims, header = claims_of(response), jwt.get_unverified_header(form_of(response).fields["id_token"])
    assert {**header, "kid": "any"} == {"alg": "RS256", "typ": "JWT", "kid": "any"}
    assert claims["nonce"] == "n0nce/+=ü"
    assert claims["aud"] == stage.launch.registration.client_id
    assert isinstance(claims["iat"], int)
    assert claims["exp"] - claims["iat"] == 300
    assert 0 <= datetime.now(UTC).timestamp() - claims["iat"] <= 5


def test_the_link_wins_over_the_message_and_the_message_over_the_tool() -> None:
    messages = [{"type": "LtiResourceLinkRequest", "custom_parameters": {"b": "message", "c": "message"}}]
    stage = lena_starts(custom_parameters={"a": "tool", "b": "tool", "c": "tool"}, messages=messages)
    stage.link.custom_parameters = {"c": "link"}
    stage.link.save()
    assert claims_of(stage.ask())[f"{P}custom"] == {"a": "tool", "b": "message", "c": "link"}
