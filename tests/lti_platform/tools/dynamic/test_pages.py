import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.tools.dynamic import links
from lti_platform.tools.errors import Problem
from lti_platform.tools.models import Registration, RegistrationLink
from tests.browsing import signed_in
from tests.factories import ada, lena, make_organization, mallory, pia
from tests.lti_platform.tools.dynamic.registering import Registrant, activated, invited, registered

pytestmark = pytest.mark.django_db
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
TOOL_URL = "https://tool.example/register?kind=lti"


def waiting(client: Client, **changes: str) -> RegistrationLink:
    """The link of a form that Ada filled in."""
    client.post(reverse("registration-link-new"), {"how": "open", "open-tool_url": TOOL_URL, **changes})
    return RegistrationLink.objects.get()


def decision(client: Client, row: Registration, **changes: Any) -> Any:
    """The answer to the form as it stands on the page, with changes."""
    url = reverse("tool-request", args=[row.pk])
    form = client.get(url).context["form"]
    values = {name: form.initial[name] for name in form.fields if form.initial.get(name) is not None}
    return client.post(url, {**values, **changes})


def test_a_tool_is_opened_with_our_configuration_and_a_token_of_its_own() -> None:
    client = signed_in(ada())
    link = waiting(client)
    page = client.get(reverse("registration-link", args=[link.pk]))
    assert "form-action" not in page["Content-Security-Policy"]
    answer = client.post(reverse("registration-link-open", args=[link.pk]))
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert query["openid_configuration"] == ["http://localhost:8000/.well-known/openid-configuration"]
    assert query["kind"] == ["lti"]
    assert Registrant(link, query["registration_token"][0]).post().status_code == 201


@pytest.mark.parametrize(
    "address", ["http://tool.example/", "javascript:alert(1)", "tool", "https://a@b/", "https://t.example/#x"]
)
def test_an_address_that_cannot_be_opened_is_refused(address: str) -> None:
    client = signed_in(ada())
    answer = client.post(reverse("registration-link-new"), {"how": "open", "open-tool_url": address})
    assert (answer.status_code, RegistrationLink.objects.count()) == (200, 0)


def test_the_waiting_page_knows_how_things_stand() -> None:
    person = ada()
    client, tool = signed_in(person), invited(by=person)
    url = reverse("registration-link-state", args=[tool.link.pk])
    assert client.get(url).json()["state"] == "waiting"
    RegistrationLink.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert client.get(url).json()["state"] == "expired"
    assert (
        "time of this link is over"
        in client.get(reverse("registration-link", args=[tool.link.pk])).content.decode()
    )
    RegistrationLink.objects.update(expires_at=datetime.now(UTC) + timedelta(hours=1))
    row = registered(tool).row
    assert client.get(url).json()["state"] == "registered"
    following = client.get(reverse("registration-link", args=[tool.link.pk]))
    assert following["Location"] == reverse("tool-request", args=[row.pk])


def test_ada_reads_on_her_page_why_a_registration_was_refused() -> None:
    person = ada()
    client, tool = signed_in(person), invited(by=person)
    tool.post(client_name=None, redirect_uris=["https://elsewhere.example/launch"])
    page = client.get(reverse("registration-link", args=[tool.link.pk]))
    told = [(field, str(words)) for field, words in page.context["problems"]]
    assert told == [
        ("client_name", "is missing"),
        ("redirect_uris", "lies outside the tool's domains"),
    ]
    assert "for 2 reasons" in html.unescape(page.content.decode())
    state = client.get(reverse("registration-link-state", args=[tool.link.pk])).json()
    assert (state["state"], bool(state["refused"])) == ("waiting", True)
    assert "A registration was refused" in client.get(reverse("tool-request-list")).content.decode()
    assert tool.post().status_code == 201


def test_a_body_that_is_no_json_is_told_to_ada_too() -> None:
    person = ada()
    client, tool = signed_in(person), invited(by=person)
    tool.post_body(b"{")
    page = client.get(reverse("registration-link", args=[tool.link.pk])).content.decode()
    assert "The whole request" in page


def test_opening_the_tool_again_forgets_what_was_refused_before() -> None:
    client = signed_in(ada())
    link = waiting(client)
    links.note_refusal(link, [Problem(field="scope", code="not_text", message="")], now=datetime.now(UTC))
    client.post(reverse("registration-link-open", args=[link.pk]))
    link.refresh_from_db()
    assert (link.refused_at, link.refusal) == (None, [])


def test_a_vendors_link_is_shown_once_and_registers_a_tool() -> None:
    client = signed_in(ada())
    fields = {"how": "invite", "invite-note": "ProctorCo", "invite-lifetime": "week"}
    shown = client.post(reverse("registration-link-new"), fields)
    found = re.search(r"http://localhost:8000(/register-a-tool/[\w-]+/)", shown.content.decode())
    assert found
    assert "no-store" in shown["Cache-Control"]
    page = Client().get(found[1], {"tool_url": TOOL_URL})
    opened = html.unescape(re.search(r'href="(https://tool\.example[^"]+)"', page.content.decode())[1])  # type: ignore[index]
    token = parse_qs(urlsplit(opened).query)["registration_token"][0]
    assert Registrant(RegistrationLink.objects.get(), token).post().status_code == 201
    assert Client().get(found[1]).status_code == 404


def test_a_vendor_cannot_be_led_to_an_odd_address() -> None:
    url = reverse("registration-by-vendor", args=[invited().token])
    page = Client().get(url, {"tool_url": "javascript:alert(1)"}).content.decode()
    assert 'href="javascript' not in page


def test_what_is_asked_for_is_shown_and_activated() -> None:
    client = signed_in(ada())
    row = registered(scope="https://evil.example/all", tool={"claims": ["sub", "email"]}).row
    text = client.get(reverse("tool-request", args=[row.pk])).content.decode()
    for words in ("https://evil.example/all", "https://tool.example/login", "email", "Activate and deploy"):
        assert words in text
    answer = decision(client, row)
    row.refresh_from_db()
    assert answer["Location"] == reverse("tool-detail", args=[row.pk])
    assert (row.state, row.privacy, row.deployments.count()) == ("active", "email", 1)


def test_what_nobody_can_grant_is_named_beside_what_is_asked() -> None:
    tool = {
        "claims": ["sub", "email", "picture", "https://purl.imsglobal.org/spec/lti/claim/lis"],
        "custom_parameters": {"person": "$User.id", "odd": "$Vendor.strange"},
    }
    row = registered(scope=f"{SCORE} https://evil.example/all", tool=tool).row
    page = signed_in(ada()).get(reverse("tool-request", args=[row.pk]))
    said = {line.key: [remark.text for remark in line.remarks] for line in page.context["lines"]}
    assert (said["scopes"], said["claims"]) == (["https://evil.example/all"], ["picture"])
    assert said["custom_parameters"] == ["odd=$Vendor.strange"]
    text = page.content.decode()
    table = text[text.index("<table") : text.index("</table>")]
    assert all(f'name="{name}"' in table for name in ("scopes", "messages", "privacy"))


def test_a_working_tools_page_tells_what_it_asked_for_and_was_not_given() -> None:
    client = signed_in(ada())
    row = registered(scope=f"{SCORE} {ROSTER} https://evil.example/all").row
    decision(client, row, scopes=[SCORE])
    text = client.get(reverse("tool-detail", args=[row.pk])).content.decode()
    withheld = text[text.index("Asked for, not given") :][:400]
    assert all(words in withheld for words in ("Read course rosters", "https://evil.example/all"))
    assert "knows our addresses" in text


def test_the_page_of_a_change_shows_it_beside_what_is() -> None:
    client, tool = signed_in(ada()), activated()
    tool.put(client_name="Payroll")
    url = reverse("tool-request", args=[tool.row.pk])
    assert url in client.get(reverse("tool-detail", args=[tool.row.pk])).content.decode()
    text = client.get(url).content.decode()
    assert all(words in text for words in ("Payroll", "ProctorCo", "different"))
    decision(client, tool.row)
    assert (tool.row.name, tool.row.proposed) == ("Payroll", None)


def test_a_decision_about_what_is_no_longer_asked_is_not_made() -> None:
    client, tool = signed_in(ada()), registered()
    answer = decision(client, tool.row, seen="0" * 64)
    assert answer["Location"] == reverse("tool-request", args=[tool.row.pk])
    assert tool.row.state == "pending"


def test_declining() -> None:
    client, tool, other = signed_in(ada()), registered(), activated()
    other.put(client_name="Payroll")
    for row in (tool.row, other.row):
        client.post(reverse("tool-request-decline", args=[row.pk]))
    assert (tool.row.state, other.row.state, other.row.proposed) == ("declined", "active", None)
    assert "Declined" in client.get(reverse("tool-request", args=[tool.row.pk])).content.decode()


def test_the_list_says_what_waits() -> None:
    client = signed_in(ada())
    assert "No tool waits for you" in client.get(reverse("tool-request-list")).content.decode()
    registered(client_name="New Tool")
    activated(client_name="Changing Tool").put(client_name="Payroll")
    text = client.get(reverse("tool-request-list")).content.decode()
    assert all(words in text for words in ("New Tool", "Changing Tool", "Tools wait"))
    assert "2 requests wait" in client.get(reverse("tool-list")).content.decode()


def test_a_waiting_tool_has_no_page_of_a_working_one() -> None:
    client, row = signed_in(ada()), registered().row
    for name in ("tool-detail", "tool-edit"):
        assert client.get(reverse(name, args=[row.pk])).status_code == 404
    for name in ("tool-enable", "deployment-new"):
        assert client.post(reverse(name, args=[row.pk])).status_code == 404
    assert not Registration.objects.filter(is_enabled=True).exists()


def test_a_link_is_its_admins_alone() -> None:
    tool, other = invited(), signed_in(ada())
    for name in ("registration-link", "registration-link-state"):
        assert other.get(reverse(name, args=[tool.link.pk])).status_code == 404
    for name in ("registration-link-open", "registration-link-withdraw"):
        assert other.post(reverse(name, args=[tool.link.pk])).status_code == 404


def test_an_admin_of_another_organization_decides_nothing() -> None:
    acme = make_organization("Acme")
    row = registered(invited(by=ada(acme), organization=acme)).row
    client = signed_in(mallory("lms_admin"))
    assert client.get(reverse("tool-request", args=[row.pk])).status_code == 404
    assert client.post(reverse("tool-request-decline", args=[row.pk])).status_code == 404
    assert "ProctorCo" not in client.get(reverse("tool-request-list")).content.decode()


@pytest.mark.parametrize("name", ["registration-link-new", "tool-request-list"])
@pytest.mark.parametrize("who", [lena, pia, mallory])
def test_others_are_turned_away(who: Any, name: str) -> None:
    assert signed_in(who()).get(reverse(name)).status_code == 403
