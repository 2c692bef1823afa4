from datetime import datetime

import pytest

from lti_platform.journal.models import Entry
from lti_platform.tools import scopes
from lti_platform.tools.errors import RegistrationRefused
from lti_platform.tools.models import Deployment, FetchedKeySet, Registration
from lti_platform.tools.registering import amend, register
from lti_platform.tools.sheet import vendor_sheet
from tests.factories import make_organization
from tests.lti_platform.tools.descriptions import pasted_keys, request_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.lti_platform.tools.urls")]


def facts() -> list[str]:
    return list(Entry.objects.order_by("recorded_at", "fact_type").values_list("fact_type", flat=True))


def test_a_registered_tool_has_a_client_id_and_one_deployment(now: datetime) -> None:
    registration = register(request_of(), now=now)
    assert registration.is_enabled
    assert Deployment.objects.get().registration == registration
    assert facts() == ["tools.deployment_made", "tools.registered"]


def test_two_registrations_of_one_tool_are_told_apart(now: datetime) -> None:
    first, second = (register(request_of(), now=now) for _ in range(2))
    assert first.client_id != second.client_id


def test_nothing_is_kept_of_a_tool_that_is_refused(now: datetime) -> None:
    with pytest.raises(RegistrationRefused):
        register(request_of(redirect_uris=None), now=now)
    assert (Registration.objects.count(), facts()) == (0, [])


def test_the_admin_decides_which_scopes_are_granted(now: datetime) -> None:
    granted = [scopes.RESULT_READONLY, "https://unknown.example/scope"]
    assert register(request_of(), now=now, scopes=granted).scopes == [scopes.RESULT_READONLY]


def test_the_places_of_its_addresses_are_among_its_domains(now: datetime) -> None:
    assert register(request_of(), now=now).domains == ["tool.example", "exams.tool.example"]


def test_a_tool_for_one_organization_is_deployed_for_it(now: datetime) -> None:
    acme = make_organization("Acme")
    registration = register(request_of(), now=now, organization=acme)
    assert (registration.organization, Deployment.objects.get().organization) == (acme, acme)


def test_a_change_names_its_fields_and_keeps_the_ids(now: datetime) -> None:
    registration = register(request_of(), now=now)
    client_id = registration.client_id
    assert amend(registration, request_of("Renamed"), now=now) == ["name"]
    registration.refresh_from_db()
    assert (registration.name, registration.client_id) == ("Renamed", client_id)
    assert Entry.objects.get(fact_type="tools.changed").payload["fields"] == "name"


def test_no_difference_is_no_change(now: datetime) -> None:
    registration = register(request_of(), now=now)
    assert amend(registration, request_of(), now=now) == []
    assert "tools.changed" not in facts()


def test_scopes_in_another_order_are_no_change(now: datetime) -> None:
    registration = register(request_of(), now=now, scopes=[scopes.SCORE, scopes.LINEITEM])
    assert amend(registration, request_of(), now=now, scopes=[scopes.LINEITEM, scopes.SCORE]) == []


def test_keys_fetched_from_an_address_go_with_the_address(now: datetime) -> None:
    registration = register(request_of(), now=now)
    FetchedKeySet.objects.create(registration=registration, body="{}")
    amend(registration, request_of("Renamed"), now=now)
    assert FetchedKeySet.objects.exists()
    amend(registration, request_of(**pasted_keys()), now=now)
    assert not FetchedKeySet.objects.exists()


def test_the_sheet_has_what_the_vendor_types_in(now: datetime) -> None:
    registration = register(request_of(), now=now)
    sheet = vendor_sheet(registration)
    assert sheet["client_id"] == registration.client_id
    assert sheet["deployment_ids"] == [Deployment.objects.get().deployment_id]
    assert sheet["token_endpoint"] == f"{sheet['issuer']}/lti/token"
    assert sheet["authorization_endpoint"] == f"{sheet['issuer']}/lti/authorize"
    assert sheet["jwks_uri"] == f"{sheet['issuer']}/.well-known/jwks.json"
