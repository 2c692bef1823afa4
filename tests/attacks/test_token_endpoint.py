"""Section C of the negative cases: the token endpoint (LTI Security Framework 4.1, RFC 6749, RFC 7523)."""

import hmac
import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import LazySettings
from django.db import connections
from django.test import Client

from keys.models import OneTimeUse
from lti_platform.journal.models import Entry
from lti_platform.tools import scopes
from lti_platform.tools.models import FetchedKeySet, Registration
from tests.attacks.asking_for_tokens import (
    FORM,
    URL,
    TokenSeeker,
    assert_refused,
    endpoint,
    post_bytes,
    post_form,
    seeker,
    sign_anything,
    unsigned,
)
from tests.factories import make_deployment, make_registration
from tests.services.receiver import Receiver
from tests.tool_keys import ToolKey, tool_key

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lti_platform.tools.urls")]

DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
HOUR = 3600


@pytest.fixture
def tool() -> TokenSeeker:
    return seeker(make_registration())


@pytest.fixture
def fetching_tool(receiver: Receiver) -> TokenSeeker:
    """A tool that publishes its key set at an address."""
    url = receiver.answer_with("/jwks", body=json.dumps(tool_key().jwks).encode())
    return seeker(make_registration(jwks=None, jwks_uri=url))


def test_a_good_assertion_gets_a_token(tool: TokenSeeker) -> None:
    answer = tool.ask()
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json;charset=UTF-8"
    assert (answer["Cache-Control"], answer["Pragma"]) == ("no-store", "no-cache")
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("bearer", HOUR, scopes.SCORE)
    assert Entry.objects.get().fact_type == "tools.token_issued"
    assert Entry.objects.get().actor_id == tool.registration.client_id


@pytest.mark.parametrize(
    "method",
    [pytest.param(name, id=f"case-045 {name}") for name in ("get", "put", "delete", "patch", "options")],
)
def test_only_post_is_answered(method: str) -> None:
    answer = getattr(Client(), method)(URL)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param("application/json", id="case-046 JSON"),
        pytest.param("multipart/form-data; boundary=x", id="case-046 multipart"),
        pytest.param("", id="case-046 no content type"),
    ],
)
def test_a_body_that_is_no_form_is_refused(tool: TokenSeeker, content_type: str) -> None:
    body = json.dumps(tool.fields()).encode()
    assert_refused(post_bytes(body, content_type=content_type), "invalid_request")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"grant_type": None}, "invalid_request", id="case-047 grant type missing"),
        pytest.param({"grant_type": "authorization_code"}, "unsupported_grant_type", id="case-047 code"),
        pytest.param({"grant_type": "password"}, "unsupported_grant_type", id="case-047 password"),
        pytest.param({"client_assertion_type": None}, "invalid_request", id="case-048 type missing"),
        pytest.param({"client_assertion_type": "urn:x"}, "invalid_request", id="case-048 wrong type"),
        pytest.param({"client_assertion": None}, "invalid_request", id="case-049 missing"),
        pytest.param({"client_assertion": "only.two"}, "invalid_client", id="case-049 two segments"),
        pytest.param({"client_assertion": "a.b.c.d"}, "invalid_client", id="case-049 four segments"),
        pytest.param({"client_assertion": "!.!.!"}, "invalid_client", id="case-049 not base64"),
        pytest.param({"client_assertion": "bm9wZQ.bm9wZQ.bm9wZQ"}, "invalid_client", id="case-049 not JSON"),
        pytest.param({"client_assertion": "é.é.é"}, "invalid_client", id="case-049 not ASCII"),
        pytest.param({"scope": None}, "invalid_request", id="case-068 scope missing"),
        pytest.param({"scope": "  "}, "invalid_request", id="case-068 scope blank"),
        pytest.param({"scope": "openid"}, "invalid_scope", id="case-069 unknown scope"),
        pytest.param({"scope": scopes.SCORE.upper()}, "invalid_scope", id="case-069 other letters"),
    ],
)
def test_a_spoiled_field_is_refused(tool: TokenSeeker, changes: dict[str, Any], error: str) -> None:
    assert_refused(tool.ask(**changes), error)


def test_a_repeated_field_is_refused(tool: TokenSeeker) -> None:
    pairs = [*tool.fields().items(), ("scope", scopes.LINEITEM)]
    assert_refused(post_form(pairs), "invalid_request")


def _none(tool: TokenSeeker) -> str:
    return unsigned(tool.claims(), header={"alg": "none", "kid": tool.key.kid})


def _none_in_capitals(tool: TokenSeeker) -> str:
    return unsigned(tool.claims(), header={"alg": "NONE", "kid": tool.key.kid}, signature=b"x")


def _confused(tool: TokenSeeker) -> str:
    # The attack: a verifier that trusts `alg` would use the public key's bytes as an HMAC secret.
    pem = tool.key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    draft = unsigned(tool.claims(), header={"alg": "HS256", "kid": tool.key.kid, "typ": "JWT"}).rstrip(".")
    return f"{draft}.{unsigned({}, header={}, signature=hmac.digest(pem, draft.encode(), 'sha256')).split('.')[2]}"


def _stranger(tool: TokenSeeker) -> str:
    return tool_key("stranger").sign(tool.claims(), headers={"kid": tool.key.kid})


def _other_tool(tool: TokenSeeker) -> str:
    other = make_registration(key=tool_key("other-tool"))
    assert seeker(other, key=tool_key("other-tool")).ask().status_code == 200
    OneTimeUse.objects.all().delete()
    Entry.objects.all().delete()
    return tool_key("other-tool").sign(tool.claims())


def _key_in_header(tool: TokenSeeker) -> str:
    stranger = tool_key("stranger")
    return stranger.sign(tool.claims(), headers={"kid": tool.key.kid, "jwk": stranger.jwk})


def _tampered(tool: TokenSeeker) -> str:
    header, _, signature = tool.key.sign(tool.claims()).split(".")
    claims = unsigned(tool.claims(), header={}).split(".")[1]
    return f"{header}.{claims}.{signature}"


def _critical(tool: TokenSeeker) -> str:
    return tool.key.sign(tool.claims(), headers={"crit": ["exp"]})


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(_none, id="case-050 alg none"),
        pytest.param(_none_in_capitals, id="case-050 alg NONE"),
        pytest.param(_confused, id="case-051 HS256 with the public key"),
        pytest.param(_stranger, id="case-052 key of nobody"),
        pytest.param(_other_tool, id="case-052 key of another tool"),
        pytest.param(_key_in_header, id="case-055 jwk in the header"),
        pytest.param(_tampered, id="case-052 claims replaced"),
        pytest.param(_critical, id="case-052 critical extension"),
    ],
)
def test_a_forged_assertion_is_refused(tool: TokenSeeker, forge: Callable[[TokenSeeker], str]) -> None:
    assert_refused(tool.ask(client_assertion=forge(tool)), "invalid_client")


@pytest.mark.parametrize(
    "header",
    [pytest.param("jku", id="case-055 jku"), pytest.param("x5u", id="case-055 x5u")],
)
def test_an_address_in_the_header_is_never_visited(
    tool: TokenSeeker, receiver: Receiver, header: str
) -> None:
    url = receiver.answer_with("/evil", body=json.dumps(tool_key("stranger").jwks).encode())
    forged = tool_key("stranger").sign(tool.claims(), headers={header: url})
    assert_refused(tool.ask(client_assertion=forged), "invalid_client")
    assert receiver.asked == []


def in_deployment(deployment_id: str) -> dict[str, Any]:
    """The claim that binds a token to a deployment."""
    return {DEPLOYMENT: deployment_id}


def nameless(tool: TokenSeeker) -> str:
    """A good assertion that does not say which key signed it."""
    return sign_anything(tool.key, tool.claims(), headers={})


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-053 kid missing")])
def test_an_assertion_without_kid_is_refused(_case: int, fetching_tool: TokenSeeker) -> None:
    assert_refused(fetching_tool.ask(assertion=nameless(fetching_tool)), "invalid_client")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-053 one pasted key")])
def test_one_pasted_key_needs_no_kid(_case: int, tool: TokenSeeker) -> None:
    assert tool.ask(assertion=nameless(tool)).status_code == 200


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-054 kid unknown")])
def test_an_unknown_kid_fetches_the_key_set_once_a_minute(
    _case: int, fetching_tool: TokenSeeker, receiver: Receiver
) -> None:
    assert fetching_tool.ask().status_code == 200
    assert len(receiver.asked) == 1
    OneTimeUse.objects.all().delete()
    Entry.objects.all().delete()
    for number in range(4):
        assert_refused(fetching_tool.ask_with(headers={"kid": f"unknown-{number}"}), "invalid_client")
    assert len(receiver.asked) == 2


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<html>sign in</html>", id="case-056 HTML"),
        pytest.param(b'{"keys": []}', id="case-056 no keys"),
        pytest.param(b"[" * 100_000, id="case-056 nested"),
        pytest.param(b"x" * (10 * 1024 * 1024), id="case-056 10 MB"),
    ],
)
def test_an_address_without_key_set_lets_nobody_in(
    fetching_tool: TokenSeeker, receiver: Receiver, body: bytes
) -> None:
    receiver.answer_with("/jwks", body=body)
    assert_refused(fetching_tool.ask(), "invalid_client")
    assert FetchedKeySet.objects.get().last_error


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("http://169.254.169.254/latest/meta-data", id="case-056 redirect to cloud metadata"),
        pytest.param("http://127.0.0.2:1/jwks", id="case-056 redirect to another host"),
    ],
)
def test_a_redirect_off_the_host_is_not_followed(
    fetching_tool: TokenSeeker, receiver: Receiver, location: str
) -> None:
    receiver.answer_with("/jwks", status=302, headers={"location": location})
    assert_refused(fetching_tool.ask(), "invalid_client")
    assert "status 302" in FetchedKeySet.objects.get().last_error


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://169.254.169.254/jwks", id="case-056 cloud metadata"),
        pytest.param("https://[::1]/jwks", id="case-056 loopback"),
        pytest.param("http://127.0.0.1/jwks", id="case-056 plain HTTP"),
        pytest.param("file:///etc/passwd", id="case-056 file"),
    ],
)
def test_an_address_inside_is_never_asked(url: str, settings: LazySettings) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = []
    inside = seeker(make_registration(jwks=None, jwks_uri=url))
    assert_refused(inside.ask(), "invalid_client")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-056 never answers")])
def test_a_silent_address_costs_five_seconds_at_most(_case: int, fetching_tool: TokenSeeker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        silent = f"http://127.0.0.1:{listener.getsockname()[1]}/jwks"
        Registration.objects.filter(pk=fetching_tool.registration.pk).update(jwks_uri=silent)
        began = time.monotonic()
        assert_refused(fetching_tool.ask(), "invalid_client")
    assert time.monotonic() - began < 7


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-057 RSA of 1024 bits")])
def test_a_weak_key_signs_nothing(_case: int) -> None:
    weak = ToolKey("weak", bits=1024)
    jwks = {"keys": [weak.jwk, tool_key().jwk]}
    assert_refused(seeker(make_registration(jwks=jwks), key=weak).ask(), "invalid_client")


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


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-069 not granted")])
def test_a_scope_that_was_not_granted_is_refused(_case: int) -> None:
    modest = seeker(make_registration(scopes=[scopes.LINEITEM]))
    assert_refused(modest.ask(scope=scopes.SCORE), "invalid_scope")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-070 mixed")])
def test_of_mixed_scopes_the_granted_ones_come(_case: int) -> None:
    modest = seeker(make_registration(scopes=[scopes.LINEITEM]))
    answer = modest.ask(scope=f"{scopes.SCORE} {scopes.LINEITEM} openid {scopes.LINEITEM}")
    assert (answer.status_code, answer.json()["scope"]) == (200, scopes.LINEITEM)


@pytest.mark.parametrize(
    "scope",
    [
        pytest.param(scope, id=f"case-071 {scope.rpartition('/')[2]}")
        for scope in (scopes.LINEITEM, scopes.SCORE, scopes.RESULT_READONLY)
    ],
)
def test_one_scope_asked_is_one_scope_given(tool: TokenSeeker, scope: str) -> None:
    assert tool.ask(scope=scope).json()["scope"] == scope


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


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-073 suspended")])
def test_a_disabled_tool_gets_no_token(_case: int, tool: TokenSeeker) -> None:
    Registration.objects.filter(pk=tool.registration.pk).update(is_enabled=False)
    assert_refused(tool.ask(), "invalid_client")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-074 client secret")])
def test_a_client_secret_is_refused(_case: int, tool: TokenSeeker) -> None:
    answer = post_form(tool.fields(), HTTP_AUTHORIZATION="Basic Y2xpZW50OnNlY3JldA==")
    assert_refused(answer, "invalid_client")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"scope=" + b"a" * 100_000, 413, id="case-075 100 kB"),
        pytest.param(b"scope=" + b"a" * 300_000, 413, id="case-075 300 kB"),
        pytest.param(b"&".join(b"f%d=1" % number for number in range(500)), 400, id="case-075 500 fields"),
        pytest.param(b"scope=%ff%fe&grant_type=%ed%a0%80", 400, id="case-075 not UTF-8"),
    ],
)
def test_a_body_that_is_too_much_is_refused(body: bytes, status: int) -> None:
    assert_refused(post_bytes(body), "invalid_request", status=status)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-075 1000 scopes")])
def test_a_thousand_scopes_are_refused(_case: int, tool: TokenSeeker) -> None:
    assert_refused(tool.ask(scope=" ".join(f"s{number}" for number in range(1000))), "invalid_request")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-213 the tool rotates")])
def test_a_tool_that_rotates_its_key_is_followed(
    _case: int, fetching_tool: TokenSeeker, receiver: Receiver
) -> None:
    assert fetching_tool.ask().status_code == 200
    fresh = tool_key("tool-key-2")
    receiver.answer_with("/jwks", body=json.dumps(fresh.jwks).encode())
    assert seeker(fetching_tool.registration, key=fresh).ask().status_code == 200
    assert fetching_tool.ask().status_code == 400
    assert len(receiver.asked) == 2


def test_a_token_costs_six_queries_at_most(
    fetching_tool: TokenSeeker, django_assert_max_num_queries: Any
) -> None:
    make_deployment(fetching_tool.registration, deployment_id="home")
    fetching_tool.ask()
    with django_assert_max_num_queries(6) as counted:
        assert fetching_tool.ask_with(**in_deployment("home")).status_code == 200
    assert len([query for query in counted.captured_queries if "SAVEPOINT" not in query["sql"]]) <= 4


def test_the_form_may_name_its_character_set(tool: TokenSeeker) -> None:
    answer = post_form(tool.fields(), content_type=f"{FORM}; charset=utf-8")
    assert answer.status_code == 200
