"""Redirect addresses, scopes, token requests, launches and our own side."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from keys.models import SigningKey
from lti_platform.journal.models import Entry
from lti_platform.launches.models import Launch, LaunchStep
from lti_platform.tools import enabling, own_keys, scopes
from lti_platform.tools.models import Registration
from tests.attacks.asking_for_tokens import seeker
from tests.lti_platform.launches.staging import lena_starts
from tests.lti_platform.tools.checking.vendor import Vendor
from tests.tool_keys import tool_key

pytestmark = pytest.mark.django_db


def change(vendor: Vendor, **fields: Any) -> None:
    Registration.objects.filter(pk=vendor.registration.pk).update(**fields)


def test_registered_redirect_addresses_are_fine(vendor: Vendor) -> None:
    assert vendor.code("redirects") == ("redirects_fine", "fine", "")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://tool.example/launch", "redirect_not_https"),
        ("https://tool.example/launch#x", "redirect_not_https"),
        ("https://elsewhere.invalid/launch", "redirect_outside"),
    ],
)
def test_a_redirect_address_with_trouble_is_named(vendor: Vendor, url: str, code: str) -> None:
    change(vendor, redirect_uris=[*vendor.registration.redirect_uris, url])
    assert code in {finding.code for finding in vendor.check()["redirects"]}


def test_a_host_where_nobody_answers_is_named(vendor: Vendor) -> None:
    change(vendor, redirect_uris=["http://127.0.0.1:1/launch"], domains=["127.0.0.1"])
    assert vendor.code("redirects") == ("redirect_silent", "broken", "network")


def test_token_requests_that_fail_are_told_with_the_reason(vendor: Vendor) -> None:
    stranger = seeker(vendor.registration, key=tool_key("stranger"))
    for _time in range(2):
        assert stranger.ask().status_code == 400
    told = vendor.told("tokens")
    assert (told.kind, told.side) == ("act", "Theirs")
    assert told.seen == "2 of the last 2 were refused: the key they sign with is not in their key set."
    assert "kid_unknown" in told.details[0]


def test_token_requests_that_work_again_are_told_too(vendor: Vendor) -> None:
    assert seeker(vendor.registration, key=tool_key("stranger")).ask().status_code == 400
    assert seeker(vendor.registration).ask().status_code == 200
    assert vendor.code("tokens") == ("tokens_mended", "attention", "theirs")


def test_a_scope_that_is_not_granted_is_ours_to_grant(vendor: Vendor) -> None:
    change(vendor, scopes=[scopes.LINEITEM], asked={"scopes": [scopes.LINEITEM, scopes.SCORE]})
    assert seeker(vendor.registration).ask(scope=scopes.SCORE).status_code == 400
    assert vendor.code("tokens") == ("tokens_not_given", "broken", "ours")
    assert "Grant it" in vendor.told("tokens").next_step
    assert vendor.told("scopes").seen == "It asked for more than it was given: send scores."


def test_scopes_are_told_with_those_that_are_used(vendor: Vendor) -> None:
    seeker(vendor.registration).ask(scope=scopes.SCORE)
    assert vendor.told("scopes").seen == (
        f"Granted: {len(scopes.SUPPORTED)}. Used in the last 30 days: send scores."
    )


def test_a_request_in_nobodys_name_is_told_of_no_tool(vendor: Vendor) -> None:
    change(vendor, client_id="another")
    assert seeker(vendor.registration).ask().status_code == 400
    assert Entry.objects.get(fact_type="security.refused").subject == ""
    assert vendor.code("tokens")[0] == "tokens_never"


def test_our_side_is_told_as_ours(vendor: Vendor, settings: LazySettings) -> None:
    assert vendor.code("ours") == ("ours_plain", "attention", "ours")
    settings.PLATFORM_URL = "https://lms.northgate.example"
    assert vendor.code("ours") == ("ours_fine", "fine", "")
    vendor.registration.deployments.update(is_enabled=False)
    assert vendor.code("ours") == ("ours_not_deployed", "broken", "ours")
    enabling.disable(vendor.registration, now=datetime.now(UTC))
    assert vendor.code("ours") == ("ours_disabled", "attention", "ours")


def test_a_tool_of_its_own_keys_without_one_that_signs_is_ours_to_mend(vendor: Vendor) -> None:
    own_keys.give(vendor.registration, now=datetime.now(UTC))
    SigningKey.objects.filter(owner=vendor.registration.client_id, state="active").delete()
    assert "ours_no_key" in {finding.code for finding in vendor.check()["ours"]}


def launches_of(vendor: Vendor, *states: str, ago: timedelta = timedelta(hours=1)) -> None:
    """Launches of the vendor's tool in these states, the newest last."""
    for number, state in enumerate(states):
        launch = lena_starts().launch
        moment = datetime.now(UTC) - ago + timedelta(minutes=number)
        rule = "redirect_not_registered" if state == "refused" else ""
        Launch.objects.filter(pk=launch.pk).update(
            registration=vendor.registration, state=state, refusal=rule, created_at=moment, expires_at=moment
        )


@pytest.mark.parametrize(
    ("states", "code", "state"),
    [
        ((), "launches_never", "unclear"),
        (("sent",), "launches_fine", "fine"),
        (("sent", "refused"), "launches_refused", "broken"),
        (("refused", "sent"), "launches_refused", "attention"),
        (("sent", "started"), "launches_unanswered", "attention"),
    ],
)
def test_the_last_launches_are_told(vendor: Vendor, states: tuple[str, ...], code: str, state: str) -> None:
    launches_of(vendor, *states)
    assert vendor.code("launches")[:2] == (code, state)


@pytest.mark.parametrize(
    ("check", "words", "side"),
    [
        ("redirect_uri", "redirect address is not registered", "Theirs"),
        ("access", "no longer has access", "Ours"),
    ],
)
def test_the_newest_stopped_launch_says_why_and_whose_side(
    vendor: Vendor, check: str, words: str, side: str
) -> None:
    launches_of(vendor, "refused")
    launch = Launch.objects.get()
    LaunchStep.objects.create(
        launch=launch, name="checked", succeeded=False, details={"check": check}, at=launch.created_at
    )
    told = vendor.told("launches")
    assert (words in told.seen, told.side) == (True, side)


def test_launches_of_long_ago_tell_nothing(vendor: Vendor) -> None:
    launches_of(vendor, "refused", ago=timedelta(days=31))
    assert vendor.code("launches")[0] == "launches_never"
