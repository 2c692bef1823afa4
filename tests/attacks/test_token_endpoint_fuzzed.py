"""Whatever is thrown at the token endpoint is refused in its own words, and nothing is ever issued."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keys.models import OneTimeUse
from lti_platform.journal.models import Entry
from tests.attacks.asking_for_tokens import (
    ASSERTION_TYPE,
    FORM,
    TokenSeeker,
    post_bytes,
    seeker,
    sign_anything,
    unsigned,
)
from tests.factories import make_registration

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lti_platform.tools.urls")]
ERRORS = {"invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"}
NAMES = ["grant_type", "client_assertion_type", "client_assertion", "scope", "client_id", "client_secret"]
many = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 2
)

texts = st.text(max_size=40)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
values = st.sampled_from(["client_credentials", ASSERTION_TYPE, "a.b.c", "e30.e30.e30"]) | texts


@pytest.fixture
def tool() -> TokenSeeker:
    return seeker(make_registration())


def assert_nothing_issued(body: bytes, *, content_type: str = FORM) -> None:
    answer = post_bytes(body, content_type=content_type)
    assert answer.status_code in {400, 413}
    assert answer.json()["error"] in ERRORS
    assert not OneTimeUse.objects.exists()
    assert not Entry.objects.exclude(fact_type="security.refused").exists()


@many
@given(
    body=st.binary(max_size=300), content_type=st.sampled_from([FORM, "text/plain", "", f"{FORM};charset=x"])
)
def test_any_bytes(tool: TokenSeeker, body: bytes, content_type: str) -> None:
    assert_nothing_issued(body, content_type=content_type)


@many
@given(pairs=st.lists(st.tuples(st.sampled_from(NAMES) | texts, values), max_size=8))
def test_any_fields(tool: TokenSeeker, pairs: list[tuple[str, str]]) -> None:
    assert_nothing_issued(urlencode(pairs, errors="surrogatepass").encode())


@many
@given(
    header=st.dictionaries(texts, anything, max_size=3), claims=st.dictionaries(texts, anything, max_size=3)
)
def test_any_unsigned_assertion(tool: TokenSeeker, header: dict[str, Any], claims: dict[str, Any]) -> None:
    shown = {"alg": "RS256", "kid": tool.key.kid, **header}
    forged = unsigned({**tool.claims(), **claims}, header=shown, signature=b"forged")
    assert_nothing_issued(urlencode(tool.fields(assertion=forged)).encode())


@many
@given(
    claim=st.sampled_from(["iss", "sub", "aud", "exp", "iat", "jti"]),
    value=anything.filter(lambda value: json.dumps(value) is not None),
)
def test_any_value_of_a_claim_signed_by_the_tool(tool: TokenSeeker, claim: str, value: Any) -> None:
    if claim == "jti" and isinstance(value, str) and value:
        value = [value]  # any text will do as an id
    signed = sign_anything(tool.key, {**tool.claims(), claim: value})
    assert_nothing_issued(urlencode(tool.fields(assertion=signed)).encode())
