"""What an admin reads about an exam depends on how its proctoring tool is opened."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import ada, make_exam

pytestmark = pytest.mark.django_db
NO_FLAGS = "The tool may raise no flags"


@pytest.fixture
def desk() -> Client:
    """Ada's browser."""
    made = Client()
    made.force_login(ada())
    return made


def page(desk: Client, *, what: str = "", scopes: list[str] | None = None, **fields: Any) -> str:
    exam = make_exam(**fields)
    if scopes is not None:
        registration = exam.proctoring_link.deployment.registration
        registration.scopes = scopes
        registration.save()
    return desk.get(f"/admin/exams/{exam.pk}/{what}").content.decode()


def test_a_tool_that_knows_only_links_and_has_no_scope_for_flags_is_named(desk: Client) -> None:
    assert NO_FLAGS in page(desk, kind="linked", scopes=[])
    assert NO_FLAGS not in page(desk, kind="linked")


def test_a_tool_that_speaks_proctoring_services_needs_no_word_about_flags(desk: Client) -> None:
    assert NO_FLAGS not in page(desk, kind="two_tools", scopes=[])


def test_one_tool_is_named_once(desk: Client) -> None:
    assert (
        page(desk, kind="one_tool").count("/admin/tools/")
        == page(desk, kind="linked").count("/admin/tools/") - 1
    )


@pytest.mark.parametrize("kind", ["two_tools", "linked", "one_tool"])
def test_the_form_says_of_which_kind_the_exam_is(desk: Client, kind: str) -> None:
    words = {
        "two_tools": "speaks Proctoring Services",
        "linked": "knows only ordinary links",
        "one_tool": "One tool",
    }
    assert words[kind] in page(desk, what="edit", kind=kind)
