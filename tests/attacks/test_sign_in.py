"""Mallory tries passwords."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from lti_platform.journal.models import Entry
from tests.factories import PASSWORD, lena

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def tried(login: str, password: str) -> tuple[int, bool]:
    """The status of a sign-in from a new browser, and whether somebody is signed in."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": login, "password": password})
    return answer.status_code, "_auth_user_id" in client.session


def test_after_five_wrong_passwords_even_the_right_one_waits() -> None:
    login = str(lena().email)
    for number in range(5):
        assert tried(login, f"guess {number}") == (200, False)
    assert not tried(login, PASSWORD)[1]
    assert Entry.objects.filter(payload__rule="sign_in_failed").count() >= 5


def test_the_right_password_signs_in() -> None:
    assert tried(str(lena().email), PASSWORD)[1]


def answer_to(login: str) -> str:
    """The page after a wrong password, without what differs at every request."""
    page = Client().post(reverse("account_login"), {"login": login, "password": "guess"}).content.decode()
    return re.sub(r'value="[^"]{64}"|\b\w{3}-\w{3}\b|<time .*?</time>', "", page.replace(login, "someone"))


def test_an_account_that_is_not_there_is_answered_like_one_that_is() -> None:
    assert answer_to("nobody@example.test") == answer_to(str(lena().email))
