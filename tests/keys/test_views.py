import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from keys.publishing import published_key_set
from keys.purposes import Purpose
from keys.rotation import rotate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_keys")]


def test_the_key_set_is_public_and_may_be_cached(client: Client) -> None:
    response = client.get("/.well-known/jwks.json")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response["Cache-Control"] == "public, max-age=300"
    assert response.json() == published_key_set(now=timezone.now())


def test_an_unchanged_key_set_is_not_sent_again(client: Client) -> None:
    etag = client.get(reverse("jwks"))["ETag"]
    again = client.get(reverse("jwks"), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=300"


def test_a_rotated_key_set_is_sent_anew(client: Client) -> None:
    etag = client.get(reverse("jwks"))["ETag"]
    rotate(Purpose.ID_TOKEN, now=timezone.now())
    assert client.get(reverse("jwks"), headers={"If-None-Match": etag}).status_code == 200


def test_the_key_set_can_be_asked_for_its_headers(client: Client) -> None:
    response = client.head(reverse("jwks"))
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_key_set_is_only_read(client: Client, method: str) -> None:
    assert getattr(client, method)(reverse("jwks")).status_code == 405


def test_the_page_costs_one_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        client.get(reverse("jwks"))
