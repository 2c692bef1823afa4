"""Why a registration was refused, for an admin who reads Spanish."""

import html
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.people.models import Person
from lti_platform.tools.models import RegistrationLink
from tests.factories import ada
from tests.lti_platform.tools.descriptions import request_of
from tests.lti_platform.tools.dynamic.registering import invited
from tests.tool_keys import ToolKey

pytestmark = pytest.mark.django_db
WEAK = ToolKey("weak", bits=1024).jwks


@pytest.fixture
def spanish_ada(client: Client) -> Person:
    """Ada, signed in."""
    person = ada()
    person.locale = "es"
    person.save(update_fields=["locale"])
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (request_of(client_name=None), "falta"),
        (request_of(jwks_uri="https://tool.example:8080/jwks"), "Solo se permiten los puertos 443 y 8443."),
        (request_of(jwks_uri=None, jwks={"keys": []}), "no contiene ninguna clave"),
        (request_of(jwks_uri=None, jwks="text"), "debe ser un objeto JSON con claves (keys)"),
        (request_of(jwks_uri=None, jwks={"keys": [{"d": "x"}]}), "contiene una clave privada"),
        (request_of(jwks_uri=None, jwks=WEAK), "no contiene ninguna clave que podamos usar (“weak”: "),
        (request_of(jwks_uri=None, jwks=WEAK), "2048 bits: "),
        (b"{", "debe ser un solo objeto JSON"),
        (b" " * 70_000, "debe tener como máximo 65536 bytes"),
    ],
    ids=["field", "port", "empty", "no set", "private", "weak", "why weak", "no json", "long"],
)
def test_a_spanish_admin_reads_why_in_spanish(
    client: Client, spanish_ada: Person, body: Any, words: str
) -> None:
    tool = invited(by=spanish_ada)
    assert tool.post_body(body).status_code >= 400
    page = client.get(reverse("registration-link", args=[tool.link.pk]))
    assert words in html.unescape(page.content.decode())


def test_a_form_for_a_registration_is_told_in_spanish_too(client: Client, spanish_ada: Person) -> None:
    tool = invited(by=spanish_ada)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {tool.token}"}
    assert Client().post("/lti/register", {}, **headers).status_code == 415  # type: ignore[arg-type]
    page = client.get(reverse("registration-link", args=[tool.link.pk]))
    assert "debe enviarse como application/json" in page.content.decode()


def test_a_reason_that_has_no_words_here_is_told_as_it_was_kept(client: Client, spanish_ada: Person) -> None:
    tool = invited(by=spanish_ada)
    RegistrationLink.objects.update(
        refused_at=datetime.now(UTC),
        refusal=[{"field": "scope", "code": "of_old", "message": "was odd"}],
    )
    page = client.get(reverse("registration-link", args=[tool.link.pk]))
    assert page.context["problems"] == [("scope", "was odd")]
