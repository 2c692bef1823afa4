"""Whatever a registration says, it is taken in or refused in the standard's words, and a refused one leaves nothing."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_platform.tools.describing import TOOL_CONFIGURATION
from lti_platform.tools.models import Deployment, Registration, RegistrationLink
from tests.lti_platform.tools.descriptions import request_of
from tests.lti_platform.tools.dynamic.registering import Registered, Registrant, activated, call, invited

pytestmark = pytest.mark.django_db
many = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 2
)
ERRORS = {"invalid_client_metadata", "invalid_redirect_uri"}
GOOD = {
    **request_of(),
    "logo_uri": "https://tool.example/l.svg",
    "contacts": ["a@tool.example"],
    "jwks": None,
}
OF_TOOL = [*GOOD[TOOL_CONFIGURATION], "secondary_domains", "custom_parameters", "description"]
texts = st.text(max_size=30) | st.sampled_from(
    [
        "https://tool.example/",
        "https://[::1]/",
        "http://x",
        "https://tool.example:99999/",
        "LtiResourceLinkRequest",
    ]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
message = st.dictionaries(
    st.sampled_from(["type", "target_link_uri", "custom_parameters", "placements", "label", "roles"]),
    anything,
)


def assert_in_order(tool: Registrant, body: Any) -> None:
    """Posts it with a good link: 201 and pending, or 400 or 415 with nothing stored and the link still good."""
    RegistrationLink.objects.update(used_at=None, registration=None)
    before = Registration.objects.count()
    answer = tool.post_body(body)
    used = RegistrationLink.objects.get().used_at is not None
    if answer.status_code == 201:
        row = Registration.objects.get(client_id=answer.json()["client_id"])
        assert (row.state, row.is_enabled, used) == ("pending", False, True)
    else:
        assert answer.status_code == 400 or not body, answer.content
        assert answer.json()["error"] in ERRORS
        assert (Registration.objects.count(), used) == (before, False)
    assert not Deployment.objects.exists()


@pytest.fixture
def tool() -> Registrant:
    return invited()


@many
@given(name=st.sampled_from([*GOOD, "client_uri", "grant_types"]), value=anything)
def test_any_value_of_a_member(tool: Registrant, name: str, value: Any) -> None:
    assert_in_order(tool, {**GOOD, name: value})


@many
@given(name=st.sampled_from(OF_TOOL), value=anything)
def test_any_value_of_a_member_of_the_tool_configuration(tool: Registrant, name: str, value: Any) -> None:
    body = deepcopy(GOOD)
    body[TOOL_CONFIGURATION][name] = value
    assert_in_order(tool, body)


@many
@given(messages=st.lists(message, max_size=4))
def test_any_messages(tool: Registrant, messages: list[Any]) -> None:
    body = deepcopy(GOOD)
    body[TOOL_CONFIGURATION]["messages"] = [{"type": "LtiResourceLinkRequest", **one} for one in messages]
    assert_in_order(tool, body)


@many
@given(body=st.binary(max_size=200) | anything.map(lambda value: json.dumps(value).encode()))
def test_any_bytes(tool: Registrant, body: bytes) -> None:
    assert_in_order(tool, body)


@pytest.fixture
def working() -> Registered:
    return activated()


@many
@given(changes=st.dictionaries(st.sampled_from([*GOOD]), anything, max_size=3))
def test_any_change_leaves_a_working_tool_as_it_is(working: Registered, changes: dict[str, Any]) -> None:
    before = {name: value for name, value in vars(working.row).items() if name not in UNSETTLED}
    told = working.told
    body = {**GOOD, "client_id": told["client_id"], **changes}
    answer = call("PUT", working.path, body, token=told["registration_access_token"])
    assert answer.status_code in {200, 400}, answer.content
    after = {name: vars(working.row)[name] for name in before}
    assert set(after.pop("scopes")) <= set(before.pop("scopes"))
    assert after == before


UNSETTLED = {"_state", "proposed", "asked"}
