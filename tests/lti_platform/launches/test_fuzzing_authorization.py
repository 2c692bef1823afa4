"""Whatever a stranger sends: never a failure of ours, and never a token for a request that was mangled."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_platform.launches.models import Launch
from tests.attacks.mangling import stored
from tests.lti_platform.launches.staging import FORM, Stage, ask, form_of, lena_starts

REQUIRED = (
    "scope",
    "response_type",
    "response_mode",
    "prompt",
    "client_id",
    "redirect_uri",
    "login_hint",
    "lti_message_hint",
)
METHODS = st.sampled_from(["GET", "POST"])
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
# Each example is a request or three.
within_a_test = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples * 2 // 5
)


@pytest.fixture
def stage(db: None) -> Stage:
    return lena_starts()


def but_for_launches() -> dict[str, list[str]]:
    """Every row there is; a launch notes which rule stopped its last request."""
    return {table: rows for table, rows in stored().items() if table != Launch._meta.db_table}


def answered(status: int) -> bool:
    """In the protocol, or on a page of ours."""
    return status in {200, 400}


@within_a_test
@given(name=st.sampled_from(REQUIRED), value=st.none() | TEXT, method=METHODS)
def test_a_request_with_one_thing_mangled_gets_no_token(
    stage: Stage, name: str, value: str | None, method: str
) -> None:
    if value == stage.request()[name] or (name == "scope" and "openid" in (value or "").split(" ")):
        return
    changes: dict[str, Any] = {name: value}
    before = but_for_launches()
    response = stage.ask(method, **changes)
    assert answered(response.status_code)
    assert b'name="id_token"' not in response.content
    assert stage.unspent()
    assert but_for_launches() == before


@within_a_test
@given(
    pairs=st.lists(st.tuples(st.sampled_from([*REQUIRED, "nonce", "state", "x"]) | TEXT, TEXT)),
    method=METHODS,
)
def test_any_list_of_parameters_is_answered_without_a_token(
    stage: Stage, pairs: list[tuple[str, str]], method: str
) -> None:
    for browser in (stage.browser, Client()):
        response = ask(browser, pairs, method=method)
        assert answered(response.status_code)
        assert b'name="id_token"' not in response.content


@within_a_test
@given(
    body=st.binary(max_size=300),
    content_type=st.sampled_from(
        [
            FORM,
            f"{FORM}; charset=rot13",
            f"{FORM}; charset=utf-16",
            "multipart/form-data; boundary=x",
            "text/x",
            "",
        ]
    ),
)
def test_any_bytes_are_answered_without_a_token(stage: Stage, body: bytes, content_type: str) -> None:
    response = stage.browser.generic("POST", "/lti/authorize", body, content_type=content_type)
    assert response.status_code == 400
    assert stage.unspent()


@within_a_test
@given(query=st.binary(max_size=200))
def test_any_query_is_answered_without_a_token(stage: Stage, query: bytes) -> None:
    response = stage.browser.get("/lti/authorize", QUERY_STRING=query.decode("latin-1"))
    assert response.status_code == 400
    assert stage.unspent()


@within_a_test
@given(nonce=TEXT.filter(lambda text: text.isprintable() and text == text.strip() and text), state=TEXT)
def test_any_fair_nonce_and_state_come_back_as_they_were(stage: Stage, nonce: str, state: str) -> None:
    Launch.objects.update(
        consumed_at=None, state=Launch.State.STARTED, expires_at=datetime(2999, 1, 1, tzinfo=UTC)
    )
    fields = form_of(stage.ask("POST", nonce=nonce, state=state)).fields
    assert "id_token" in fields
    assert fields.get("state", "").replace("\r\n", "\n") == state.replace("\r\n", "\n")


@within_a_test
@given(rest=TEXT)
def test_any_return_address_is_answered(stage: Stage, rest: str) -> None:
    stage.ask()
    for appended in (f"?{urlencode({'lti_msg': rest})}", f"&lti_errormsg={rest}", f"?lti_log={rest}&&=&"):
        response = stage.browser.get(f"/lti/return/{stage.launch.reference}{appended}".replace("#", "%23"))
        assert response.status_code in {200, 302, 404}
