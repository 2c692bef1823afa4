from datetime import datetime

import pytest

from lti_platform.journal.models import Entry
from lti_platform.tools import scopes
from lti_platform.tools.dynamic import asking, deciding
from lti_platform.tools.errors import AlreadyDecided, RequestChanged
from lti_platform.tools.models import Deployment, FetchedKeySet, Registration
from tests.factories import make_organization
from tests.lti_platform.tools.dynamic.registering import Registered, activated, granted, registered

pytestmark = pytest.mark.django_db


def facts(row: Registration) -> list[str]:
    rows = Entry.objects.filter(subject=f"tool:{row.pk}").order_by("recorded_at")
    return list(rows.values_list("fact_type", flat=True))


def test_a_tool_gets_what_is_granted_and_no_more(now: datetime) -> None:
    row = registered().row
    more = [scopes.SCORE, scopes.LINEITEM, "https://unknown.example/"]
    grant = granted(
        row, scopes=more, messages=["LtiResourceLinkRequest", "LtiEndAssessment"], privacy="anonymous"
    )
    organization = make_organization("Acme")
    deciding.activate(row, seen=deciding.fingerprint(row), grant=grant, organization=organization, now=now)
    row.refresh_from_db()
    assert (row.state, row.is_enabled, row.privacy) == ("active", True, "anonymous")
    assert row.scopes == [scopes.SCORE]
    assert [message["type"] for message in row.messages] == ["LtiResourceLinkRequest"]
    assert Deployment.objects.get().organization == organization
    assert set(facts(row)) == {"tools.asked", "tools.activated", "tools.deployment_made"}


def test_one_decision_is_made_once(now: datetime) -> None:
    row = registered().row
    seen = deciding.fingerprint(row)
    deciding.activate(row, seen=seen, grant=granted(row), organization=None, now=now)
    with pytest.raises(AlreadyDecided):
        deciding.activate(row, seen=seen, grant=granted(row), organization=None, now=now)
    with pytest.raises(AlreadyDecided):
        deciding.decline(row, now=now)
    assert Deployment.objects.count() == 1


def test_nobody_grants_what_the_page_did_not_show(now: datetime) -> None:
    tool = registered()
    row, seen = tool.row, deciding.fingerprint(tool.row)
    assert tool.put(initiate_login_uri="https://tool.example/other").status_code == 200
    with pytest.raises(RequestChanged):
        deciding.activate(row, seen=seen, grant=granted(row), organization=None, now=now)
    assert tool.row.state == "pending"


def test_a_declined_tool_can_no_longer_ask(now: datetime) -> None:
    tool = registered()
    deciding.decline(tool.row, now=now)
    assert (tool.row.state, tool.row.is_enabled) == ("declined", False)
    assert [tool.read().status_code, tool.put().status_code] == [401, 401]
    assert not Deployment.objects.exists()


@pytest.fixture
def asking_tool() -> Registered:
    """A tool that works, and asks for another key set and one more scope."""
    tool = activated()
    more = f"{scopes.SCORE} {scopes.MEMBERSHIP_READONLY} {scopes.LINEITEM}"
    tool.put(jwks_uri="https://tool.example/other-keys", scope=more)
    return tool


def test_an_accepted_change_is_made_as_far_as_granted(asking_tool: Registered, now: datetime) -> None:
    row = asking_tool.row
    FetchedKeySet.objects.create(registration=row, body="{}")
    grant = granted(row, scopes=[scopes.SCORE, scopes.LINEITEM], privacy="public")
    changed = deciding.accept_change(row, seen=deciding.fingerprint(row), grant=grant, now=now)
    row.refresh_from_db()
    assert (row.jwks_uri, row.scopes) == ("https://tool.example/other-keys", [scopes.SCORE, scopes.LINEITEM])
    assert (row.proposed, changed) == (None, ["jwks_uri", "scopes"])
    assert not FetchedKeySet.objects.exists()
    assert {"tools.changed", "tools.change_settled"} <= set(facts(row))


def test_a_declined_change_leaves_the_tool_as_it_was(asking_tool: Registered, now: datetime) -> None:
    before = (asking_tool.row.jwks_uri, asking_tool.row.scopes)
    deciding.decline_change(asking_tool.row, now=now)
    row = asking_tool.row
    assert ((row.jwks_uri, row.scopes), row.proposed, row.is_enabled) == (before, None, True)
    with pytest.raises(AlreadyDecided):
        deciding.decline_change(row, now=now)


def test_a_change_that_changed_again_is_looked_at_again(asking_tool: Registered, now: datetime) -> None:
    row = asking_tool.row
    seen = deciding.fingerprint(row)
    asking_tool.put(redirect_uris=["https://tool.example/elsewhere"])
    with pytest.raises(RequestChanged):
        deciding.accept_change(row, seen=seen, grant=granted(row), now=now)
    assert asking_tool.row.redirect_uris == row.redirect_uris


@pytest.mark.parametrize(
    ("claims", "level"),
    [
        ([], "anonymous"),
        (["sub", "locale"], "anonymous"),
        (["name"], "name"),
        (["email"], "email"),
        (["given_name", "email"], "public"),
    ],
)
def test_the_level_offered_shows_what_is_asked_and_little_else(claims: list[str], level: str) -> None:
    assert asking.suggested_privacy({"claims": claims}) == level
