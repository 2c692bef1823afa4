"""The masthead shows where a person may go, and nothing else."""

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from lti_platform.people.models import Person
from lti_platform.web.navigation import Entry, current, entries
from tests.factories import ada, cora, lena, pia

pytestmark = pytest.mark.django_db


def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("ok")


NAMES = {
    "learner-home": "home/",
    "learner-certificates": "home/certificates/",
    "review-queue": "review/",
    "tool-list": "admin/tools/",
    "compliance-search": "search/",
}
urlpatterns = [
    *[path(address, page, name=name) for name, address in NAMES.items()],
    path("", include("lti_platform.web.urls")),
    path("accounts/", include("allauth.urls")),
]


@pytest.fixture(autouse=True)
def addresses(settings: LazySettings) -> None:
    settings.ROOT_URLCONF = __name__


def names(person: Person) -> list[str]:
    return [entry.name for entry in entries(person)]


def test_lena_sees_what_one_learns() -> None:
    assert names(lena()) == ["learner-home", "learner-certificates"]


def test_work_comes_before_learning() -> None:
    assert names(pia()) == ["review-queue", "learner-home", "learner-certificates"]


def test_beside_work_what_one_learns_is_called_ones_own() -> None:
    assert [str(entry.label) for entry in entries(pia())] == ["Queue", "My exams", "My certificates"]
    assert [str(entry.label) for entry in entries(lena())] == ["Home", "Certificates"]


def test_many_places_are_behind_a_button_that_needs_no_script(client: Client, settings: LazySettings) -> None:
    settings.ROOT_URLCONF = "lti_platform.urls"
    client.force_login(ada())
    html = client.get("/you/").content.decode()
    assert '<button type="button" class="masthead-menu" popovertarget="places">' in html
    assert '<nav id="places" popover ' in html
    client.force_login(lena())
    assert "popover" not in client.get("/you/").content.decode()


def test_pages_that_do_not_exist_are_left_out() -> None:
    assert names(ada()) == ["tool-list", "learner-home", "learner-certificates"]


@pytest.mark.parametrize(
    ("who", "lands"), [(lena, "/home/"), (pia, "/review/"), (ada, "/admin/tools/"), (cora, "/search/")]
)
def test_each_lands_on_the_page_they_work_on(client: Client, who: object, lands: str) -> None:
    client.force_login(who())  # type: ignore[operator]
    assert client.get("/").headers["Location"] == lands


def test_a_stranger_lands_on_sign_in(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"


def test_a_page_without_an_entry_of_its_own_belongs_to_the_nearest_above() -> None:
    found = [
        Entry(permission="learn", name="learner-home", url="/home/", label="Home"),
        Entry(
            permission="learn", name="learner-certificates", url="/home/certificates/", label="Certificates"
        ),
    ]
    assert current(found, path="/home/certificates/7/", page="certificate") == "learner-certificates"
    assert current(found, path="/you/", page="you") == ""
    assert current(found, path="/elsewhere/", page="learner-home") == "learner-home"


def test_the_masthead_names_the_person_and_marks_where_they_are(client: Client) -> None:
    client.force_login(pia())
    html = client.get("/you/").content.decode()
    assert "Pia Osei" in html
    assert ">Queue</a>" in html
    assert "Tools" not in html


def test_a_page_asks_for_grants_once(client: Client, django_assert_max_num_queries: object) -> None:
    client.force_login(pia())
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        client.get("/you/")
