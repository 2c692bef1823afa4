"""What the steps keep: no secret, and of people only what somebody may see who may know them."""

import json
from uuid import uuid4

import pytest

from lti_platform.launches import inspecting, steps
from lti_platform.launches.inspecting import Sight
from lti_platform.launches.models import Launch
from tests.calling import make_tool
from tests.factories import ada, lena, make_organization, pia
from tests.launching import make_launch
from tests.lti_platform.launches.staging import Stage, browser_of, lena_starts

pytestmark = pytest.mark.django_db
NONCE, STATE = "n-0S6_Wz", "af0ifjsl"


@pytest.fixture
def stage() -> Stage:
    stage = lena_starts()
    stage.ask(nonce=NONCE, state=STATE)
    return stage


def kept(launch: Launch) -> str:
    return json.dumps([row.details for row in launch.steps.all()])


def test_no_nonce_state_or_hint_is_kept_however_short(stage: Stage) -> None:
    text = kept(stage.launch)
    hints = (stage.login["login_hint"], stage.login["lti_message_hint"])
    for secret in (NONCE, STATE, *hints):
        assert secret not in text


def test_nothing_that_names_the_person_is_kept(stage: Stage) -> None:
    text = kept(stage.launch)
    for word in ("Lena", "Ruiz", stage.person.email, stage.person.employee_id):
        assert str(word) not in text


def test_whom_a_message_is_about_is_hidden_as_well() -> None:
    about, now = lena(), lena_starts().launch.created_at
    launch = make_launch(make_tool(), now=now, person=ada(), for_person=about)
    said = {"for_user": {"name": about.full_name, "email": about.email, "user_id": str(about.pk)}}
    text = json.dumps(steps.token_signed(launch, claims=said, now=now).details)
    assert about.full_name not in text
    assert str(about.email) not in text


@pytest.mark.parametrize("claim", ["session_data", "verified_user", "person_sourcedid", "picture"])
def test_claims_that_are_secret_or_personal_are_hidden_by_name(claim: str) -> None:
    assert steps.masked({f"https://claims.example/{claim}": "secret"}) == {
        f"https://claims.example/{claim}": "(hidden, 6 characters)"
    }


def test_the_data_of_a_deep_linking_request_is_hidden() -> None:
    settings = {"deep_linking_settings": {"data": "one-time", "accept_types": ["link"]}}
    assert steps.masked(settings)["deep_linking_settings"]["data"] == "(hidden, 8 characters)"


def test_who_may_know_the_person_reads_the_identity_claims(stage: Stage) -> None:
    text = browser_of(ada()).get(f"/admin/launches/{stage.launch.reference}/").content.decode()
    assert "claims.name = Lena Ruiz" in text


def test_who_may_not_know_the_person_does_not(stage: Stage) -> None:
    blind = Sight(organizations={uuid4()})
    assert inspecting.identity(stage.launch, sight=blind) == {}
    assert blind.name(stage.person) == inspecting.HIDDEN_PERSON
    lines = inspecting.timeline(stage.launch, known=inspecting.identity(stage.launch, sight=blind))
    assert "Lena" not in str(lines)


def test_who_may_not_know_the_person_does_not_find_the_launch_by_name(stage: Stage) -> None:
    blind = Sight(organizations={make_organization("Other Company").pk})
    assert not inspecting.matching(Launch.objects.all(), sight=blind, words="Lena")
    assert inspecting.matching(Launch.objects.all(), sight=blind, words=stage.launch.reference)


def test_who_has_no_such_role_knows_nobody() -> None:
    assert not inspecting.sight_of(pia()).knows(lena())
