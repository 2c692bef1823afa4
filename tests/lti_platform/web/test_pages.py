"""The pages everyone meets: sign-in, help, the two pages of a launch."""

from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from tests.factories import PASSWORD, lena
from tests.lti_platform.web.rendering import Outline

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """Tries are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/a-b/",
        "/accounts/password/reset/key/done/",
        "/accounts/inactive/",
        "/privacy/",
        "/accessibility/",
        "/help/",
    ],
)
def test_a_stranger_can_read_it(client: Client, address: str, language: str) -> None:
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == 200
    check_outline(response.content.decode(), language=language)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "address",
    [
        "/you/",
        "/accounts/logout/",
        "/accounts/password/change/",
        "/accounts/reauthenticate/",
        "/accounts/2fa/",
    ],
)
def test_a_person_can_read_it(client: Client, address: str, language: str) -> None:
    sign_in(client, language=language)
    response = client.get(address)
    assert response.status_code == 200
    check_outline(response.content.decode(), language=language)


def sign_in(client: Client, *, language: str) -> None:
    """Through the door, so that what asks for a recent sign-in is satisfied."""
    person = lena(locale=language)
    response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert response.headers["Location"] == "/"


def check_outline(html: str, *, language: str) -> None:
    """One heading, one language, every reference of ears exists, nothing left untranslated in the frame."""
    outline = Outline(html)
    assert outline.count("h1") == 1
    assert f'<html lang="{language}">' in html
    assert set(outline.references) <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))
    skip = {"en": "Skip to content", "es": "Ir al contenido"}
    assert skip[language] in html


def test_a_wrong_password_is_said_where_it_is_wrong(client: Client) -> None:
    html = client.post(
        "/accounts/login/", {"login": "lena@example.test", "password": "wrong"}
    ).content.decode()
    assert 'role="alert"' in html
    assert "wrong" not in html.split("</form>")[0].split('name="password"')[1].split(">")[0]


def test_signing_in_leaves_no_message_behind(client: Client) -> None:
    sign_in(client, language="en")
    assert "notice" not in client.get("/you/").content.decode()


def test_the_second_step_can_be_turned_on(client: Client) -> None:
    sign_in(client, language="es")
    asked = client.get("/accounts/2fa/totp/activate/").headers["Location"]
    check_outline(client.get(asked).content.decode(), language="es")
    offered = client.post(asked, {"password": PASSWORD}, follow=True)
    check_outline(offered.content.decode(), language="es")
    assert 'src="data:image/svg+xml' in offered.content.decode()
    secret = client.session["mfa.totp.secret"]
    turned_on = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    check_outline(turned_on.content.decode(), language="es")
    for address in (
        "/accounts/2fa/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/generate/",
    ):
        check_outline(client.get(address).content.decode(), language="es")
    check_outline(client.get("/accounts/2fa/totp/deactivate/").content.decode(), language="es")


def test_a_second_step_stands_between_password_and_pages(client: Client) -> None:
    person = lena(locale="en")
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}, follow=True)
    check_outline(response.content.decode(), language="en")
    assert "One more step" in response.content.decode()
    assert client.get("/you/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/you/").status_code == 200


def code_of(secret: str) -> str:
    """What the authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_too_many_tries_are_told_how_long_to_wait(client: Client) -> None:
    for _ in range(12):
        response = client.post("/accounts/password/reset/", {"email": "lena@example.test"})
    assert response.status_code == 429
    assert "Wait 5 minutes" in response.content.decode()


def test_a_launch_posts_its_fields_by_itself_or_by_a_button() -> None:
    html = render_to_string(
        "web/auto_post.html",
        {"tool": "<b>ProctorCo</b>", "action": "https://t.example/launch", "fields": {"state": "s"}},
    )
    assert "Opening &lt;b&gt;ProctorCo&lt;/b&gt;…" in html
    assert (
        '<form class="part first" method="post" action="https://t.example/launch" data-auto-submit>' in html
    )
    assert '<input type="hidden" name="state" value="s">' in html
    assert "web/auto-submit" in html
    assert "<button" in html


def test_the_same_fields_are_posted_again_from_our_own_site() -> None:
    html = render_to_string(
        "web/repost.html", {"action": "/lti/authorize", "fields": [("id_token", 'a"b'), ("state", "s")]}
    )
    assert 'value="a&quot;b"' in html
    assert html.index("id_token") < html.index('name="state"')


def test_a_message_says_what_happened_and_what_comes_next() -> None:
    values = {
        "kind": "act",
        "answer": "ProctorCo no se pudo abrir.",
        "more": "No se inició nada.",
        "reference": "7K3-QF2",
        "rule": "redirect_uri_not_registered",
        "next_steps": ["Tu administrador corrige la conexión."],
    }
    with translation.override("es"):
        html = render_to_string("web/message.html", values)
    for words in ("7K3-QF2", "redirect_uri_not_registered", "Qué pasa ahora", "corrige la conexión"):
        assert words in html
