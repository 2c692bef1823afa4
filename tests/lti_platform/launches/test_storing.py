"""Which origins are a tool's, and where a launch says that its tool may store values."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.courses.models import ResourceLink
from lti_platform.launches.models import Launch
from lti_platform.launches.storing import origin_of, origins, storage_for
from lti_platform.people.models import Person
from tests.factories import ada, lena, make_registration, mallory
from tests.lti_platform.launches.staging import Stage, browser_of, form_of, login_of, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return lena()


@pytest.fixture
def link(person: Person) -> ResourceLink:
    return make_course(person, initiate_login_uri="https://tool.example/login", domains=["tool.example"])


def framed(person: Person, link: ResourceLink) -> Stage:
    """The tool asks in the frame of the link's page."""
    browser = browser_of(person)
    login = login_of(browser.get(reverse("launch-framed", args=[link.pk])))
    launch = Launch.objects.get(pk=login["login_hint"])
    return Stage(browser=browser, person=person, link=link, launch=launch, login=login)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Tool.Example/login?a=b", "https://tool.example"),
        ("https://tool.example:443/", "https://tool.example"),
        ("https://tool.example:8443/x", "https://tool.example:8443"),
        ("http://127.0.0.1:9001/launch", "http://127.0.0.1:9001"),
        ("https://[::1]:9001/", "https://[::1]:9001"),
        ("https://*.tool.example", ""),
        ("https://tööl.example", ""),
        ("javascript:alert(1)", ""),
        ("https://tool.example:port/", ""),
        ("", ""),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_a_tool_s_origins_are_those_of_its_addresses_and_its_domains() -> None:
    registration = make_registration(
        initiate_login_uri="https://login.tool.example/start",
        redirect_uris=["https://tool.example/launch", "https://eu.tool.example/launch"],
        target_link_uri="https://tool.example/launch",
        messages=[
            {"type": "LtiStartProctoring", "target_link_uri": "https://start.tool.example/"},
            {"type": "x"},
        ],
        domains=["tool.example", "media.tool.example:8443", "*.tool.example"],
    )
    hosts = ("eu.tool", "login.tool", "media.tool", "start.tool", "tool")
    ports = {"media.tool": ":8443"}
    assert origins(registration) == [f"https://{host}.example{ports.get(host, '')}" for host in hosts]


def test_a_page_s_mark_tells_sessions_apart_and_nothing_else() -> None:
    registration = make_registration()
    first = storage_for(registration, session_key="secret-1")
    assert first == storage_for(registration, session_key="secret-1")
    assert first["visit"] != storage_for(registration, session_key="secret-2")["visit"]
    assert "secret" not in str(first)


def test_a_page_for_two_tools_names_the_origins_of_both_once() -> None:
    one, two = make_registration(), make_registration()
    named = storage_for(one, two, one, session_key="")["origins"].split(" ")
    assert named == list(dict.fromkeys([*origins(one), *origins(two)]))


def test_a_framed_launch_names_the_parent_with_the_login_and_with_the_token(
    person: Person, link: ResourceLink
) -> None:
    stage = framed(person, link)
    assert stage.login["lti_storage_target"] == "_parent"
    fields = form_of(stage.ask()).fields
    assert {"id_token", "state"} < set(fields)
    assert fields["lti_storage_target"] == "_parent"


def test_so_does_a_refusal(person: Person, link: ResourceLink) -> None:
    fields = form_of(framed(person, link).ask(prompt="login")).fields
    assert (fields["error"], fields["lti_storage_target"]) == ("invalid_request", "_parent")


def test_a_window_that_our_page_opened_names_its_opener(person: Person, link: ResourceLink) -> None:
    response = browser_of(person).get(reverse("launch-beside", args=[link.pk]))
    login = login_of(response)
    assert login["lti_storage_target"] == "_parent"
    assert response.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert Launch.objects.get().document_target == "window"


def test_a_tool_that_ada_tries_can_store_too(link: ResourceLink) -> None:
    browser, address = Client(), reverse("tool-try", args=[link.deployment.registration_id])
    browser.force_login(ada())
    page = browser.get(address).content.decode()
    assert 'target="_blank" rel="opener"' in page
    assert "https://tool.example" in page.partition("data-origins=")[2]
    answer = browser.post(address, {"link": str(link.pk), "pretends": "learner"})
    assert form_of(answer).fields["lti_storage_target"] == "_parent"


def test_where_no_page_of_ours_is_around_nothing_is_said(person: Person, link: ResourceLink) -> None:
    browser = browser_of(person)
    login = login_of(browser.get(reverse("launch-link", args=[link.pk])))
    assert "lti_storage_target" not in login
    launch = Launch.objects.get()
    stage = Stage(browser=browser, person=person, link=link, launch=launch, login=login)
    assert "lti_storage_target" not in form_of(stage.ask()).fields


def test_another_tool_that_shows_a_hint_is_told_nothing_of_the_launch(
    person: Person, link: ResourceLink
) -> None:
    other = make_registration("Other", redirect_uris=["https://other.example/launch"])
    stage = framed(person, link)
    answer = stage.ask(client_id=other.client_id, redirect_uri="https://other.example/launch")
    assert "lti_storage_target" not in form_of(answer).fields


def test_the_page_names_its_tool_s_origins_to_the_script_and_may_frame_it(
    person: Person, link: ResourceLink
) -> None:
    show(link, "iframe")
    response = browser_of(person).get(reverse("link-page", args=[link.pk]))
    page = response.content.decode()
    assert f'src="{reverse("launch-framed", args=[link.pk])}"' in page
    assert "platform-storage.js" in page
    assert f'data-origins="{" ".join(origins(link.deployment.registration))}"' in page
    assert "tool.example" in directive(response, "frame-src")
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"


def test_a_link_that_wants_a_window_has_no_frame_on_its_page(person: Person, link: ResourceLink) -> None:
    page = browser_of(person).get(reverse("link-page", args=[link.pk])).content.decode()
    assert "<iframe" not in page
    assert f'href="{reverse("launch-beside", args=[link.pk])}" target="_blank" rel="opener"' in page
    assert not Launch.objects.exists()


def test_the_frame_s_address_asked_for_in_a_window_leads_to_the_page(
    person: Person, link: ResourceLink
) -> None:
    address = reverse("launch-framed", args=[link.pk])
    response = browser_of(person).get(address, headers={"Sec-Fetch-Dest": "document"})
    assert response.headers["Location"] == reverse("link-page", args=[link.pk])
    assert not Launch.objects.exists()


def test_a_framed_tool_is_told_so_and_comes_back_to_the_page(person: Person, link: ResourceLink) -> None:
    launch = framed(person, link).launch
    assert launch.document_target == "iframe"
    assert urlsplit(launch.return_url).path == reverse("link-page", args=[link.pk])


@pytest.mark.parametrize("name", ["link-page", "launch-framed", "launch-beside"])
def test_who_is_not_in_the_course_gets_a_page_with_a_reference(link: ResourceLink, name: str) -> None:
    response: Any = browser_of(mallory()).get(reverse(name, args=[link.pk]))
    assert response.status_code == 403
    assert not Launch.objects.exists()


@pytest.mark.parametrize("name", ["link-page", "launch-framed", "launch-beside"])
def test_nobody_in_particular_signs_in_first(link: ResourceLink, name: str) -> None:
    response = Client().get(reverse(name, args=[link.pk]))
    location = urlsplit(response.headers["Location"])
    assert location.path == "/accounts/login/"
    assert dict(parse_qsl(location.query))["next"] == reverse(name, args=[link.pk])


def show(link: ResourceLink, where: str) -> None:
    """Says where the link's tool is shown."""
    link.document_target = where
    link.save()


def directive(response: Any, name: str) -> str:
    """One directive of the response's policy."""
    policy = response.headers["Content-Security-Policy"]
    return str(next(part for part in policy.split("; ") if part.startswith(f"{name} ")))
