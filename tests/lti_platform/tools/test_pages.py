import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.journal.models import Entry
from lti_platform.people.models import Organization, Person
from lti_platform.tools import scopes
from lti_platform.tools.models import Deployment, FetchedKeySet, Registration
from lti_platform.tools.views.admin import PAGE_SIZE
from tests.factories import ada, lena, make_deployment, make_organization, make_registration, mallory, pia
from tests.lti_platform.tools.descriptions import request_of
from tests.services.receiver import Receiver
from tests.tool_keys import tool_key

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lti_platform.tools.urls")]


def signed_in(person: Person) -> Client:
    client = Client(enforce_csrf_checks=False)
    client.force_login(person)
    return client


def page(person: Person, name: str, *arguments: Any) -> str:
    """The text of a page the person may see."""
    answer = signed_in(person).get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


def typed(**changes: Any) -> dict[str, Any]:
    """The form of a tool, filled in by hand."""
    fields = {
        "name": "Typed Tool",
        "description": "",
        "domains": "tool.example",
        "initiate_login_uri": "https://tool.example/login",
        "redirect_uris": "https://tool.example/launch\nhttps://tool.example/other",
        "target_link_uri": "https://tool.example/launch",
        "jwks_uri": "https://tool.example/jwks",
        "jwks": "",
        "messages": ["LtiResourceLinkRequest", "LtiStartProctoring"],
        "scopes": [scopes.SCORE],
        "custom_parameters": "level=2\nplace=a=b",
        "privacy": "anonymous",
    }
    return {**fields, **changes}


def as_new(fields: dict[str, Any]) -> dict[str, Any]:
    return {"how": "type", **{f"type-{name}": value for name, value in fields.items()}}


def test_an_empty_list_says_what_to_do() -> None:
    assert "Ask the vendor for their registration JSON" in page(ada(), "tool-list")


def test_the_list_names_each_tool_with_its_state() -> None:
    make_registration("Working Tool")
    make_registration("Resting Tool", is_enabled=False)
    text = page(ada(), "tool-list")
    assert all(
        words in text for words in ("Working Tool", "Resting Tool", "Disabled", "1 tool may be opened")
    )


def test_a_broken_tool_on_the_second_page_is_told_on_the_first() -> None:
    for number in range(PAGE_SIZE):
        make_registration(f"Tool {number}")
    make_registration("Zither", jwks={"keys": []})
    make_registration("Zither at rest", jwks={"keys": []}, is_enabled=False)
    text = page(ada(), "tool-list")
    assert "Zither" not in text
    assert "1 tool does not work as it should." in text


def test_a_pasted_registration_becomes_a_tool() -> None:
    client = signed_in(ada())
    fields = {"how": "paste", "paste-registration": json.dumps(request_of()), "paste-privacy": "public"}
    answer = client.post(reverse("tool-new"), fields)
    registration = Registration.objects.get()
    assert answer["Location"] == reverse("tool-detail", args=[registration.pk])
    assert registration.messages[1]["target_link_uri"] == "https://tool.example/proctor"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not one JSON object"),
        (json.dumps(request_of(redirect_uris=["https://evil.example/"])), "redirect_uris lies outside"),
        (json.dumps(request_of(tool={"domain": None})), "domain is missing"),
    ],
)
def test_what_is_wrong_with_pasted_json_is_said(text: str, words: str) -> None:
    fields = {"how": "paste", "paste-registration": text, "paste-privacy": "public"}
    answer = signed_in(ada()).post(reverse("tool-new"), fields)
    assert (answer.status_code, Registration.objects.count()) == (200, 0)
    assert words in answer.content.decode()


def test_a_typed_registration_becomes_a_tool() -> None:
    signed_in(ada()).post(reverse("tool-new"), as_new(typed()))
    registration = Registration.objects.get()
    assert registration.scopes == [scopes.SCORE]
    assert registration.custom_parameters == {"level": "2", "place": "a=b"}
    assert registration.redirect_uris == ["https://tool.example/launch", "https://tool.example/other"]
    assert registration.privacy == "anonymous"


def test_a_problem_is_shown_at_its_field() -> None:
    fields = as_new(typed(jwks_uri="http://tool.example/jwks", domains="not a domain/"))
    answer = signed_in(ada()).post(reverse("tool-new"), fields)
    assert Registration.objects.count() == 0
    assert set(answer.context["typed"].errors) == {"domains", "jwks_uri"}


def test_editing_shows_the_tool_and_keeps_what_the_form_does_not_show() -> None:
    own = {"type": "LtiStartProctoring", "target_link_uri": "https://tool.example/proctor"}
    tool = make_registration(
        jwks=None,
        domains=["tool.example"],
        messages=[own],
        jwks_uri="https://tool.example/jwks",
        initiate_login_uri="https://tool.example/login",
        target_link_uri="https://tool.example/launch",
        redirect_uris=["https://tool.example/launch"],
    )
    client = signed_in(ada())
    initial = client.get(reverse("tool-edit", args=[tool.pk])).context["form"].initial
    client.post(reverse("tool-edit", args=[tool.pk]), {**initial, "name": "Renamed"})
    tool.refresh_from_db()
    assert (tool.name, tool.messages) == ("Renamed", [own])
    assert Entry.objects.get(fact_type="tools.changed").payload["fields"] == "name"


def test_the_detail_page_has_what_the_vendor_must_type_in() -> None:
    deployment = make_deployment()
    text = page(ada(), "tool-detail", deployment.registration_id)
    assert deployment.registration.client_id in text
    assert deployment.deployment_id in text
    assert "http://localhost:8000/lti/token" in text
    assert "Send scores" in text


def test_the_sheet_is_a_json_file() -> None:
    deployment = make_deployment()
    answer = signed_in(ada()).get(reverse("tool-sheet", args=[deployment.registration_id]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.json()["deployment_ids"] == [deployment.deployment_id]


def test_a_tool_is_disabled_and_enabled_again() -> None:
    tool, client = make_registration(), signed_in(ada())
    client.post(reverse("tool-disable", args=[tool.pk]))
    assert not Registration.objects.get().is_enabled
    assert "is disabled" in client.get(reverse("tool-detail", args=[tool.pk])).content.decode()
    client.post(reverse("tool-enable", args=[tool.pk]))
    assert Registration.objects.get().is_enabled
    facts = list(Entry.objects.order_by("recorded_at").values_list("fact_type", flat=True))
    assert facts == ["tools.disabled", "tools.enabled"]


def test_a_tool_is_not_disabled_by_a_link() -> None:
    tool = make_registration()
    assert signed_in(ada()).get(reverse("tool-disable", args=[tool.pk])).status_code == 405


def test_a_deployment_is_made_and_turned_off() -> None:
    tool, acme, client = make_registration(), make_organization("Acme"), signed_in(ada())
    client.post(reverse("deployment-new", args=[tool.pk]), {"organization": str(acme.pk)})
    deployment = Deployment.objects.get()
    assert deployment.organization == acme
    client.post(reverse("deployment-switch", args=[tool.pk, deployment.pk]), {"enabled": "no"})
    deployment.refresh_from_db()
    assert not deployment.is_enabled


def test_a_key_set_is_fetched_when_asked(receiver: Receiver) -> None:
    url = receiver.answer_with("/jwks", body=json.dumps(tool_key().jwks).encode())
    tool = make_registration(jwks=None, jwks_uri=url)
    client = signed_in(ada())
    client.post(reverse("tool-key-set-fetch", args=[tool.pk]))
    assert FetchedKeySet.objects.get().last_error == ""
    receiver.answer_with("/jwks", status=500)
    answer = client.post(reverse("tool-key-set-fetch", args=[tool.pk]), follow=True)
    assert "status 500" in answer.content.decode()


def test_the_keys_page_shows_ours_and_theirs() -> None:
    make_registration("Unreachable", jwks=None, jwks_uri="https://tool.example/jwks")
    FetchedKeySet.objects.create(registration=Registration.objects.get(), last_error="status 500")
    text = page(ada(), "key-list")
    assert "Access tokens" in text
    assert "1 tool has no key we may use" in text


@pytest.mark.parametrize("name", ["tool-list", "tool-new", "key-list"])
@pytest.mark.parametrize("who", [lena, pia, mallory])
def test_others_are_turned_away(who: Any, name: str) -> None:
    assert signed_in(who()).get(reverse(name)).status_code == 403


def test_strangers_are_sent_to_sign_in() -> None:
    assert Client().get(reverse("tool-list")).status_code == 302


class TestMalloryWhoAdministersAnotherOrganization:
    @pytest.fixture
    def other(self) -> Organization:
        return make_organization("Other Company")

    @pytest.fixture
    def admin(self, other: Organization) -> Client:
        return signed_in(mallory("lms_admin", other))

    def test_sees_no_tool_of_anybody_else(self, admin: Client) -> None:
        tool = make_deployment(make_registration("Northgate Tool")).registration
        assert b"Northgate Tool" not in admin.get(reverse("tool-list")).content
        for name in ("tool-detail", "tool-edit", "tool-sheet"):
            assert admin.get(reverse(name, args=[tool.pk])).status_code == 404

    @pytest.mark.parametrize("name", ["tool-disable", "tool-enable", "tool-key-set-fetch", "deployment-new"])
    def test_changes_no_tool_of_anybody_else(self, admin: Client, name: str) -> None:
        tool = make_registration()
        assert admin.post(reverse(name, args=[tool.pk])).status_code == 404
        assert Registration.objects.get().is_enabled

    def test_sees_only_her_deployment_of_a_shared_tool(self, admin: Client, other: Organization) -> None:
        theirs = make_deployment(make_registration("Shared Tool"))
        hers = make_deployment(theirs.registration, organization=other)
        text = admin.get(reverse("tool-detail", args=[theirs.registration_id])).content.decode()
        assert hers.deployment_id in text
        assert f">{theirs.deployment_id}<" not in text
        sheet = admin.get(reverse("tool-sheet", args=[theirs.registration_id])).json()
        assert sheet["deployment_ids"] == [hers.deployment_id]

    def test_does_not_change_a_shared_tool(self, admin: Client, other: Organization) -> None:
        tool = make_deployment(organization=other).registration
        assert admin.post(reverse("tool-disable", args=[tool.pk])).status_code == 403
        assert admin.get(reverse("tool-edit", args=[tool.pk])).status_code == 403

    def test_turns_her_own_deployment_off_and_no_other(self, admin: Client, other: Organization) -> None:
        theirs = make_deployment()
        hers = make_deployment(theirs.registration, organization=other)
        for deployment, status in ((hers, 302), (theirs, 404)):
            url = reverse("deployment-switch", args=[theirs.registration_id, deployment.pk])
            assert admin.post(url, {"enabled": "no"}).status_code == status
        assert list(Deployment.objects.filter(is_enabled=False)) == [hers]

    def test_registers_tools_for_her_organization_alone(self, admin: Client, other: Organization) -> None:
        northgate = make_organization("Northgate Energy")
        for organization in ("", str(northgate.pk)):
            admin.post(reverse("tool-new"), as_new(typed(organization=organization)))
        assert not Registration.objects.exists()
        admin.post(reverse("tool-new"), as_new(typed(organization=str(other.pk))))
        assert Registration.objects.get().organization == other
        assert Deployment.objects.get().organization == other

    def test_does_not_see_the_platforms_keys(self, admin: Client) -> None:
        assert admin.get(reverse("key-list")).status_code == 403


def test_the_list_costs_the_same_with_many_tools(django_assert_max_num_queries: Any) -> None:
    client = signed_in(ada())
    for _number in range(30):
        make_deployment()
    with django_assert_max_num_queries(12):
        client.get(reverse("tool-list"))
