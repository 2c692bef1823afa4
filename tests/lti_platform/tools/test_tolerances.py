"""What we let pass of keys and times, each by its name in docs/lti.md."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client
from django.urls import reverse

from keys.jwks import KeySet
from lti_platform.tools import judging
from lti_platform.tools.health import key_set_health
from lti_platform.tools.models import Registration
from tests.attacks.asking_for_tokens import seeker, sign_anything
from tests.factories import ada, make_registration
from tests.lti_platform.tools.test_pages import as_new, typed
from tests.tool_keys import ToolKey, tool_key

pytestmark = pytest.mark.django_db


def parsed(*keys: dict[str, Any]) -> KeySet:
    return KeySet.parse(json.dumps({"keys": keys}).encode())


def test_padded_numbers_of_a_key_are_read() -> None:
    jwk = {**tool_key().jwk, "n": tool_key().jwk["n"] + "==", "e": "AQAB"}
    assert list(parsed(jwk).keys) == [tool_key().kid]


def test_a_bare_key_is_for_signatures() -> None:
    bare = {name: value for name, value in tool_key().jwk.items() if name not in ("use", "alg")}
    assert list(parsed(bare).keys) == [tool_key().kid]


def test_a_good_key_serves_beside_bad_ones() -> None:
    elliptic = {"kty": "EC", "kid": "ec", "crv": "P-256", "x": "AQAB", "y": "AQAB"}
    found = parsed(elliptic, ToolKey("weak", bits=1024).jwk, {"kty": "RSA"}, tool_key().jwk)
    assert list(found.keys) == [tool_key().kid]


def test_the_same_key_twice_is_one() -> None:
    assert list(parsed(tool_key().jwk, tool_key().jwk).keys) == [tool_key().kid]


def test_times_may_have_fractions(now: datetime) -> None:
    claims = {"iat": now.timestamp() - 0.5, "exp": now.timestamp() + 299.5}
    assert judging.judge_times(claims, now=now, max_age_seconds=300).expires == claims["exp"]


def test_more_scopes_than_are_granted_are_asked_for_in_vain() -> None:
    tool = seeker(make_registration(scopes=["https://purl.imsglobal.org/spec/lti-ags/scope/score"]))
    asked = "https://other.example/scope https://purl.imsglobal.org/spec/lti-ags/scope/score"
    assert tool.ask(scope=asked).json()["scope"].endswith("/score")


def pem_of(key: ToolKey) -> str:
    public = key.private.public_key()
    encoding, shape = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(encoding, shape).decode()


def pasted(pem: str) -> Any:
    client = Client()
    client.force_login(ada())
    return client.post(reverse("tool-new"), as_new(typed(jwks_uri="", jwks=pem)))


@pytest.mark.parametrize("headers", [{"kid": "whatever they call it"}, {}])
def test_one_public_key_may_be_pasted_as_pem_and_called_anything(headers: dict[str, str]) -> None:
    assert pasted(pem_of(tool_key())).status_code == 302
    registration = Registration.objects.get()
    assert key_set_health(registration, now=datetime.now(UTC)).troubles == ()
    tool = seeker(registration)
    assert tool.ask(assertion=sign_anything(tool.key, tool.claims(), headers=headers)).status_code == 200
    assert seeker(registration, key=tool_key("stranger")).ask().status_code == 400


def test_a_private_key_as_pem_is_refused_and_not_kept() -> None:
    encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = tool_key().private.private_bytes(encoding, shape, serialization.NoEncryption()).decode()
    answer = pasted(secret)
    assert (answer.status_code, Registration.objects.count()) == (200, 0)
    assert "This is a private key" in answer.content.decode()
