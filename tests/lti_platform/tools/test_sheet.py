"""What the vendor has to type in: whole, copyable, and the same in each form."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.tools import own_keys, scopes
from lti_platform.tools.models import Deployment
from lti_platform.tools.sheet import lines, vendor_sheet
from tests.factories import ada, make_deployment, make_organization, make_registration

pytestmark = pytest.mark.django_db
OURS = "http://localhost:8000"


@pytest.fixture
def deployment() -> Deployment:
    return make_deployment(make_registration("ProctorCo", scopes=[scopes.SCORE, scopes.LINEITEM]))


def signed_in(organization: object = None) -> Client:
    client = Client()
    client.force_login(ada(organization))  # type: ignore[arg-type]
    return client


def test_the_sheet_has_all_that_a_vendor_types_in(deployment: Deployment) -> None:
    registration = deployment.registration
    assert vendor_sheet(registration) == {
        "issuer": OURS,
        "client_id": registration.client_id,
        "deployment_ids": [deployment.deployment_id],
        "openid_configuration": f"{OURS}/.well-known/openid-configuration",
        "authorization_endpoint": f"{OURS}/lti/authorize",
        "token_endpoint": f"{OURS}/lti/token",
        "token_endpoint_audiences": [f"{OURS}/lti/token", OURS],
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": f"{OURS}/.well-known/jwks.json",
        "scope": f"{scopes.SCORE} {scopes.LINEITEM}",
        "services": {"line_items": f"{OURS}/lti/contexts/{{id}}/lineitems"},
    }


def test_every_value_of_it_is_on_the_page_and_in_both_files(deployment: Deployment) -> None:
    client, pk = signed_in(), deployment.registration_id
    page = client.get(reverse("tool-detail", args=[pk])).content.decode()
    text = client.get(reverse("tool-sheet-text", args=[pk]))
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert text["Content-Disposition"].endswith('.txt"')
    sheet = client.get(reverse("tool-sheet", args=[pk])).json()
    for line in lines(sheet):
        assert f'data-copy="{line.value}"' in page
        assert f"\n  {line.value}\n" in text.content.decode()
        assert json.dumps(line.value)[1:-1] in json.dumps(sheet)


def test_a_tool_with_keys_of_its_own_is_told_their_address(deployment: Deployment) -> None:
    own_keys.give(deployment.registration, now=datetime.now(UTC))
    address = vendor_sheet(deployment.registration)["jwks_uri"]
    assert address == f"{OURS}/lti/tools/{deployment.registration.client_id}/jwks.json"
    assert len(Client().get(address.removeprefix(OURS)).json()["keys"]) == 2


def test_an_admin_of_one_company_is_told_its_deployments_alone(deployment: Deployment) -> None:
    acme = make_organization("Acme")
    own = make_deployment(deployment.registration, organization=acme)
    sheet = signed_in(acme).get(reverse("tool-sheet", args=[deployment.registration_id])).json()
    assert sheet["deployment_ids"] == [own.deployment_id]
