from datetime import datetime
from typing import Any

import pytest
from django.conf import settings

from lti_platform.tools.errors import ClaimRefused, JwtReplayed
from lti_platform.tools.messages import judge_tool_jwt
from lti_platform.tools.models import Deployment
from tests.factories import make_deployment, make_registration

pytestmark = pytest.mark.django_db

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


@pytest.fixture
def deployment() -> Deployment:
    return make_deployment()


def claims_of(deployment: Deployment, *, now: datetime, **changes: Any) -> dict[str, Any]:
    """The claims of a good LtiStartAssessment; `age` and `life` in seconds; None removes a claim."""
    issued = int(now.timestamp()) - changes.pop("age", 5)
    claims = {
        "iss": deployment.registration.client_id,
        "aud": settings.PLATFORM_URL,
        "iat": issued,
        "exp": issued + changes.pop("life", 600),
        "nonce": "n-1",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}message_type": "LtiStartAssessment",
        f"{CLAIM}deployment_id": deployment.deployment_id,
    }
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def judge(deployment: Deployment, *, now: datetime, **changes: Any) -> Deployment:
    return judge_tool_jwt(
        claims_of(deployment, now=now, **changes),
        registration=deployment.registration,
        message_type="LtiStartAssessment",
        now=now,
    )


def test_a_good_message_names_its_deployment(deployment: Deployment, now: datetime) -> None:
    assert judge(deployment, now=now) == deployment


@pytest.mark.parametrize("azp", [settings.PLATFORM_URL, "client", None])
def test_the_authorized_party_decides_nothing(deployment: Deployment, now: datetime, azp: str | None) -> None:
    assert judge(deployment, now=now, azp=azp, aud=[settings.PLATFORM_URL]) == deployment


@pytest.mark.parametrize(
    ("changes", "claim"),
    [
        ({"iss": "someone else"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": None}, "aud"),
        ({"aud": "https://other.example"}, "aud"),
        ({"aud": f"{settings.PLATFORM_URL}/"}, "aud"),
        ({"aud": [settings.PLATFORM_URL, "https://other.example"]}, "aud"),
        ({"life": -100}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "2000000000"}, "exp"),
        ({"life": 3601}, "exp"),
        ({"age": 600, "life": 3000}, "iat"),
        ({"age": -61}, "iat"),
        ({"iat": None}, "iat"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ""}, "nonce"),
        ({f"{CLAIM}version": "1.3"}, f"{CLAIM}version"),
        ({f"{CLAIM}version": None}, f"{CLAIM}version"),
        ({f"{CLAIM}message_type": "LtiResourceLinkRequest"}, f"{CLAIM}message_type"),
        ({f"{CLAIM}deployment_id": None}, f"{CLAIM}deployment_id"),
        ({f"{CLAIM}deployment_id": "unknown"}, f"{CLAIM}deployment_id"),
    ],
)
def test_each_broken_claim_is_named(
    deployment: Deployment, now: datetime, changes: dict[str, Any], claim: str
) -> None:
    with pytest.raises(ClaimRefused) as refused:
        judge(deployment, now=now, **changes)
    assert refused.value.claim == claim


@pytest.mark.parametrize("changes", [{"age": 599, "life": 3000}, {"age": -59}, {"age": 359, "life": 300}])
def test_a_clock_a_minute_off_is_forgiven(
    deployment: Deployment, now: datetime, changes: dict[str, Any]
) -> None:
    assert judge(deployment, now=now, **changes) == deployment


def test_a_nonce_is_good_once_for_each_tool(deployment: Deployment, now: datetime) -> None:
    judge(deployment, now=now)
    with pytest.raises(JwtReplayed):
        judge(deployment, now=now)
    assert judge(make_deployment(make_registration()), now=now)


def test_a_deployment_of_another_tool_is_refused(deployment: Deployment, now: datetime) -> None:
    foreign = make_deployment(make_registration()).deployment_id
    with pytest.raises(ClaimRefused):
        judge(deployment, now=now, **{f"{CLAIM}deployment_id": foreign})


def test_a_refused_message_spends_no_nonce(deployment: Deployment, now: datetime) -> None:
    with pytest.raises(ClaimRefused):
        judge(deployment, now=now, **{f"{CLAIM}version": "2"})
    assert judge(deployment, now=now) == deployment
