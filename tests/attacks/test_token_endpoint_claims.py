"""Section C of the negative cases: what the assertion says, when it was said, and that it is said once (RFC 7523 3)."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections

from keys.models import OneTimeUse
from lti_platform.journal.models import Entry
from tests.attacks.asking_for_tokens import (
    DEPLOYMENT,
    TokenSeeker,
    assert_refused,
    endpoint,
    in_deployment,
    post_form,
    seeker,
    sign_anything,
)
from tests.factories import make_deployment, make_registration

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lti_platform.tools.urls")]
HOUR = 3600


@pytest.fixture
def tool() -> TokenSeeker:
    return seeker(make_registration())


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"iss": "nobody", "sub": "nobody"}, id="case-058 unknown client"),
        pytest.param({"sub": None}, id="case-058 no subject"),
        pytest.param({"iss": 7, "sub": 7}, id="case-058 number"),
        pytest.param({"iss": "a\x00b", "sub": "a\x00b"}, id="case-058 NUL"),
        pytest.param({"iss": "x" * 5000, "sub": "x" * 5000}, id="case-058 long"),
        pytest.param({"iss": "https://tool.example"}, id="case-059 iss differs"),
        pytest.param({"iss": None}, id="case-059 iss missing"),
        pytest.param({"aud": None}, id="case-060 missing"),
        pytest.param({"aud": "https://other.example/token"}, id="case-060 another server"),
        pytest.param({"aud": ["https://other.example/token"]}, id="case-060 array without us"),
        pytest.param({"aud": []}, id="case-060 empty array"),
        pytest.param({"aud": {"url": "x"}}, id="case-060 object"),
        pytest.param({"exp": None}, id="case-062 missing"),
        pytest.param({"exp": "abc"}, id="case-062 text"),
        pytest.param({"exp": True}, id="case-062 true"),
        pytest.param({"exp": -1}, id="case-062 negative"),
        pytest.param({"exp": 10**400}, id="case-062 beyond numbers"),
        pytest.param({"iat": None}, id="case-064 missing"),
        pytest.param({"iat": "abc"}, id="case-064 text"),
        pytest.param({"jti": None}, id="case-065 missing"),
        pytest.param({"jti": ""}, id="case-065 empty"),
        pytest.param({"jti": 5}, id="case-065 number"),
        pytest.param({"jti": "x" * 5000}, id="case-065 long"),
        pytest.param({DEPLOYMENT: "nowhere"}, id="case-072 unknown deployment"),
        pytest.param({DEPLOYMENT: 7}, id="case-072 number"),
        pytest.param({DEPLOYMENT: ""}, id="case-072 empty"),
    ],
)
def test_a_claim_that_breaks_its_rule_is_refused(tool: TokenSeeker, changes: dict[str, Any]) -> None:
    claims = {name: value for name, value in {**tool.claims(), **changes}.items() if value is not None}
    assert_refused(tool.ask(assertion=sign_anything(tool.key, claims)), "invalid_client")


@pytest.mark.parametrize(
    ("iat", "exp"),
    [
        pytest.param(-HOUR, -61, id="case-062 past beyond leeway"),
        pytest.param(0, HOUR + 1, id="case-063 more than an hour"),
        pytest.param(0, 10 * 365 * 24 * HOUR, id="case-063 ten years"),
        pytest.param(0, -5, id="case-063 ends before it begins"),
        pytest.param(120, 300, id="case-064 future"),
        pytest.param(-370, 60, id="case-064 too old"),
        pytest.param(-600, -300, id="case-212 clock ten minutes behind"),
        pytest.param(600, 900, id="case-212 clock ten minutes ahead"),
    ],
)
def test_times_out_of_bounds_are_refused(tool: TokenSeeker, iat: int, exp: int) -> None:
    now = int(time.time())
    assert_refused(tool.ask_with(iat=now + iat, exp=now + exp), "invalid_client")


@pytest.mark.parametrize(
    ("iat", "exp"),
    [
        pytest.param(-58, -30, id="case-212 a minute behind"),
        pytest.param(55, 355, id="case-212 a minute ahead"),
        pytest.param(-5, 60, id="case-062 as common tools do"),
        pytest.param(0, HOUR, id="case-063 just an hour"),
    ],
)
def test_times_within_bounds_are_accepted(tool: TokenSeeker, iat: int, exp: int) -> None:
    now = int(time.time())
    assert tool.ask_with(iat=now + iat, exp=now + exp).status_code == 200


@pytest.mark.parametrize(
    "claim",
    [pytest.param("exp", id="case-062 numeric text"), pytest.param("iat", id="case-064 numeric text")],
)
def test_a_time_written_as_text_is_refused(tool: TokenSeeker, claim: str) -> None:
    claims = tool.claims()
    claims[claim] = str(claims[claim])
    assert_refused(tool.ask(assertion=sign_anything(tool.key, claims)), "invalid_client")


def test_a_token_that_begins_later_is_refused(tool: TokenSeeker) -> None:
    assert_refused(tool.ask_with(nbf=int(time.time()) + 120), "invalid_client")


@pytest.mark.parametrize(
    "audience",
    [
        pytest.param("token", id="case-061 the token endpoint"),
        pytest.param("issuer", id="case-061 the issuer"),
        pytest.param("both", id="case-061 both"),
        pytest.param("others", id="case-061 ours and another"),
    ],
)
def test_the_names_we_go_by_are_audiences(tool: TokenSeeker, settings: LazySettings, audience: str) -> None:
    ours = {
        "token": endpoint(),
        "issuer": settings.PLATFORM_URL,
        "both": [endpoint(), settings.PLATFORM_URL],
        "others": ["https://other.example/token", endpoint()],
    }
    assert tool.ask_with(aud=ours[audience]).status_code == 200


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-066 replayed")])
def test_an_assertion_is_good_once(_case: int, tool: TokenSeeker) -> None:
    assertion = tool.key.sign(tool.claims())
    assert tool.ask(assertion=assertion).status_code == 200
    again = tool.ask(assertion=assertion)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_client")
    assert OneTimeUse.objects.count() == 1
    assert Entry.objects.filter(fact_type="tools.token_issued").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_case", [pytest.param(0, id="case-066 replayed at the same moment")])
def test_of_simultaneous_replays_one_gets_a_token(_case: int, tool: TokenSeeker) -> None:
    fields = tool.fields()

    def ask(_number: int) -> int:
        try:
            return post_form(fields).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(ask, range(6)))
    assert statuses == [200, 400, 400, 400, 400, 400]
    assert OneTimeUse.objects.count() == 1


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-067 same jti, two clients")])
def test_each_client_has_its_own_assertion_ids(_case: int, tool: TokenSeeker) -> None:
    other = seeker(make_registration())
    assert [one.ask_with(jti="first").status_code for one in (tool, other)] == [200, 200]


@pytest.mark.parametrize(
    "whose",
    [
        pytest.param("another", id="case-072 of another tool"),
        pytest.param("disabled", id="case-072 disabled"),
    ],
)
def test_a_deployment_that_is_not_the_tools_is_refused(tool: TokenSeeker, whose: str) -> None:
    named = {
        "another": lambda: make_deployment(make_registration()),
        "disabled": lambda: make_deployment(tool.registration, is_enabled=False),
    }[whose]()
    assert_refused(tool.ask_with(**in_deployment(named.deployment_id)), "invalid_client")
