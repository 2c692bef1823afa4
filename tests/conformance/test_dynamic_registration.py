"""Dynamic Registration 1.0, clause by clause, with RFC 7591 and RFC 7592 where it rests on them."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from lti_platform.launches.variables import variables
from lti_platform.launches.vocabulary import PRODUCT_FAMILY_CODE
from lti_platform.tools import scopes
from lti_platform.tools.describing import MESSAGE_TYPES, TOOL_CONFIGURATION
from lti_platform.tools.dynamic import discovery
from tests.lti_platform.launches.staging import lena_starts
from tests.lti_platform.tools.descriptions import request_of
from tests.lti_platform.tools.dynamic.registering import URL, activated, call, invited, registered

pytestmark = pytest.mark.django_db
ADDRESS = "/.well-known/openid-configuration"
# What clients in use refuse to do without.
NEEDED = {
    "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint",
    "token_endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported",
    "scopes_supported", "response_types_supported", "id_token_signing_alg_values_supported",
    "claims_supported", "subject_types_supported", discovery.PLATFORM_CONFIGURATION,
}  # fmt: skip


def clause(name: str) -> pytest.MarkDecorator:
    """Puts the clause into the test's id."""
    return pytest.mark.parametrize("clause", [pytest.param(name, id=name)])


@pytest.fixture
def told() -> dict[str, Any]:
    return dict(Client().get(ADDRESS).json())


@clause("Registration: the OpenID configuration has every member tools need")
def test_members_of_the_configuration(clause: str, told: dict[str, Any]) -> None:
    assert told.keys() >= NEEDED
    platform = told[discovery.PLATFORM_CONFIGURATION]
    assert {"product_family_code", "version", "messages_supported", "variables"} <= platform.keys()
    assert platform["product_family_code"] == PRODUCT_FAMILY_CODE


@clause("Registration: every address lies with the issuer")
def test_addresses_of_the_configuration(clause: str, told: dict[str, Any]) -> None:
    assert told["issuer"] == settings.PLATFORM_URL
    addresses = [value for name, value in told.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(addresses) == 4
    assert {urlsplit(url).netloc for url in addresses} == {urlsplit(told["issuer"]).netloc}


@clause("Registration: messages_supported is a list of objects with a type")
def test_messages_of_the_configuration(clause: str, told: dict[str, Any]) -> None:
    messages = told[discovery.PLATFORM_CONFIGURATION]["messages_supported"]
    assert [message["type"] for message in messages] == list(MESSAGE_TYPES)


@clause("Registration: variables lists what launches replace")
def test_variables_of_the_configuration(clause: str, told: dict[str, Any]) -> None:
    said = set(told[discovery.PLATFORM_CONFIGURATION]["variables"])
    known = variables(lena_starts().launch, roles=[], wanted={"Unknown.variable"})
    assert known.keys() - said == set()


@clause("OpenID Discovery 4.2: the configuration is kept and asked for again")
def test_the_configuration_is_cached(clause: str) -> None:
    first = Client().get(ADDRESS)
    assert "max-age" in first["Cache-Control"]
    again = Client().get(ADDRESS, headers={"If-None-Match": first["ETag"]})
    assert (first["Content-Type"], again.status_code, again.content) == ("application/json", 304, b"")


@clause("RFC 7591 3.2.1: 201, not cached, with a client_id and what was applied")
def test_a_registration_is_answered(clause: str) -> None:
    answer = invited().post()
    told, asked = answer.json(), request_of()
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/json")
    assert "no-store" in answer["Cache-Control"]
    same = ("client_name", "redirect_uris", "initiate_login_uri", "jwks_uri", "response_types", "grant_types")
    assert {name: told[name] for name in same} == {name: asked[name] for name in same}
    assert told["client_id"] not in ("", None)


@clause("RFC 7591 2: metadata not understood is ignored")
def test_unknown_members_are_ignored(clause: str) -> None:
    answer = invited().post(software_statement="x", **{"client_name#es": "Nombre", "https://v.example/x": {}})
    assert (answer.status_code, "software_statement" in answer.json()) == (201, False)


@clause("RFC 7591 3.2.2: refusals are JSON with error and error_description")
def test_a_refusal_is_json(clause: str) -> None:
    answer = invited().post(redirect_uris=["https://tool.example/#x"])
    assert set(answer.json()) == {"error", "error_description"}
    assert (answer.status_code, answer["Cache-Control"]) == (400, "no-store")


@clause("Registration: the tool configuration comes back with its claims, messages and domain")
def test_the_tool_configuration_comes_back(clause: str) -> None:
    told = invited().post(tool={"claims": ["sub", "name", "shoe_size"]}).json()[TOOL_CONFIGURATION]
    assert (told["domain"], told["claims"]) == ("tool.example", ["sub", "name"])
    assert told["messages"] == request_of()[TOOL_CONFIGURATION]["messages"]
    assert told["target_link_uri"] == "https://tool.example/launch"


@clause("Registration: claims a tool is not shown are not promised")
def test_claims_follow_the_privacy_level(clause: str) -> None:
    tool = activated(tool={"claims": ["sub", "name", "email"]})
    tool.row.__class__.objects.update(privacy="name")
    assert tool.read().json()[TOOL_CONFIGURATION]["claims"] == ["sub", "name"]


@clause("RFC 7591 3: the registration endpoint takes POST")
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_only_posts_register(clause: str, method: str) -> None:
    answer = call(method, URL)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@clause("RFC 7592 2.1: a client reads its registration as it is now")
def test_a_client_reads_its_registration(clause: str) -> None:
    tool = registered()
    answer = tool.read()
    assert (answer.status_code, answer.json()) == (200, tool.told)
    assert answer.json()["registration_client_uri"].endswith(tool.path)


@clause("RFC 7592 2.2: an update replaces what was asked, and the answer says what is applied")
def test_an_update_is_answered_with_what_holds(clause: str) -> None:
    tool = registered()
    told = tool.put(client_name="Renamed", scope=scopes.SCORE).json()
    assert (told["client_name"], told["scope"], told["client_id"]) == (
        "Renamed",
        scopes.SCORE,
        tool.row.client_id,
    )


@clause("RFC 7592 2.2: an update names its client_id")
@pytest.mark.parametrize("client_id", [None, "", "another"])
def test_an_update_names_its_client(clause: str, client_id: str | None) -> None:
    assert registered().put(client_id=client_id).json()["error"] == "invalid_client_metadata"
