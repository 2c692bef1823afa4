"""Section C of the negative cases: who signed the assertion, with which key, and where that key came from."""

import hmac
import json
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import LazySettings

from keys.models import OneTimeUse
from lti_platform.journal.models import Entry
from lti_platform.tools.models import FetchedKeySet, Registration
from tests.attacks.asking_for_tokens import (
    TokenSeeker,
    assert_refused,
    in_deployment,
    seeker,
    sign_anything,
    unsigned,
)
from tests.factories import make_deployment, make_registration
from tests.services.receiver import Receiver
from tests.tool_keys import ToolKey, tool_key

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lti_platform.tools.urls")]


@pytest.fixture
def tool() -> TokenSeeker:
    return seeker(make_registration())


@pytest.fixture
def fetching_tool(receiver: Receiver) -> TokenSeeker:
    """A tool that publishes its key set at an address."""
    url = receiver.answer_with("/jwks", body=json.dumps(tool_key().jwks).encode())
    return seeker(make_registration(jwks=None, jwks_uri=url))


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
