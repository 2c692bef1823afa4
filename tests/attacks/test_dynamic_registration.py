"""Section I: who registers a tool, what it may say of itself, and what it may do before anybody decided."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lti_platform.journal.models import Entry
from lti_platform.people.models import RoleGrant
from lti_platform.tools import scopes
from lti_platform.tools.describing import TOOL_CONFIGURATION
from lti_platform.tools.dynamic.deciding import decline
from lti_platform.tools.enabling import enable
from lti_platform.tools.models import Deployment, Registration, RegistrationLink
from proctoring.forms import NewExamForm
from tests.attacks.asking_for_tokens import Answer, seeker
from tests.factories import ada, make_deployment, make_organization
from tests.lti_platform.launches.staging import lena_starts
from tests.lti_platform.tools.descriptions import pasted_keys, request_of
from tests.lti_platform.tools.dynamic.registering import (
    URL,
    Registrant,
    activated,
    call,
    invited,
    registered,
)
from tests.together import together

pytestmark = pytest.mark.django_db
INTERNAL = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.9", "localhost")


def case(number: str, *values: Any) -> Any:
    """Parameters whose id carries the case."""
    named = [pytest.param(value, id=f"{number} {value}"[:70]) for value in values]
    return pytest.mark.parametrize("given", named)


@pytest.fixture
def tool() -> Registrant:
    return invited()


def assert_refused(answer: Answer, error: str, *, status: int = 400) -> None:
    """The RFC 7591 error, uncached; nothing was stored, and the link is as good as before."""
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.content
    assert "no-store" in answer["Cache-Control"]
    assert not Registration.objects.exists()
    assert not RegistrationLink.objects.exclude(used_at=None).exists()


class TestCase188TokensThatOpenNothing:
    @case("case-188", None, "", "random", "x" * 5000, "\x00")
    def test_without_a_good_token_nothing_is_read(self, given: str | None, tool: Registrant) -> None:
        answer = call("POST", URL, request_of(), token=given)
        assert_refused(answer, "invalid_token", status=401)
        assert answer["WWW-Authenticate"].startswith("Bearer")

    @case("case-188", timedelta(hours=1), timedelta(days=8))
    def test_an_expired_token(self, given: timedelta) -> None:
        late = invited(now=datetime.now(UTC) - given)
        assert_refused(late.post(), "invalid_token", status=401)

    @case("case-188", "withdrawn admin")
    def test_a_token_whose_admin_is_none_any_more(self, given: str) -> None:
        tool = invited(by=ada())
        RoleGrant.objects.all().delete()
        assert_refused(tool.post(), "invalid_token", status=401)


class TestCase189TokensUsedTwice:
    @case("case-189", "reused")
    def test_a_used_token_registers_nothing_more(self, given: str, tool: Registrant) -> None:
        assert [tool.post().status_code for _ in range(3)] == [201, 401, 401]
        assert Registration.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    @case("case-189", "raced by 16")
    def test_sixteen_at_once_are_one_registration(self, given: str, tool: Registrant) -> None:
        answers = together(*[lambda: tool.post().status_code for _ in range(16)])
        assert sorted(answers) == [201] + [401] * 15
        assert (
            Registration.objects.count(),
            RegistrationLink.objects.exclude(registration=None).count(),
        ) == (1, 1)

    @case("case-189", "refused first")
    def test_a_refused_attempt_does_not_use_the_token_up(self, given: str, tool: Registrant) -> None:
        assert [tool.post(client_name=None).status_code, tool.post().status_code] == [400, 201]


@case(
    "case-190",
    {"response_types": ["code"]},
    {"response_types": []},
    {"response_types": "id_token token"},
    {"token_endpoint_auth_method": "client_secret_basic"},
    {"token_endpoint_auth_method": "none"},
    {"application_type": "native"},
)
def test_another_kind_of_client_is_refused(given: dict[str, Any], tool: Registrant) -> None:
    assert_refused(tool.post(**given), "invalid_client_metadata")


@case(
    "case-191",
    "redirect_uris", "initiate_login_uri", "jwks_uri", "client_name", TOOL_CONFIGURATION,
    "token_endpoint_auth_method",
)  # fmt: skip
def test_a_member_that_is_missing(given: str, tool: Registrant) -> None:
    answer = tool.post(**{given: None})
    assert_refused(answer, "invalid_client_metadata")
    assert given in answer.json()["error_description"]


@case("case-191", "domain", "target_link_uri")
def test_a_member_of_the_tool_configuration_that_is_missing(given: str, tool: Registrant) -> None:
    assert_refused(tool.post(tool={given: None}), "invalid_client_metadata")


@case(
    "case-192",
    "https://tool.example/launch",
    ["http://tool.example/launch"],
    ["https://tool.example/launch#part"],
    ["https://evil.example/launch"],
    ["https://tool.example.evil.example/launch"],
    ["https://user@tool.example/launch"],
    ["javascript:alert(1)"],
    [7],
)
def test_redirect_addresses_that_break_a_rule(given: Any, tool: Registrant) -> None:
    assert_refused(tool.post(redirect_uris=given), "invalid_redirect_uri")


@case("case-193", *INTERNAL)
def test_a_key_set_inside_a_network(given: str, tool: Registrant) -> None:
    own = {"secondary_domains": [given]}
    answer = tool.post(tool=own, jwks_uri=f"https://{given}/jwks")
    assert_refused(answer, "invalid_client_metadata")
    assert "jwks_uri" in answer.json()["error_description"]


@case("case-194", "scopes we do not have")
def test_scopes_we_have_are_kept_and_told(given: str, tool: Registrant) -> None:
    asked = f"openid {scopes.SCORE} https://evil.example/scope/all {scopes.SCORE} *"
    answer = tool.post(scope=asked)
    assert (answer.status_code, answer.json()["scope"]) == (201, scopes.SCORE)
    row = Registration.objects.get()
    assert (row.state, row.scopes) == ("pending", [scopes.SCORE])
    assert row.asked["dropped"]["scopes"] == ["https://evil.example/scope/all", "*"]


@case("case-195", "messages and placements we do not have")
def test_messages_we_have_are_kept_and_told(given: str, tool: Registrant) -> None:
    content = {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea", "course_navigation"]}
    answer = tool.post(tool={"messages": [content, {"type": "LtiTakeOver"}, "odd", {"type": ["x"]}]})
    applied = answer.json()[TOOL_CONFIGURATION]["messages"]
    assert (answer.status_code, applied) == (201, [{**content, "placements": ["ContentArea"]}])
    dropped = Registration.objects.get().asked["dropped"]
    assert (dropped["messages"], dropped["placements"]) == (["LtiTakeOver"], ["course_navigation"])


class TestCase196APendingToolDoesNothing:
    @case("case-196", "token")
    def test_it_gets_no_token(self, given: str) -> None:
        row = registered(**pasted_keys()).row
        answer = seeker(row).ask(scope=scopes.SCORE)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")

    @case("case-196", "launch")
    def test_it_is_not_launched_even_where_somebody_deployed_it(self, given: str) -> None:
        stage = lena_starts()
        row = stage.launch.registration
        Registration.objects.filter(pk=row.pk).update(state="pending", is_enabled=False)
        stage.ask()
        assert not Entry.objects.filter(fact_type="launches.sent").exists()

    @case("case-196", "pickers")
    def test_it_is_in_no_picker(self, given: str) -> None:
        deployment = make_deployment(registered().row)
        form = NewExamForm(viewer=ada())
        assert deployment not in form.deployments("LtiResourceLinkRequest")

    @case("case-196", "declined")
    def test_a_declined_tool_is_never_switched_on(self, given: str) -> None:
        row = registered().row
        decline(row, now=datetime.now(UTC))
        assert not enable(row, now=datetime.now(UTC))
        assert not Registration.objects.filter(is_enabled=True).exists()


METHODS: dict[str, Callable[..., Answer]] = {
    "GET": lambda path, token: call("GET", path, token=token),
    "PUT": lambda path, token: call("PUT", path, request_of("Taken over"), token=token),
}


class TestCase197RegistrationsOfOthers:
    @pytest.mark.parametrize("method", METHODS)
    @case("case-197", None, "", "random", "x" * 5000)
    def test_a_wrong_token_opens_nothing(self, given: str | None, method: str) -> None:
        tool = activated()
        assert METHODS[method](tool.path, given).status_code == 401
        assert tool.row.name == "ProctorCo"

    @pytest.mark.parametrize("method", METHODS)
    @case("case-197", "another client's")
    def test_the_token_of_another_client_opens_nothing(self, given: str, method: str) -> None:
        tool, mallory = activated(), activated()
        answer = METHODS[method](tool.path, mallory.told["registration_access_token"])
        assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
        assert tool.row.name == "ProctorCo"

    @case("case-197", "client_id of another")
    def test_a_client_cannot_become_another(self, given: str) -> None:
        tool, mallory = activated(), activated()
        answer = mallory.put(client_id=tool.told["client_id"])
        assert (answer.status_code, mallory.row.proposed) == (400, None)

    @case("case-197", "registration token", "access token of the link's tool")
    def test_tokens_open_only_what_they_are_for(self, given: str, tool: Registrant) -> None:
        told = registered(tool)
        token = tool.token if given == "registration token" else told.told["registration_access_token"]
        path, method = (told.path, "GET") if given == "registration token" else (URL, "POST")
        assert call(method, path, request_of(), token=token).status_code == 401


def test_a_token_is_kept_nowhere(tool: Registrant) -> None:
    told = registered(tool).told
    rows = [*RegistrationLink.objects.values(), *Registration.objects.values(), *Entry.objects.values()]
    assert not any(secret in str(rows) for secret in (tool.token, told["registration_access_token"]))


def test_a_tool_belongs_to_the_organization_of_its_link() -> None:
    acme = make_organization("Acme")
    tool = activated(invited(by=ada(acme), organization=acme))
    assert (tool.row.organization, Deployment.objects.get().organization) == (acme, acme)
