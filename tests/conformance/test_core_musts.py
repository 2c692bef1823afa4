"""LTI Core 1.3: what a platform must or should do that no single claim shows, clause by clause."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from gradebook.addresses import line_item_url
from lti_platform.courses.copying import copy_course
from lti_platform.courses.models import ResourceLink
from lti_platform.courses.vocabulary import CONTEXT_ROLES, MEMBERSHIP
from lti_platform.launches.models import Launch
from lti_platform.launches.variables import VENDOR, supported
from lti_platform.launches.vocabulary import CLAIM
from lti_platform.people.models import Person
from lti_platform.tools import registering
from tests.attacks.asking_for_tokens import seeker
from tests.calling import CallingTool, make_tool
from tests.conformance.clauses import clause
from tests.factories import lena, make_line_item, make_membership, make_person
from tests.gradebook.test_reviewing import MESSAGES, make_result, opened
from tests.lti_platform.launches.deep_linking.staging import picking
from tests.lti_platform.launches.staging import Stage, claims_of, lena_starts, make_course, start
from tests.lti_platform.launches.test_telling import link_for, told
from tests.lti_platform.launches.test_trying import tried
from tests.lti_platform.tools.descriptions import request_of
from tests.lti_platform.tools.dynamic.registering import invited

pytestmark = pytest.mark.django_db
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
NOTICES = f"{CLAIM}platformnotificationservice"
VOCABULARY = "http://purl.imsglobal.org/vocab/"
OPENID = {
    *("iss", "aud", "azp", "sub", "iat", "exp", "nonce"),
    *("name", "given_name", "family_name", "email", "locale"),
}


@pytest.fixture
def stage() -> Stage:
    return lena_starts()


def texts(value: Any) -> Iterator[str]:
    """Every string within a claim."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def addresses(claims: dict[str, Any], *names: str) -> list[str]:
    """Every address of ours in these claims."""
    return [text for name in names for text in texts(claims[name]) if "localhost" in text]


def custom(stage: Stage) -> dict[str, Any]:
    return dict(claims_of(stage.ask())[f"{CLAIM}custom"])


@clause("Core 3.5 every address in a message is HTTPS")
def test_addresses_in_messages(clause: str, settings: Any) -> None:
    settings.PLATFORM_URL = "https://lms.example.test"
    found = [text for text in texts(claims_of(lena_starts().ask())) if "://" in text]
    ours = [text for text in found if not text.startswith(VOCABULARY)]
    assert sum(text.startswith("https://lms.example.test/") for text in ours) >= 5
    assert all(text.startswith("https://") for text in ours)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        pytest.param("initiate_login_uri", "http://tool.example/login", id="Core 3.5 login over HTTPS"),
        pytest.param("redirect_uris", ["http://tool.example/launch"], id="Core 3.5 redirects over HTTPS"),
        pytest.param("jwks_uri", "http://tool.example/jwks", id="Core 3.5 key sets over HTTPS"),
    ],
)
def test_a_tool_s_addresses(member: str, value: Any) -> None:
    assert invited().post().status_code == 201
    assert invited().post(**{member: value}).status_code == 400


@clause("Core 3.3 a person is known by sub alone, in messages and in services")
def test_who_a_person_is(stage: Stage, clause: str) -> None:
    first = claims_of(stage.ask())
    Person.objects.filter(pk=stage.person.pk).update(
        email="new@example.test", family_name="Ortiz", employee_id="E-X"
    )
    again = claims_of(start(stage.person, stage.link, browser=stage.browser).ask())
    assert (first["email"], first["sub"]) != (again["email"], again["sub"])
    tool = CallingTool(stage.link.deployment, stage.link.context, stage.link)
    (member,) = tool.get(again[NRPS]["context_memberships_url"]).json()["members"]
    assert first["sub"] == again["sub"] == member["user_id"]


@clause("Core 3.1.3 every integration gets a deployment id of ours, which never changes")
def test_deployment_ids(now: datetime, clause: str) -> None:
    one, other = (registering.register(request_of(), now=now) for _time in range(2))
    before = [each.deployments.get().deployment_id for each in (one, other)]
    assert before[0] != before[1]
    assert registering.amend(one, request_of(client_name="Renamed"), now=now)
    assert [each.deployments.get().deployment_id for each in (one, other)] == before


def resource_link_request() -> tuple[dict[str, Any], Any]:
    stage = lena_starts()
    return claims_of(stage.ask()), stage.link.deployment


def deep_linking_request() -> tuple[dict[str, Any], Any]:
    stage = picking()
    return stage.claims, stage.tool


def review_request() -> tuple[dict[str, Any], Any]:
    learner, teacher = lena(), make_person("Ines", "Torres")
    link = make_course(learner, messages=MESSAGES)
    make_membership(teacher, link.context, "Instructor")
    return opened(make_result(link, learner), teacher), link.deployment


def eula_request() -> tuple[dict[str, Any], Any]:
    learner = lena()
    link = link_for(learner, "LtiEulaRequest")
    return told(link, learner, about="terms"), link.deployment


def launch_on_trial() -> tuple[dict[str, Any], Any]:
    link = make_course(lena())
    return claims_of(tried(link).ask()), link.deployment


@pytest.mark.parametrize(
    "send",
    [
        pytest.param(resource_link_request, id="Core 3.1.3 LtiResourceLinkRequest"),
        pytest.param(deep_linking_request, id="Core 3.1.3 LtiDeepLinkingRequest"),
        pytest.param(review_request, id="Core 3.1.3 LtiSubmissionReviewRequest"),
        pytest.param(eula_request, id="Core 3.1.3 LtiEulaRequest"),
        pytest.param(launch_on_trial, id="Core 3.1.3 a test launch"),
    ],
)
def test_every_message_names_client_and_deployment(send: Callable[[], tuple[dict[str, Any], Any]]) -> None:
    claims, deployment = send()
    assert claims["aud"] == deployment.registration.client_id
    assert claims[f"{CLAIM}deployment_id"] == deployment.deployment_id
    assert claims[f"{CLAIM}version"] == "1.3.0"


@clause("Core 5.3.5 a link keeps its id, and its copy has another")
def test_ids_of_links(stage: Stage, now: datetime, clause: str) -> None:
    def said(link: ResourceLink) -> str:
        launched = start(stage.person, link, browser=stage.browser)
        return str(claims_of(launched.ask())[f"{CLAIM}resource_link"]["id"])

    course = copy_course(stage.link.context, label="REF-2", title="Autumn", now=now).course
    make_membership(stage.person, course)
    copy = course.resource_links.get()
    assert said(stage.link) == said(stage.link) == str(stage.link.pk)
    assert said(copy) == str(copy.pk) != str(stage.link.pk)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(("sub",), id="Core 5.3.6 sub"),
        pytest.param((f"{CLAIM}deployment_id",), id="Core 5.3.3 deployment_id"),
        pytest.param((f"{CLAIM}resource_link", "id"), id="Core 5.3.5 resource_link.id"),
        pytest.param((f"{CLAIM}context", "id"), id="Core 5.4.1 context.id"),
        pytest.param((f"{CLAIM}tool_platform", "guid"), id="Core 5.4.2 tool_platform.guid"),
    ],
)
def test_ids_are_at_most_255_of_ascii(stage: Stage, path: tuple[str, ...]) -> None:
    value: Any = claims_of(stage.ask())
    for name in path:
        value = value[name]
    assert isinstance(value, str)
    assert value.isascii()
    assert 0 < len(value) <= 255


@clause("Core 5.4.7 a vendor's claim is named by an address")
def test_names_of_claims(stage: Stage, clause: str) -> None:
    names = set(claims_of(stage.ask())) - OPENID
    assert len(names) > 8
    assert all(urlsplit(name).scheme == "https" and urlsplit(name).netloc for name in names)


@clause("Cert 5.1 white space around what people typed is not sent")
def test_white_space(stage: Stage, clause: str) -> None:
    ResourceLink.objects.update(title="  Exam  ", description=" \n", custom_parameters={"a": " b "})
    claims = claims_of(stage.ask())
    assert claims[f"{CLAIM}resource_link"] == {"id": str(stage.link.pk), "title": "Exam"}
    assert claims[f"{CLAIM}custom"]["a"] == "b"


@pytest.mark.parametrize(
    ("claim", "members"),
    [
        pytest.param(AGS, {"scope", "lineitems"}, id="AGS 3.1 line items and scores"),
        pytest.param(NRPS, {"context_memberships_url", "service_versions"}, id="NRPS 3.6.1.1 the roster"),
        pytest.param(GROUPS, {"context_groups_url", "service_versions"}, id="Course Groups the groups"),
        pytest.param(NOTICES, {"platform_notification_service_url"}, id="PNS the notices"),
    ],
)
def test_each_service_has_a_claim_of_its_own_where_it_may_be_called(claim: str, members: set[str]) -> None:
    assert members <= set(claims_of(lena_starts().ask())[claim])
    assert claim not in claims_of(lena_starts(scopes=[]).ask())


@clause("Core 6.1 addresses of services are resolved, no templates")
def test_addresses_of_services(stage: Stage, clause: str) -> None:
    found = addresses(claims_of(stage.ask()), AGS, NRPS, GROUPS, NOTICES)
    assert len(found) == 5
    for address in found:
        assert not set("{}$<>") & set(address)
        assert resolve(urlsplit(address).path)


@clause("Core 6.2 no service without a token, and one token endpoint for all of them")
def test_services_are_protected(stage: Stage, clause: str) -> None:
    bearer = seeker(stage.launch.registration).bearer()
    for address in addresses(claims_of(stage.ask()), AGS, NRPS, GROUPS, NOTICES):
        path = urlsplit(address).path
        assert Client().get(path).status_code == 401, path
        assert Client().get(path, headers={"Authorization": bearer}).status_code == 200, path


@clause("Core 5.3.4 a link's own address is the target, at the login and in the claim")
def test_the_target_of_a_link_with_an_address(stage: Stage, clause: str) -> None:
    own = stage.launch.target_link_uri + "/quiz/3"
    ResourceLink.objects.update(target_link_uri=own)
    again = start(stage.person, ResourceLink.objects.get(pk=stage.link.pk), browser=stage.browser)
    assert again.login["target_link_uri"] == claims_of(again.ask())[f"{CLAIM}target_link_uri"] == own


@pytest.mark.parametrize("role", [pytest.param(name, id=f"Core A.2.3 {name}") for name in CONTEXT_ROLES])
def test_context_roles_are_sent_in_full(stage: Stage, role: str) -> None:
    stage.link.context.memberships.update(roles=[role])
    assert claims_of(stage.ask())[f"{CLAIM}roles"] == [f"{MEMBERSHIP}{role}"]


@clause("Core 5.3.7.1 roles is there for who has none")
def test_no_role(clause: str) -> None:
    claims, _deployment = eula_request()
    assert claims[f"{CLAIM}roles"] == []


@pytest.mark.parametrize(
    ("target", "told_as"),
    [
        pytest.param("iframe", "iframe", id="Core 5.4.4 iframe"),
        pytest.param("window", "window", id="Core 5.4.4 window"),
        pytest.param("popup", None, id="Core 5.4.4 no other target"),
    ],
)
def test_document_targets(stage: Stage, target: str, told_as: str | None) -> None:
    Launch.objects.update(document_target=target)
    assert claims_of(stage.ask())[f"{CLAIM}launch_presentation"].get("document_target") == told_as


@pytest.mark.parametrize(
    "joint", [pytest.param("?", id="Core 5.4.4 with ?"), pytest.param("&", id="Core 5.4.4 with &")]
)
def test_the_way_back_takes_plain_text(stage: Stage, joint: str) -> None:
    back = urlsplit(claims_of(stage.ask())[f"{CLAIM}launch_presentation"]["return_url"]).path
    page = stage.browser.get(f"{back}{joint}lti_msg=<b>Done</b>").content.decode()
    assert "&lt;b&gt;Done&lt;/b&gt;" in page
    assert "<b>Done" not in page


@clause("Core 5.4.6 custom values are strings, empty ones too, never null")
def test_custom_values(clause: str) -> None:
    said = custom(lena_starts(custom_parameters={"none": None, "empty": "", "number": 3, "yes": True}))
    assert said == {"none": "", "empty": "", "number": "3", "yes": "true"}


@pytest.mark.parametrize(
    ("value", "level", "said"),
    [
        pytest.param("$No.such", "public", "$No.such", id="Core B unsupported: unresolved"),
        pytest.param(
            "$Person.name.full", "anonymous", "$Person.name.full", id="Core B not allowed: unresolved"
        ),
        pytest.param("$Person.name.full", "name", "Lena Ruiz", id="Core B allowed: resolved"),
        pytest.param("$ResourceLink.description", "public", "", id="Core B nothing to say: empty"),
        pytest.param("x/$User.id", "public", "x/$User.id", id="Core B a variable is the whole value"),
    ],
)
def test_what_becomes_of_a_variable(value: str, level: str, said: str) -> None:
    assert custom(lena_starts(custom_parameters={"value": value}, privacy=level)) == {"value": said}


@clause("Core B variables are resolved when the launch is sent")
def test_when_variables_are_resolved(clause: str) -> None:
    stage = lena_starts(custom_parameters={"title": "$ResourceLink.title"})
    ResourceLink.objects.update(title="Renamed")
    assert custom(stage) == {"title": "Renamed"}


@clause("Core B.1 a vendor's variables are named by a reversed domain")
def test_names_of_variables(clause: str) -> None:
    families = {
        *("User", "Person", "ActualUser", "ActualPerson", "Context", "ResourceLink", "CourseTemplate"),
        *("CourseOffering", "CourseSection", "Group", "Membership", "Message", "ToolPlatform"),
        "ToolPlatformInstance",
    }
    own = [name for name in supported() if name.partition(".")[0] not in families]
    assert own
    assert all(name.startswith(VENDOR) for name in own)


@pytest.mark.parametrize(
    ("items", "is_known"),
    [
        pytest.param(0, False, id="AGS 4.4 none"),
        pytest.param(1, True, id="AGS 4.4 exactly one"),
        pytest.param(2, False, id="AGS 4.4 two"),
    ],
)
def test_the_line_item_s_address_is_known_for_exactly_one(items: int, is_known: bool) -> None:
    stage = lena_starts(custom_parameters={"one": "$LineItem.url", "all": "$LineItems.url"})
    for _number in range(items):
        make_line_item(stage.link, is_coupled=False)
    said = custom(stage)
    assert said["all"].endswith("/lineitems")
    assert said["one"].startswith(f"{said['all']}/") if is_known else said["one"] == ""


@clause("Core 6.2 a tool sees its own deployment's objects alone")
def test_foreign_objects(clause: str) -> None:
    mine, theirs = make_tool(), make_tool()
    item = make_line_item(theirs.link)
    assert theirs.get(line_item_url(item)).status_code == 200
    assert mine.get(line_item_url(item)).status_code == 404
