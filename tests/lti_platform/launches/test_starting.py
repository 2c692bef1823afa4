"""Starting a launch: who may, what is kept, what the tool is sent."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lti_platform.courses.models import ResourceLink
from lti_platform.journal.models import Entry
from lti_platform.launches import errors, hints
from lti_platform.launches.models import Launch
from lti_platform.launches.starting import as_address, login_initiation, start
from lti_platform.launches.views.redirect import open_tool
from lti_platform.launches.vocabulary import END_ASSESSMENT, RESOURCE_LINK_REQUEST, START_PROCTORING
from lti_platform.people.models import Person
from tests.factories import lena, make_deployment, make_registration, mallory
from tests.lti_platform.launches.staging import browser_of, form_of, make_course

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def lenas_start(link: ResourceLink, person: Person, **changes: Any) -> tuple[Launch, str]:
    opening: Any = {
        "deployment": link.deployment,
        "message_type": RESOURCE_LINK_REQUEST,
        "resource_link": link,
        **changes,
    }
    return start(person=person, session_key="session", now=NOW, **opening)


@pytest.fixture
def person() -> Person:
    return lena()


@pytest.fixture
def link(person: Person) -> ResourceLink:
    return make_course(person)


def test_a_launch_is_bound_to_all_it_is_about(link: ResourceLink, person: Person) -> None:
    launch, hint = lenas_start(link, person, subject="attempt:1")
    kept = Launch.objects.get()
    assert kept == launch
    assert (kept.person, kept.deployment, kept.context, kept.resource_link) == (
        person,
        link.deployment,
        link.context,
        link,
    )
    assert kept.registration == link.deployment.registration
    assert kept.session_digest == hints.digest("session")
    assert kept.expires_at == NOW + timedelta(seconds=settings.LTI_LAUNCH_SECONDS)
    assert len(hint) >= 43
    assert kept.hint_digest == hints.digest(hint) != hint


def test_the_tool_is_sent_what_the_standard_names_and_nothing_about_the_person(
    link: ResourceLink, person: Person
) -> None:
    launch, hint = lenas_start(link, person)
    address, parameters = login_initiation(launch, hint=hint)
    assert address == link.deployment.registration.initiate_login_uri
    assert parameters == {
        "iss": settings.PLATFORM_URL,
        "login_hint": str(launch.pk),
        "target_link_uri": launch.target_link_uri,
        "lti_message_hint": hint,
        "lti_deployment_id": link.deployment.deployment_id,
        "client_id": link.deployment.registration.client_id,
    }
    assert str(person.pk) not in str(parameters)


def test_two_launches_have_different_hints_and_references(link: ResourceLink, person: Person) -> None:
    (first, hint), (second, other) = lenas_start(link, person), lenas_start(link, person)
    assert hint != other
    assert first.reference != second.reference


def test_the_link_s_own_address_is_the_target(link: ResourceLink, person: Person) -> None:
    link.target_link_uri = "https://tool.example/other"
    assert lenas_start(link, person)[0].target_link_uri == "https://tool.example/other"


def test_a_message_about_another_tool_s_link_goes_to_its_own_address(
    link: ResourceLink, person: Person
) -> None:
    link.target_link_uri = "https://assessment.example/quiz"
    messages = [{"type": START_PROCTORING, "target_link_uri": "https://proctor.example/start"}]
    proctor = make_deployment(make_registration("Proctor", messages=messages))
    launch, _hint = lenas_start(link, person, deployment=proctor, message_type=START_PROCTORING)
    assert launch.target_link_uri == "https://proctor.example/start"


def switch_off(link: ResourceLink) -> None:
    link.deployment.is_enabled = False


def switch_off_registration(link: ResourceLink) -> None:
    link.deployment.registration.is_enabled = False


def deploy_elsewhere(link: ResourceLink) -> None:
    link.deployment.organization = mallory().organization


def remove(link: ResourceLink) -> None:
    link.removed_at = NOW


def lose_place(link: ResourceLink) -> None:
    link.context.memberships.update(status="inactive")


def give_to_another_tool(link: ResourceLink) -> None:
    link.deployment_id = make_deployment().pk


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (switch_off, errors.ToolNotEnabled),
        (switch_off_registration, errors.ToolNotEnabled),
        (deploy_elsewhere, errors.ToolNotOfCourse),
        (remove, errors.LinkRemoved),
        (lose_place, errors.NotAMember),
    ],
)
def test_a_launch_that_could_not_end_well_is_not_started(
    link: ResourceLink, person: Person, change: Any, error: type[errors.LaunchNotStarted]
) -> None:
    change(link)
    with pytest.raises(error):
        lenas_start(link, person)
    assert not Launch.objects.exists()


def test_a_resource_link_launch_needs_a_link_of_its_own_tool(link: ResourceLink, person: Person) -> None:
    with pytest.raises(errors.LinkMissing):
        lenas_start(link, person, resource_link=None)
    with pytest.raises(errors.LinkOfAnotherTool):
        lenas_start(link, person, deployment=make_deployment())


def test_someone_of_no_course_cannot_open_its_link(link: ResourceLink) -> None:
    with pytest.raises(errors.NotAMember):
        lenas_start(link, mallory())


@pytest.mark.parametrize("says_so", [False, True])
def test_hours_of_its_own_are_said_and_not_guessed_from_the_subject(
    link: ResourceLink, person: Person, says_so: bool
) -> None:
    link.available_until = NOW - timedelta(hours=1)
    if says_so:
        assert lenas_start(link, person, subject="attempt:1", has_own_hours=True)[0].resource_link == link
    else:
        with pytest.raises(errors.LinkClosed):
            lenas_start(link, person, subject="attempt:1")


@pytest.mark.parametrize(
    ("roles", "opens"),
    [
        (["Learner"], True),
        (["Learner#GuestLearner"], True),
        (["Learner", "Learner#GuestLearner"], True),
        (["Learner#GuestLearner", "Instructor#Grader"], False),
        ([], False),
    ],
)
def test_who_may_only_learn_opens_links_as_a_learner_of_any_kind(
    link: ResourceLink, person: Person, roles: list[str], opens: bool
) -> None:
    link.context.memberships.update(roles=roles)
    person.learns_only = True
    if opens:
        assert lenas_start(link, person)[0].person == person
    else:
        with pytest.raises(errors.NotAMember):
            lenas_start(link, person)


def test_a_person_whose_contract_has_ended_cannot_open_anything(link: ResourceLink, person: Person) -> None:
    person.contract_end = NOW.date() - timedelta(days=1)
    with pytest.raises(errors.NotAMember):
        lenas_start(link, person)


def test_a_message_may_have_no_link_and_no_course(link: ResourceLink, person: Person) -> None:
    launch, _hint = lenas_start(link, person, message_type=END_ASSESSMENT, resource_link=None)
    assert launch.context is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://t.example/login", "https://t.example/login?a=b+c"),
        ("https://t.example/login?x=1", "https://t.example/login?x=1&a=b+c"),
        ("https://t.example/login#top", "https://t.example/login?a=b+c#top"),
    ],
)
def test_parameters_join_the_query_that_is_there(url: str, expected: str) -> None:
    assert as_address(url, parameters={"a": "b c"}) == expected


def test_opening_a_link_sends_the_browser_to_the_tool(link: ResourceLink, person: Person) -> None:
    response = browser_of(person).get(reverse("launch-link", args=[link.pk]))
    location = urlsplit(response.headers["Location"])
    assert response.status_code == 302
    assert response.headers["Cache-Control"] == "no-store"
    assert location.netloc == link.deployment.registration.domains[0]
    assert dict(parse_qsl(location.query))["login_hint"] == str(Launch.objects.get().pk)


def test_a_stranger_signs_in_first(link: ResourceLink) -> None:
    response = Client().get(reverse("launch-link", args=[link.pk]))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")
    assert not Launch.objects.exists()


def test_mallory_gets_a_page_with_a_reference_and_leaves_a_security_entry(link: ResourceLink) -> None:
    response = browser_of(mallory()).get(reverse("launch-link", args=[link.pk]))
    assert response.status_code == 403
    entry = Entry.objects.get(fact_type="security.refused", payload__rule="not_a_member")
    assert entry.details.note[:7].encode() in response.content
    assert b"Who leads the course can give you a place." in response.content


def test_starting_costs_the_same_whatever_else_is_kept(link: ResourceLink, person: Person) -> None:
    browser = browser_of(person)
    for _number in range(20):
        lenas_start(link, person)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        browser.get(reverse("launch-link", args=[link.pk]))
    work = [query for query in captured if query["sql"].split()[0] in {"SELECT", "INSERT", "UPDATE"}]
    assert len(work) <= 6


def test_a_button_is_answered_by_a_page_that_posts_itself(link: ResourceLink, person: Person) -> None:
    request = RequestFactory().post("/exams/1/")
    request.user, request.session = person, SessionStore()
    response = open_tool(
        request, deployment=link.deployment, message_type=RESOURCE_LINK_REQUEST, resource_link=link
    )
    form = form_of(response)
    assert form.action == link.deployment.registration.initiate_login_uri
    assert form.fields["login_hint"] == str(Launch.objects.get().pk)


@pytest.mark.parametrize("name", [pytest.param("Same tool", id="case-214 two registrations of one tool")])
def test_two_registrations_of_one_tool_are_told_apart_by_client_id(person: Person, name: str) -> None:
    links = [make_course(person, initiate_login_uri="https://tool.example/login") for _number in range(2)]
    clients = {login_initiation(lenas_start(link, person)[0], hint=name)[1]["client_id"] for link in links}
    assert len(clients) == 2
