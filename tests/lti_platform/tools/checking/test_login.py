"""A harmless login initiation shows whether the tool sends the browser back as it must."""

from typing import Any

import pytest

from lti_platform.tools import addresses
from lti_platform.tools.checking import running
from lti_platform.tools.checking.reading import summary
from tests.lti_platform.tools.checking.vendor import Vendor
from tests.services.receiver import Answer, Asked

pytestmark = pytest.mark.django_db
FINE = ("login_fine", "fine", "")


def test_a_tool_that_redirects_to_us_with_everything_is_fine(vendor: Vendor) -> None:
    assert vendor.code("login") == FINE


def test_a_tool_whose_page_posts_itself_to_us_is_fine_too(vendor: Vendor) -> None:
    vendor.logs_in(form=True)
    assert vendor.code("login") == FINE


def test_a_tool_that_takes_posts_alone_is_asked_by_one(vendor: Vendor) -> None:
    vendor.logs_in()
    answer = vendor.receiver.answers["/login"]
    assert callable(answer)
    vendor.receiver.answers["/login"] = lambda asked: (
        Answer(status=405) if asked.method == "GET" else answer(asked)
    )
    assert vendor.code("login") == FINE


def test_the_probe_says_who_we_are_and_names_no_launch(vendor: Vendor) -> None:
    vendor.check()
    [asked] = [asked for asked in vendor.receiver.asked if asked.path.startswith("/login")]
    assert "iss=http%3A%2F%2Flocalhost%3A8000" in asked.path
    assert "login_hint=check-up&lti_message_hint=check-up" in asked.path


@pytest.mark.parametrize(
    "missing",
    [
        "nonce",
        "client_id",
        "response_mode",
        "prompt",
        "response_type",
        "scope",
        "login_hint",
        "lti_message_hint",
    ],
)
def test_a_missing_parameter_is_named(vendor: Vendor, missing: str) -> None:
    absent: Any = {missing: None}
    vendor.logs_in(**absent)
    told = vendor.told("login")
    assert (told.kind, told.side) == ("act", "Theirs")
    assert missing in told.seen


def test_a_redirect_address_nobody_registered_is_shown_beside_those_that_are(vendor: Vendor) -> None:
    vendor.logs_in(redirect_uri=f"{vendor.base}/launch/")
    told = vendor.told("login")
    assert told.seen == (f"It asks us to answer to {vendor.base}/launch/. Registered: {vendor.base}/launch")


def test_another_platforms_authorization_address_is_recognized(vendor: Vendor) -> None:
    vendor.logs_in(to="https://other.example/authorize")
    told = vendor.told("login")
    assert (told.kind, told.side) == ("act", "Theirs")
    assert addresses.authorization_endpoint() in told.next_step


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(body=b"<script>go()</script>"), "login_page"),
        (Answer(status=400), "login_status"),
        (Answer(status=403), "login_status"),
        (Answer(status=302, headers={"location": "https://sign-in.example/?x=1"}), "login_elsewhere"),
        (Answer(status=302, headers={"location": "http://["}), "login_status"),
        (Answer(body=b"<form><form action='x'><input name=a>"), "login_page"),
        (Answer(body=b"<form action='https://['>"), "login_page"),
    ],
)
def test_whatever_else_it_answers_is_no_failure(vendor: Vendor, answer: Answer, code: str) -> None:
    vendor.receiver.answers["/login"] = answer
    assert vendor.code("login") == (code, "unclear", "")


@pytest.mark.parametrize("status", [404, 410])
def test_no_login_page_at_the_address_is_broken_on_their_side(vendor: Vendor, status: int) -> None:
    vendor.receiver.answers["/login"] = Answer(status=status)
    assert vendor.code("login") == ("login_not_there", "broken", "theirs")


def test_a_login_page_that_fails_is_theirs_to_look_at_and_nobody_reads_that_it_works(vendor: Vendor) -> None:
    vendor.receiver.answers["/login"] = Answer(status=500)
    assert vendor.code("login") == ("login_failed", "attention", "theirs")
    found = [finding for told in vendor.check().values() for finding in told]
    assert "works" not in summary(running.latest(vendor.registration), findings=found).answer


def test_nobody_there_is_broken(vendor: Vendor) -> None:
    vendor.receiver.answers["/login"] = Answer(reset=True)
    assert vendor.code("login") == ("login_unreachable", "broken", "network")


def test_a_redirect_is_never_followed_to_another_place(vendor: Vendor) -> None:
    def inside(asked: Asked) -> Answer:
        return Answer(status=302, headers={"location": "http://169.254.169.254/latest/meta-data/"})

    vendor.receiver.answers["/login"] = inside
    assert vendor.code("login")[0] == "login_elsewhere"
