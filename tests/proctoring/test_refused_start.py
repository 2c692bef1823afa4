"""A start that was refused: the reference that the candidate is shown leads an admin to the rule and what it said."""

import re

import pytest
from django.test import Client

from tests.browsing import signed_in
from tests.factories import ada, make_organization
from tests.proctoring.browsing import BrowserDay

pytestmark = pytest.mark.django_db


def reference_of(story: BrowserDay) -> str:
    """The reference on the page of a start message that nobody signed."""
    answer = story.post_start("e30.e30.x")
    assert answer.status_code == 400
    found = re.search(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}\b", answer.content.decode())
    assert found
    return found[0]


def found_by(desk: Client, reference: str) -> str:
    return desk.get("/admin/launches/", {"q": reference}).content.decode()


def test_an_admin_finds_the_rule_by_the_reference() -> None:
    story = BrowserDay()
    story.day.begin()
    reference = reference_of(story)
    page = found_by(signed_in(ada()), reference)
    assert re.search(r"Rule: <code>\w+</code>", page)
    assert f"{reference} " in page


def test_an_admin_of_the_candidates_organization_finds_it_and_of_another_does_not() -> None:
    story = BrowserDay()
    story.day.begin()
    reference = reference_of(story)
    assert "Rule: <code>" in found_by(signed_in(ada(story.day.person.organization)), reference)
    assert "Rule: <code>" not in found_by(signed_in(ada(make_organization("Other Company"))), reference)
