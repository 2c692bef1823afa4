from typing import Any

import pytest

from lti_platform.journal.models import Entry
from lti_platform.tools import scopes
from lti_platform.tools.describing import TOOL_CONFIGURATION
from lti_platform.tools.dynamic.echoing import STANDING
from lti_platform.tools.models import Deployment, Registration
from tests.lti_platform.tools.dynamic.registering import activated, call, granted, registered

pytestmark = pytest.mark.django_db
LAUNCH = {"type": "LtiResourceLinkRequest"}


def test_a_waiting_tool_reads_that_it_waits() -> None:
    told = registered().read().json()
    assert told[STANDING] == {"state": "pending", "change_waiting": False}
    assert "deployment_id" not in told[TOOL_CONFIGURATION]


def test_an_active_tool_reads_where_it_is_deployed() -> None:
    tool = activated()
    told = tool.read().json()
    assert told[TOOL_CONFIGURATION]["deployment_id"] == Deployment.objects.get().deployment_id
    assert told["registration_access_token"] == tool.told["registration_access_token"]


def test_saying_the_same_again_changes_nothing() -> None:
    tool = activated()
    count = Entry.objects.count()
    assert tool.put().json()[STANDING] == {"state": "active", "change_waiting": False}
    assert Entry.objects.count() == count


@pytest.mark.parametrize(
    "more",
    [
        {"scope": f"{scopes.SCORE} {scopes.LINEITEM}"},
        {"tool": {"messages": [LAUNCH, {"type": "LtiEndAssessment"}]}},
        {"tool": {"messages": [{**LAUNCH, "target_link_uri": "https://tool.example/other"}]}},
        {"redirect_uris": ["https://tool.example/launch"]},
        {"initiate_login_uri": "https://tool.example/other"},
        {"jwks_uri": "https://tool.example/other"},
        {"client_name": "Payroll"},
        {"tool": {"custom_parameters": {"who": "$Person.email.primary"}}},
    ],
    ids=str,
)
def test_a_change_waits_and_the_tool_works_as_before(more: dict[str, Any]) -> None:
    tool = activated()
    before = {name: value for name, value in vars(tool.row).items() if name not in ("_state", "proposed")}
    answer = tool.put(**more)
    assert (answer.status_code, answer.json()[STANDING]["change_waiting"]) == (200, True)
    after = {name: vars(tool.row)[name] for name in before}
    assert after == before
    assert Entry.objects.filter(fact_type="tools.change_asked").count() == 1


def test_asking_for_less_is_given_at_once() -> None:
    tool = activated()
    answer = tool.put(scope=scopes.SCORE, tool={"messages": [LAUNCH]})
    told = answer.json()
    assert (told["scope"], told[TOOL_CONFIGURATION]["messages"]) == (scopes.SCORE, [LAUNCH])
    assert tool.row.proposed is None
    changed = Entry.objects.get(fact_type="tools.changed")
    assert changed.payload["fields"] == "messages,scopes"
    assert (changed.actor_kind, changed.actor_id) == ("tool", tool.row.client_id)


def test_what_was_given_back_has_to_be_asked_for_again() -> None:
    tool = activated()
    tool.put(scope=scopes.SCORE)
    assert tool.put().json()[STANDING]["change_waiting"] is True


def test_what_was_withheld_is_not_got_by_asking_again() -> None:
    tool = activated(grant=granted(registered().row, scopes=[scopes.SCORE]))
    told = tool.put().json()
    assert (told["scope"], told[STANDING]["change_waiting"]) == (scopes.SCORE, False)


def test_a_request_is_taken_back_by_saying_how_things_are() -> None:
    tool = activated()
    tool.put(client_name="Payroll")
    assert tool.put().json()[STANDING]["change_waiting"] is False
    assert Entry.objects.get(fact_type="tools.change_settled").payload["outcome"] == "withdrawn"


def test_a_tool_that_gives_up_every_message_waits() -> None:
    tool = activated(tool={"messages": [{"type": "LtiStartProctoring"}]})
    assert tool.put(tool={"messages": [LAUNCH]}).json()[STANDING]["change_waiting"] is True
    assert tool.row.supports("LtiStartProctoring")


def test_a_bad_change_is_refused_and_nothing_stays() -> None:
    tool = activated()
    answer = tool.put(redirect_uris=["https://evil.example/"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")
    assert tool.row.proposed is None


def test_a_tool_that_is_switched_off_changes_nothing() -> None:
    tool = activated()
    Registration.objects.update(is_enabled=False)
    assert [tool.read().status_code, tool.put(client_name="Payroll").status_code] == [403, 403]
    assert tool.row.proposed is None


def test_other_methods_are_named() -> None:
    answer = call("DELETE", activated().path)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, PUT")
