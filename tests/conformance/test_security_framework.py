"""LTI Security Framework 1.0 and RFC 7523, clause by clause: keys, access tokens, what tools sign."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client

from keys.jwks import KeySet
from keys.models import SigningKey
from lti_platform.tools import key_sets, own_keys, scopes, signing_keys
from lti_platform.tools.errors import ClaimRefused, SignatureRefused
from lti_platform.tools.messages import CLAIM, judge_tool_jwt
from lti_platform.tools.models import Deployment
from tests.attacks.asking_for_tokens import TokenSeeker, endpoint, in_deployment, seeker, unsigned
from tests.conformance.clauses import clause
from tests.factories import make_deployment, make_registration
from tests.lti_platform.launches.staging import form_of, lena_starts
from tests.services.receiver import Receiver
from tests.tool_keys import ToolKey, tool_key

pytestmark = pytest.mark.django_db
JWKS = "/.well-known/jwks.json"


@pytest.fixture
def tool() -> TokenSeeker:
    return seeker(make_registration())


@pytest.fixture
def deployment() -> Deployment:
    return make_deployment()


def refusal(tool: TokenSeeker, **claims: Any) -> str:
    """The OAuth error for an assertion with these claims changed."""
    answer = tool.ask_with(**claims)
    assert answer.status_code == 400
    return str(answer.json()["error"])


def launched_kid() -> str:
    """The key id in the header of an id_token."""
    return str(jwt.get_unverified_header(form_of(lena_starts().ask()).fields["id_token"])["kid"])


@clause("SEC 4.1 a token for the client credentials grant")
def test_the_grant(tool: TokenSeeker, clause: str) -> None:
    answer = tool.ask(scope=scopes.SCORE)
    body = answer.json()
    assert answer["Content-Type"].startswith("application/json")
    assert (answer["Cache-Control"], answer["Pragma"]) == ("no-store", "no-cache")
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("bearer", 3600, scopes.SCORE)
    assert "refresh_token" not in body


@clause("SEC 4.1 the token is printable ASCII of some length")
def test_the_token(tool: TokenSeeker, clause: str) -> None:
    token = tool.ask().json()["access_token"]
    assert token.isascii()
    assert token.isprintable()
    assert len(token) >= 15


@clause("SEC 4.1 scope is required")
def test_the_scope_is_required(tool: TokenSeeker, clause: str) -> None:
    answer = tool.ask(scope=None)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@clause("SEC 7.1.4 never more than was asked, nor than was granted")
def test_no_wider_scope(clause: str) -> None:
    tool = seeker(make_registration(scopes=[scopes.SCORE]))
    asked = f"{scopes.SCORE} {scopes.LINEITEM}"
    assert tool.ask(scope=asked).json()["scope"] == scopes.SCORE
    answer = tool.ask(scope=scopes.LINEITEM)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        pytest.param("grant_type", "password", "unsupported_grant_type", id="SEC 4.1.1 grant_type"),
        pytest.param("client_assertion_type", "jwt", "invalid_request", id="SEC 4.1.1 client_assertion_type"),
        pytest.param("client_assertion", None, "invalid_request", id="SEC 4.1.1 client_assertion"),
    ],
)
def test_the_form(tool: TokenSeeker, field: str, value: str | None, error: str) -> None:
    answer = tool.ask(**{field: value})
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"iss": "another"}, id="SEC 4.1.1 iss is validated"),
        pytest.param({"sub": "another"}, id="SEC 4.1.1 sub is the client"),
        pytest.param({"aud": None}, id="SEC 4.1.1 aud is required"),
        pytest.param({"aud": "https://other.example"}, id="SEC 4.1.1 aud is ours"),
        pytest.param({"exp": 1, "iat": 0}, id="SEC 4.1.1 exp has not passed"),
        pytest.param({"exp": None}, id="SEC 4.1.1 exp is required"),
        pytest.param({"jti": None}, id="SEC 4.1.1 jti is required"),
    ],
)
def test_the_assertion(tool: TokenSeeker, claims: dict[str, Any]) -> None:
    assert refusal(tool, **claims) == "invalid_client"


@clause("SEC 4.1.1 jti is used once")
def test_the_assertion_is_used_once(tool: TokenSeeker, clause: str) -> None:
    said = tool.key.sign(tool.claims())
    assert [tool.ask(assertion=said).status_code for _time in range(2)] == [200, 400]


@clause("SEC 4.1.1 the signature is the client's")
def test_the_assertion_is_signed_by_the_client(tool: TokenSeeker, clause: str) -> None:
    forged = ToolKey(tool.key.kid).sign(tool.claims())
    assert tool.ask(assertion=forged).json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "audience",
    [
        pytest.param(endpoint(), id="SEC 4.1.1 aud: the token endpoint"),
        pytest.param(settings.PLATFORM_URL, id="SEC 4.1.1 aud: the advertised authorization_server"),
        pytest.param([endpoint(), "https://more.example"], id="RFC 7519 4.1.3 aud may be an array"),
    ],
)
def test_names_we_go_by(tool: TokenSeeker, audience: Any) -> None:
    assert tool.ask_with(aud=audience).status_code == 200


@clause("Core 6.2.1 a deployment claim binds the token")
def test_a_named_deployment(tool: TokenSeeker, clause: str) -> None:
    make_deployment(tool.registration, deployment_id="home")
    assert tool.ask_with(**in_deployment("home")).status_code == 200
    assert refusal(tool, **in_deployment("elsewhere")) == "invalid_client"


def message(deployment: Deployment, *, now: datetime, **changes: Any) -> dict[str, Any]:
    """A good message of the tool with `changes`; None leaves a claim out."""
    good = {
        "iss": deployment.registration.client_id,
        "aud": settings.PLATFORM_URL,
        "iat": int(now.timestamp()) - 1,
        "exp": int(now.timestamp()) + 300,
        "nonce": "n-1",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}message_type": "LtiStartAssessment",
        f"{CLAIM}deployment_id": deployment.deployment_id,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def judged(deployment: Deployment, claims: dict[str, Any], *, now: datetime) -> Deployment:
    registration = deployment.registration
    return judge_tool_jwt(claims, registration=registration, message_type="LtiStartAssessment", now=now)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"iss": "another"}, id="SEC 5.2.3.2 iss is the client id"),
        pytest.param({"aud": "https://other.example"}, id="SEC 5.2.3.3 aud holds our issuer"),
        pytest.param(
            {"aud": [settings.PLATFORM_URL, "https://x.example"]}, id="SEC 5.2.3.3 no stranger in aud"
        ),
        pytest.param({"exp": 1, "iat": 0}, id="SEC 5.2.3.7 exp lies ahead"),
        pytest.param({"exp": None}, id="SEC 5.2.2 exp is required"),
        pytest.param({"iat": None}, id="SEC 5.2.2 iat is required"),
        pytest.param({"nonce": None}, id="SEC 5.2.3.9 nonce is required"),
    ],
)
def test_a_message_that_breaks_a_rule(deployment: Deployment, now: datetime, changes: dict[str, Any]) -> None:
    with pytest.raises(ClaimRefused):
        judged(deployment, message(deployment, now=now, **changes), now=now)


@clause("SEC 5.2.3.8 the age is bounded by iat")
def test_the_age_of_a_message(deployment: Deployment, now: datetime, clause: str) -> None:
    claims = message(deployment, now=now - timedelta(seconds=601), exp=int(now.timestamp()) + 300)
    with pytest.raises(ClaimRefused, match="iat"):
        judged(deployment, claims, now=now)


@clause("SEC 5.2.3.9 a nonce is used once")
def test_a_nonce(deployment: Deployment, now: datetime, clause: str) -> None:
    claims = message(deployment, now=now)
    assert judged(deployment, claims, now=now) == deployment
    with pytest.raises(ClaimRefused):
        judged(deployment, claims, now=now)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({"alg": "none"}, id="SEC 5.4 alg none is refused"),
        pytest.param({"alg": "HS256"}, id="SEC 5.2.3.6 alg is RS256"),
    ],
)
def test_the_algorithm(deployment: Deployment, now: datetime, header: dict[str, str]) -> None:
    token = unsigned(message(deployment, now=now), header={**header, "kid": tool_key().kid})
    with pytest.raises(SignatureRefused):
        key_sets.verify(token, registration=deployment.registration, now=now)


@clause("SEC 5.4 keys in the header are not believed")
def test_keys_in_the_header(deployment: Deployment, now: datetime, clause: str) -> None:
    stranger = tool_key("stranger")
    token = stranger.sign(
        message(deployment, now=now), headers={"jwk": stranger.jwk, "jku": "https://x.example"}
    )
    with pytest.raises(SignatureRefused):
        key_sets.verify(token, registration=deployment.registration, now=now)


@clause("SEC 6.1 each key has kid, kty, n and e, and nothing private")
def test_the_key_set(clause: str) -> None:
    keys = Client().get(JWKS).json()["keys"]
    assert len({key["kid"] for key in keys}) == len(keys) >= 2
    for key in keys:
        assert set(key) == {"kid", "kty", "n", "e", "use", "alg"}
        assert (key["kty"], key["use"], key["alg"], "=" in key["n"]) == ("RSA", "sig", "RS256", False)


@clause("SEC 6.2 one key pair for one counterpart")
def test_a_key_pair_for_one_tool(clause: str) -> None:
    first, second = make_registration(), make_registration()
    for registration in (first, second):
        own_keys.give(registration, now=datetime.now(UTC))
    sets = [Client().get(f"/lti/tools/{one.client_id}/jwks.json").json()["keys"] for one in (first, second)]
    assert not {key["n"] for key in sets[0]} & {key["n"] for key in sets[1]}


@clause("SEC 6.3 kid is always in the header")
def test_our_kid(clause: str) -> None:
    assert launched_kid() in {key["kid"] for key in Client().get(JWKS).json()["keys"]}


@clause("SEC 6.3 a token without kid is refused")
def test_their_kid(receiver: Receiver, now: datetime, clause: str) -> None:
    url = receiver.answer_with("/jwks", body=json.dumps(tool_key().jwks).encode())
    registration = make_registration(jwks=None, jwks_uri=url)
    token = jwt.encode({"iss": "x"}, tool_key().private, algorithm="RS256")
    with pytest.raises(SignatureRefused):
        key_sets.verify(token, registration=registration, now=now)


@clause("SEC 6.4 the key before stays published, the next one is known before it signs")
def test_rotation(clause: str) -> None:
    before, announced = launched_kid(), {key["kid"] for key in Client().get(JWKS).json()["keys"]}
    signing_keys.rotate(SigningKey.objects.get(kid=before).purpose, now=datetime.now(UTC))  # type: ignore[arg-type]
    after = launched_kid()
    assert (after != before, after in announced) == (True, True)
    assert before in {key["kid"] for key in Client().get(JWKS).json()["keys"]}


@clause("SEC 6.4 the key set says how long it may be kept")
def test_caching(clause: str) -> None:
    answer = Client().get(JWKS)
    assert answer["Cache-Control"] == "public, max-age=300"
    assert Client().get(JWKS, headers={"If-None-Match": answer["ETag"]}).status_code == 304


@clause("SEC 6.4 an unknown kid is looked for once more")
def test_their_rotation(receiver: Receiver, now: datetime, clause: str) -> None:
    url = receiver.answer_with("/jwks", body=json.dumps(tool_key().jwks).encode())
    registration = make_registration(jwks=None, jwks_uri=url)
    assert key_sets.verify(tool_key().sign({"a": 1}), registration=registration, now=now) == {"a": 1}
    receiver.answer_with("/jwks", body=json.dumps(tool_key("next").jwks).encode())
    registration.refresh_from_db()
    assert key_sets.verify(tool_key("next").sign({"a": 2}), registration=registration, now=now) == {"a": 2}


@clause("RFC 7518 3.3 no key under 2048 bits")
def test_weak_keys(clause: str) -> None:
    weak = ToolKey("weak", bits=1024)
    body = json.dumps({"keys": [weak.jwk, tool_key().jwk]}).encode()
    assert list(KeySet.parse(body).keys) == [tool_key().kid]
    assert all(len(key["n"]) >= 342 for key in Client().get(JWKS).json()["keys"])
