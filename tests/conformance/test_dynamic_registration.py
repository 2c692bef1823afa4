"""Dynamic Registration 1.0, clause by clause, with RFC 7591 and RFC 7592 where it rests on them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from lti_platform.launches.variables import variables
from lti_platform.launches.vocabulary import PRODUCT_FAMILY_CODE
from lti_platform.people.models import RoleGrant
from lti_platform.tools import scopes
from lti_platform.tools.describing import MESSAGE_TYPES, TOOL_CONFIGURATION
from lti_platform.tools.dynamic import discovery, links
from lti_platform.tools.models import Registration
from tests.conformance.clauses import clause
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


@clause("Registration initiation: openid_configuration is given, without fragment, on the issuer's host")
def test_initiation_names_the_configuration(clause: str) -> None:
    asked = parse_qs(urlsplit(links.initiation("https://tool.example/register", token="t")).query)
    [address] = asked["openid_configuration"]
    parts, issuer = urlsplit(address), urlsplit(settings.PLATFORM_URL)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == (*issuer[:2], ADDRESS, "")
    assert asked["registration_token"] == ["t"]


SAID = {
    "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "response_types_supported": ["id_token"],
}
AMONG = {
    "scopes_supported": {"openid"},
    "claims_supported": {"sub", "iss", "name", "given_name", "family_name", "email"},
}


@pytest.mark.parametrize("member", SAID, ids="Registration: configuration says {}".format)
def test_what_a_member_of_the_configuration_says(told: dict[str, Any], member: str) -> None:
    assert told[member] == SAID[member]


@pytest.mark.parametrize("member", AMONG, ids="Registration: configuration lists {}".format)
def test_what_a_member_of_the_configuration_lists(told: dict[str, Any], member: str) -> None:
    assert set(told[member]) >= AMONG[member]


@clause("Registration: registration_token is asked for as Bearer")
@pytest.mark.parametrize("token", [None, "made-up"], ids=["missing", "unknown"])
def test_the_token_is_asked_for(clause: str, token: str | None) -> None:
    answer = call("POST", URL, request_of(), token=token)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert not Registration.objects.exists()


@clause("Registration: registration_token counts once")
def test_the_token_counts_once(clause: str) -> None:
    tool = invited()
    assert [tool.post().status_code, tool.post().status_code] == [201, 401]


@clause("Registration: registration_token expires within the hour")
@pytest.mark.parametrize(("minutes", "status"), [(59, 201), (60, 401)])
def test_the_token_expires(clause: str, minutes: int, status: int) -> None:
    tool = invited(now=datetime.now(UTC) - timedelta(minutes=minutes))
    assert tool.post().status_code == status


@clause("Registration: registration_token is bound to the admin who gave it")
def test_the_token_is_the_admins(clause: str) -> None:
    tool = invited()
    RoleGrant.objects.all().delete()
    assert tool.post().status_code == 401


REQUIRED = (
    "initiate_login_uri", "redirect_uris", "client_name", "jwks_uri", "token_endpoint_auth_method",
    "response_types", TOOL_CONFIGURATION,
)  # fmt: skip


@pytest.mark.parametrize("member", REQUIRED, ids=lambda name: f"Registration requires {name.split('/')[-1]}")
def test_a_request_lacks(member: str) -> None:
    answer = invited().post(**{member: None})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")
    assert member in answer.json()["error_description"]


@pytest.mark.parametrize(
    "member", ["domain", "target_link_uri"], ids="Registration requires lti-tool-configuration {}".format
)
def test_a_tool_configuration_lacks(member: str) -> None:
    answer = invited().post(tool={member: None})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"response_types": ["code"]}, 400, id="Registration: response_types lacks id_token"),
        pytest.param({"response_types": ["code", "id_token"]}, 201, id="Registration: has id_token"),
        pytest.param({"token_endpoint_auth_method": "none"}, 400, id="Registration: private_key_jwt"),
        pytest.param({"application_type": "native"}, 400, id="Registration: application_type web"),
        pytest.param({"scope": ""}, 201, id="Registration: scope may be empty"),
        pytest.param({"jwks_uri": "http://tool.example/jwks"}, 400, id="Registration: jwks_uri HTTPS"),
        pytest.param({"jwks_uri": "https://evil.example/j"}, 400, id="Registration: jwks_uri in the domain"),
        pytest.param({"initiate_login_uri": "https://evil.example/l"}, 400, id="Registration: login in the domain"),
        pytest.param({"tool": {"target_link_uri": "https://evil.example/"}}, 400, id="Registration: target in it"),
        pytest.param({"tool": {"domain": "https://tool.example"}}, 400, id="Registration: domain is a bare host"),
        pytest.param(
            {"tool": {"secondary_domains": ["b.example"], "target_link_uri": "https://b.example/"}},
            201,
            id="Registration: secondary_domains count",
        ),
    ],
)  # fmt: skip
def test_a_request_is_judged(changes: dict[str, Any], status: int) -> None:
    assert invited().post(**changes).status_code == status
    assert Registration.objects.count() == int(status == 201)


@clause("Registration: redirect_uris in the domain, else invalid_redirect_uri")
def test_redirects_stay_in_the_domain(clause: str) -> None:
    answer = invited().post(redirect_uris=["https://evil.example/launch"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")


@clause("Registration: scopes and messages that are not supported are dropped")
def test_the_rest_is_dropped(clause: str) -> None:
    kinds = [{"type": "LtiTakeOver"}, {"label": "no type"}, {"type": "LtiSubmissionReviewRequest"}]
    told = invited().post(scope=f"{scopes.SCORE} urn:all", tool={"messages": kinds}).json()
    assert told["scope"] == scopes.SCORE
    assert [one["type"] for one in told[TOOL_CONFIGURATION]["messages"]] == ["LtiSubmissionReviewRequest"]


@clause("Registration: optional metadata comes back")
@pytest.mark.parametrize("member", ["logo_uri", "client_uri", "tos_uri", "policy_uri"])
def test_optional_metadata_comes_back(clause: str, member: str) -> None:
    url = f"https://tool.example/{member}"
    assert invited().post(**{member: url}).json()[member] == url


@clause("Registration: pending until an administrator activates; deployment_id from then on")
def test_an_administrator_activates(clause: str) -> None:
    waiting, active = registered(), activated()
    assert (waiting.row.state, waiting.row.is_enabled, active.row.is_enabled) == ("pending", False, True)
    assert "deployment_id" not in waiting.read().json()[TOOL_CONFIGURATION]
    assert active.read().json()[TOOL_CONFIGURATION]["deployment_id"]


@clause("RFC 7592: the registration_access_token opens the registration, and no other does")
@pytest.mark.parametrize("token", [None, "made-up"], ids=["missing", "unknown"])
def test_management_has_its_token(clause: str, token: str | None) -> None:
    tool = registered()
    assert call("GET", tool.path, token=token).status_code == 401
    assert call("PUT", tool.path, request_of("Taken over"), token=token).status_code == 401
    assert tool.row.name == "ProctorCo"


@clause("RFC 7592: a change that widens scopes waits for an administrator")
def test_more_has_to_be_granted(clause: str) -> None:
    tool = activated(scope=scopes.SCORE)
    answer = tool.put(scope=f"{scopes.SCORE} {scopes.MEMBERSHIP_READONLY}")
    assert (answer.status_code, answer.json()["scope"]) == (200, scopes.SCORE)
    assert (tool.row.scopes, tool.row.proposed is None) == ([scopes.SCORE], False)
