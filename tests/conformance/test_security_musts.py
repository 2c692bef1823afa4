"""LTI Security Framework 1.0: the login, the answer to it, and access tokens at the services, clause by clause."""

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from django.conf import settings as configured
from django.test import Client

from gradebook.addresses import line_items_url
from keys.models import SigningKey
from lti_platform.launches.vocabulary import CLAIM
from lti_platform.tools import scopes, signing_keys
from lti_platform.tools.errors import ClaimRefused
from lti_platform.web.checks import check_address
from tests.attacks.asking_for_tokens import post_bytes, seeker
from tests.attacks.test_bearer_everywhere import SERVICES, Service, call
from tests.calling import make_tool
from tests.conformance.clauses import clause
from tests.conformance.test_security_framework import judged, message
from tests.factories import (
    make_context,
    make_deployment,
    make_line_item,
    make_link,
    make_registration,
    mallory,
)
from tests.lti_platform.launches.staging import Stage, browser_of, claims_of, form_of, lena_starts

pytestmark = pytest.mark.django_db
CONFIGURATION = "/.well-known/openid-configuration"


@pytest.fixture
def stage() -> Stage:
    return lena_starts()


def token_of(stage: Stage) -> str:
    return form_of(stage.ask()).fields["id_token"]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://lms.example?a=b", id="SEC 1.2 iss without query"),
        pytest.param("https://lms.example#a", id="SEC 1.2 iss without fragment"),
        pytest.param("http://lms.example", id="SEC 1.2 iss is HTTPS"),
        pytest.param("lms.example", id="SEC 1.2 iss has a scheme"),
    ],
)
def test_the_issuer(settings: Any, url: str) -> None:
    settings.ALLOWED_HOSTS, settings.OUTBOUND_PLAIN_HTTP_HOSTS = ["lms.example"], []
    settings.PLATFORM_URL, settings.HTTPS = "https://lms.example", True
    assert not check_address()
    settings.PLATFORM_URL, settings.HTTPS = url, url.startswith("https://")
    assert check_address()


@clause("SEC 5.1.1.1 iss, login_hint and target_link_uri are there; Core 4.1.3 so is client_id")
def test_the_login(stage: Stage, clause: str) -> None:
    assert stage.login["iss"] == configured.PLATFORM_URL == claims_of(stage.ask())["iss"]
    assert stage.login["login_hint"]
    assert stage.login["target_link_uri"] == stage.launch.registration.target_link_uri
    assert stage.login["client_id"] == stage.launch.registration.client_id


@clause("Core 4.1.2 lti_deployment_id is the one of the message")
def test_the_deployment_of_the_login(stage: Stage, clause: str) -> None:
    assert stage.login["lti_deployment_id"] == claims_of(stage.ask())[f"{CLAIM}deployment_id"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("login_hint", id="SEC 5.1.1.1 login_hint comes back unaltered"),
        pytest.param("lti_message_hint", id="Core 4.1.1 lti_message_hint comes back unaltered"),
    ],
)
def test_altered_hints(stage: Stage, name: str) -> None:
    altered: dict[str, Any] = {name: f"{stage.login[name]}x"}
    answer = form_of(stage.ask(**altered)).fields
    assert ("error" in answer, "id_token" in answer) == (True, False)
    assert token_of(stage)


@pytest.mark.parametrize(
    "method",
    [
        pytest.param("GET", id="OIDC 3.1.2.1 the request by GET"),
        pytest.param("POST", id="OIDC 3.1.2.1 the request by POST"),
    ],
)
def test_both_methods(stage: Stage, method: str) -> None:
    assert claims_of(stage.ask(method))["sub"] == str(stage.person.pk)


@pytest.mark.parametrize(
    ("name", "wrong", "error"),
    [
        pytest.param("scope", "profile", "invalid_scope", id="SEC 5.1.1.2 scope is openid"),
        pytest.param(
            "response_type", "code", "unsupported_response_type", id="SEC 5.1.1.2 response_type is id_token"
        ),
        pytest.param(
            "response_mode", "query", "invalid_request", id="SEC 5.1.1.2 response_mode is form_post"
        ),
        pytest.param("prompt", "login", "invalid_request", id="SEC 5.1.1.2 prompt is none"),
        pytest.param("nonce", "", "invalid_request", id="SEC 5.1.1.2 nonce is required"),
        pytest.param("login_hint", "", "invalid_request", id="SEC 5.1.1.2 login_hint is required"),
        pytest.param("lti_message_hint", "", "invalid_request", id="Core 4.1.1 lti_message_hint is required"),
    ],
)
def test_required_parameters(stage: Stage, name: str, wrong: str, error: str) -> None:
    requests: list[dict[str, Any]] = [{name: None}, {name: wrong}]
    missing, spoiled = (form_of(stage.ask(**changes)) for changes in requests)
    assert missing.fields["error"] in {"invalid_request", error}
    assert spoiled.fields["error"] == error
    assert {missing.action, spoiled.action} == set(stage.launch.registration.redirect_uris)
    assert stage.unspent()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("client_id", None, id="SEC 5.1.1.2 client_id is required"),
        pytest.param("client_id", "nobody", id="SEC 5.1.1.2 client_id is known"),
        pytest.param("redirect_uri", None, id="SEC 5.1.1.2 redirect_uri is required"),
        pytest.param("redirect_uri", "https://x.example/", id="SEC 5.1.1.3 redirect_uri is validated"),
        pytest.param("redirect_uri", "/", id="Cert 4.2.1 redirect_uri is compared as a whole"),
    ],
)
def test_nobody_to_answer(stage: Stage, name: str, value: str | None) -> None:
    appended = stage.launch.registration.redirect_uris[0] + "/" if value == "/" else value
    changes: dict[str, Any] = {name: appended}
    answer = stage.ask(**changes)
    assert (answer.status_code, "Location" in answer.headers) == (400, False)
    assert b"data-auto-submit" not in answer.content
    assert stage.unspent()


@clause("SEC 5.1.1.2 what else is sent is ignored")
def test_other_parameters(stage: Stage, clause: str) -> None:
    more: dict[str, Any] = {
        "lti_deployment_id": "x",
        "id_token_signed_response_alg": "none",
        "target_link_uri": "https://x.example",
    }
    claims = claims_of(stage.ask(**more))
    assert claims[f"{CLAIM}deployment_id"] == stage.link.deployment.deployment_id
    assert claims[f"{CLAIM}target_link_uri"] == stage.login["target_link_uri"]


@pytest.mark.parametrize(
    "state",
    [
        pytest.param('a "b" <c>&d=e', id="SEC 5.1.1.3 state comes back unaltered"),
        pytest.param(None, id="SEC 5.1.1.2 state is only recommended"),
    ],
)
def test_the_answer_is_a_form_posted_to_the_tool(stage: Stage, state: str | None) -> None:
    answer = stage.ask(state=state)
    form = form_of(answer)
    assert b'method="post"' in answer.content
    assert form.action == stage.launch.registration.redirect_uris[0]
    assert form.fields["id_token"].count(".") == 2
    assert form.fields.get("state") == state


@clause("SEC 5.1.2 nonce goes into the token unmodified")
def test_the_nonce(stage: Stage, clause: str) -> None:
    nonce = 'aZ0 "\\é漢<&>+/='
    assert claims_of(stage.ask(nonce=nonce))["nonce"] == nonce


@pytest.mark.parametrize(
    "whose",
    [
        pytest.param("nobody's", id="SEC 5.1.1.2 prompt none: without a session no sign-in is shown"),
        pytest.param("another's", id="SEC 5.1.1.3 the session is that of login_hint"),
    ],
)
def test_whose_session_it_is(stage: Stage, whose: str) -> None:
    browser = Client() if whose == "nobody's" else browser_of(mallory())
    fields = form_of(stage.ask(browser=browser)).fields
    assert fields["error"] in {"login_required", "access_denied"}
    assert (fields["state"], "id_token" in fields) == ("af0ifjsldkj", False)
    assert stage.unspent()


@clause("SEC 5.1.3 and 5.4 RS256, typ JWT, a kid, and no key in the header")
def test_the_header(stage: Stage, clause: str) -> None:
    header = jwt.get_unverified_header(token_of(stage))
    assert set(header) == {"alg", "typ", "kid"}
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")


@clause("SEC 5.1.2 iss, aud, sub, exp, iat, nonce, and azp if at all the client")
def test_security_claims(stage: Stage, clause: str) -> None:
    claims = claims_of(stage.ask(nonce="n-1"))
    client_id = stage.launch.registration.client_id
    assert (claims["iss"], claims["aud"]) == (configured.PLATFORM_URL, client_id)
    assert (claims["sub"], claims["nonce"]) == (str(stage.person.pk), "n-1")
    assert type(claims["iat"]) is type(claims["exp"]) is int
    assert claims["iat"] <= datetime.now(UTC).timestamp() < claims["exp"]
    assert claims.get("azp", client_id) == client_id


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({f"{CLAIM}version": "1.1"}, id="DL 4.5 version"),
        pytest.param({f"{CLAIM}message_type": "LtiDeepLinkingResponse"}, id="DL 4.5 message type"),
        pytest.param({f"{CLAIM}deployment_id": "elsewhere"}, id="DL 4.5 deployment of this tool"),
        pytest.param({f"{CLAIM}deployment_id": None}, id="DL 4.5 deployment is required"),
        pytest.param({"aud": None}, id="SEC 5.2.2 aud is required"),
        pytest.param({"iat": "1", "exp": "9"}, id="SEC 5.2.2 times are numbers"),
    ],
)
def test_a_message_of_a_tool_that_breaks_a_rule(now: datetime, changes: dict[str, Any]) -> None:
    deployment = make_deployment()
    with pytest.raises(ClaimRefused):
        judged(deployment, message(deployment, now=now, **changes), now=now)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"https://x.example/claim": {"a": 1}, "odd": [1]}, id="Core 4.3 unknown claims"),
        pytest.param({"aud": [configured.PLATFORM_URL]}, id="SEC 5.2.2 aud as an array"),
        pytest.param({"azp": configured.PLATFORM_URL}, id="SEC 5.2.2 azp is the audience"),
        pytest.param({"azp": "the client"}, id="SEC 5.2.2 azp as the example has it"),
        pytest.param({"skew": 30}, id="SEC 5.2.3.7 a little leeway"),
    ],
)
def test_a_message_of_a_tool_that_is_taken(now: datetime, changes: dict[str, Any]) -> None:
    deployment = make_deployment()
    at = int(now.timestamp())
    times = {"iat": at - 90, "exp": at - 30} if "skew" in changes else {}
    assert judged(deployment, message(deployment, now=now, **changes, **times), now=now) == deployment


@clause("Core 4.3 unknown claims of an assertion")
def test_unknown_claims_of_an_assertion(clause: str) -> None:
    unknown: dict[str, Any] = {"https://x.example/claim": [1], "odd": {}}
    assert seeker(make_registration()).ask_with(**unknown).status_code == 200


@clause("SEC 4.1.1 a form posted as such, and no client secret")
def test_the_request_for_a_token(clause: str) -> None:
    tool = seeker(make_registration())
    basic = base64.b64encode(f"{tool.registration.client_id}:secret".encode()).decode()
    assert post_bytes(b"{}", content_type="application/json").json()["error"] == "invalid_request"
    assert post_bytes(b"", HTTP_AUTHORIZATION=f"Basic {basic}").json()["error"] == "invalid_client"
    refused = Client().get("/lti/token", tool.fields())
    assert (refused.status_code, refused["Allow"]) == (405, "POST")


@clause("SEC 4.1 an error is JSON with status 400, and not kept")
def test_errors_of_the_token_endpoint(clause: str) -> None:
    answer = seeker(make_registration()).ask(grant_type=None)
    assert (answer.status_code, answer["Cache-Control"]) == (400, "no-store")
    assert set(answer.json()) == {"error", "error_description"}


@pytest.mark.parametrize("scope", [pytest.param(name, id=f"Cert 5.4 {name}") for name in scopes.SUPPORTED])
def test_a_token_for_one_scope(scope: str) -> None:
    body = seeker(make_registration()).ask(scope=scope).json()
    assert (body["scope"], body["expires_in"]) == (scope, 3600)


@clause("SEC 4.1 and Cert 5.4 a token is good again and again, in every course of the tool")
def test_a_token_is_used_again(clause: str) -> None:
    deployment = make_deployment()
    bearer = seeker(deployment.registration).bearer(scopes.LINEITEM)
    courses = [make_link(make_context(), deployment).context for _number in range(2)]
    for course in [*courses, *courses]:
        path = urlsplit(line_items_url(course.pk)).path
        assert Client().get(path, headers={"Authorization": bearer}).status_code == 200


@pytest.mark.parametrize(
    "service", [pytest.param(one, id=f"SEC 4.1 {one.method} {one.name}") for one in SERVICES]
)
def test_a_scope_opens_what_it_is_for(service: Service) -> None:
    tool = seeker(make_registration())
    item = make_line_item(make_link(deployment=make_deployment(tool.registration)), is_coupled=False)
    refused = call(service, item, tool.bearer(service.wrong))
    assert (refused.status_code, 'error="insufficient_scope"' in refused["WWW-Authenticate"]) == (403, True)
    assert call(service, item, tool.bearer(service.scope)).status_code not in {401, 403}


@clause("RFC 6750 3 no token, or a bad one, is 401 with a challenge")
def test_challenges(clause: str) -> None:
    path = urlsplit(line_items_url(make_tool().context.pk)).path
    bare, bad = Client().get(path), Client().get(path, headers={"Authorization": "Bearer x"})
    assert (bare.status_code, bare["WWW-Authenticate"].split()[0]) == (401, "Bearer")
    assert (bad.status_code, 'error="invalid_token"' in bad["WWW-Authenticate"]) == (401, True)


@clause("RFC 9110 15.5.6 other methods are 405 with Allow")
def test_other_methods(clause: str) -> None:
    tool = make_tool()
    refused = tool.call("DELETE", line_items_url(tool.context.pk))
    assert refused.status_code == 405
    assert {"GET", "POST"} <= set(refused["Allow"].split(", "))


@clause("Cert 4.2 the key set has an address, and tools are told it")
def test_the_address_of_the_key_set(stage: Stage, clause: str) -> None:
    told = urlsplit(Client().get(CONFIGURATION).json()["jwks_uri"]).path
    kids = [key["kid"] for key in Client().get(told).json()["keys"]]
    assert jwt.get_unverified_header(token_of(stage))["kid"] in kids


@clause("SEC 6.1 a kid is never another key's")
def test_kids_are_not_used_again(stage: Stage, clause: str) -> None:
    key = SigningKey.objects.get(kid=jwt.get_unverified_header(token_of(stage))["kid"])
    seen = {one["kid"]: one["n"] for one in key_set()}
    for _time in range(2):
        signing_keys.rotate(key.purpose, now=datetime.now(UTC))  # type: ignore[arg-type]
        for one in key_set():
            assert seen.setdefault(one["kid"], one["n"]) == one["n"]
    assert len(set(seen.values())) == len(seen) > 2


def key_set() -> list[dict[str, Any]]:
    return list(Client().get("/.well-known/jwks.json").json()["keys"])


@clause("SEC 4.1 a tool that is off gets no token")
def test_a_tool_that_is_off(clause: str) -> None:
    answer = seeker(make_registration(is_enabled=False)).ask()
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_client", "unauthorized_client"}
