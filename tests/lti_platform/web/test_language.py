"""The language follows the person; before signing in, the browser."""

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import lena

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME


def language_of(client: Client, **headers: str) -> str:
    html = client.get("/privacy/", headers=headers or None).content.decode()
    return html.split('<html lang="')[1].split('"')[0]


def test_a_strangers_language_is_that_of_the_browser(client: Client) -> None:
    assert language_of(client, **{"accept-language": "es-MX,es;q=0.9"}) == "es"
    assert language_of(client, **{"accept-language": "de"}) == "en"


def test_a_person_is_spoken_to_in_their_own_language(client: Client) -> None:
    client.force_login(lena(locale="es"))
    assert language_of(client, **{"accept-language": "en"}) == "es"


def test_a_choice_before_signing_in_holds_in_this_browser(client: Client) -> None:
    response = client.post("/language/", {"language": "es", "next": "/privacy/"})
    assert response.headers["Location"] == "/privacy/"
    assert response.cookies[COOKIE]["max-age"] == ""
    assert language_of(client) == "es"
    client.force_login(lena(locale="en"))
    assert language_of(client) == "es"


def test_a_choice_of_a_person_is_kept_with_the_person(client: Client) -> None:
    person = lena(locale="en")
    client.force_login(person)
    client.post("/language/", {"language": "es"})
    person.refresh_from_db()
    assert person.locale == "es"
    assert not client.cookies[COOKIE].value
    assert language_of(client) == "es"


def test_a_language_we_do_not_speak_changes_nothing(client: Client) -> None:
    person = lena(locale="es")
    client.force_login(person)
    client.post("/language/", {"language": "<script>"})
    person.refresh_from_db()
    assert person.locale == "es"


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(client: Client, next_page: str) -> None:
    assert client.post("/language/", {"language": "es", "next": next_page}).headers["Location"] == "/"


def test_the_switch_is_a_post(client: Client) -> None:
    assert client.get("/language/").status_code == 405
