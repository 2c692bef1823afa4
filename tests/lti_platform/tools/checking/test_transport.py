"""Certificates, TLS and clocks, against a server with certificates of its own authority."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.conf import LazySettings

from tests.lti_platform.outbound.authority import Authority
from tests.lti_platform.outbound.names import Names
from tests.lti_platform.tools.checking.vendor import Vendor
from tests.services.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db
HOST = "tool.partner.test"


@pytest.fixture
def trusted(settings: LazySettings, names: Names, authority: Authority) -> Authority:
    """The partner's authority, trusted here, and the partner's name."""
    settings.OUTBOUND_PLAIN_HTTP_HOSTS, settings.OUTBOUND_CA_FILE = [HOST], authority.ca_file
    names.set(HOST, "127.0.0.1")
    return authority


@pytest.fixture
def secure(trusted: Authority) -> Iterator[Receiver]:
    with Receiver(tls=trusted.server_context(HOST)) as server:
        yield server


def test_a_certificate_that_ends_soon_is_told_with_its_day(secure: Receiver) -> None:
    vendor = Vendor(secure, host=HOST, scheme="https")
    told = vendor.told("tls")
    assert (told.kind, told.side) == ("waiting", "Theirs")
    assert f"{HOST}:{secure.port} ends on" in told.seen
    assert vendor.code("login") == ("login_fine", "fine", "")


@pytest.mark.parametrize(
    ("certificate_of", "expired", "code"),
    [
        (HOST, True, "tls_certificate_expired"),
        ("other.partner.test", False, "tls_certificate_name"),
    ],
)
def test_a_certificate_that_is_not_trusted_says_why(
    trusted: Authority, certificate_of: str, expired: bool, code: str
) -> None:
    with Receiver(tls=trusted.server_context(certificate_of, expired=expired)) as server:
        vendor = Vendor(server, host=HOST, scheme="https")
        assert vendor.code("tls") == (code, "broken", "theirs")
        assert vendor.code("login")[:2] == ("login_unreachable", "broken")


def test_an_authority_nobody_knows_is_named(
    settings: LazySettings, trusted: Authority, secure: Receiver
) -> None:
    settings.OUTBOUND_CA_FILE = ""
    vendor = Vendor(secure, host=HOST, scheme="https")
    assert vendor.code("tls") == ("tls_certificate_authority", "broken", "theirs")


def test_a_server_without_tls_is_named(
    trusted: Authority, receiver: Receiver, settings: LazySettings
) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = [HOST]
    assert Vendor(receiver, host=HOST, scheme="https").code("tls") == ("tls_old", "broken", "theirs")


def test_plain_http_is_for_trying_out(vendor: Vendor) -> None:
    assert vendor.code("tls") == ("tls_plain", "attention", "theirs")


@pytest.mark.parametrize(
    ("seconds", "code", "words"),
    [
        (0, "clock_fine", "Right"),
        (41, "clock_off", "ahead of ours"),
        (-41, "clock_off", "behind ours"),
        (300, "clock_far", "ahead of ours"),
    ],
)
def test_clocks_are_compared(vendor: Vendor, seconds: int, code: str, words: str) -> None:
    def late(_asked: object) -> Answer:
        moment = datetime.now(UTC) + timedelta(seconds=seconds)
        return Answer(headers={"Date": format_datetime(moment, usegmt=True)})

    for path in ("/login", "/jwks", "/launch"):
        vendor.receiver.answers[path] = late
    assert vendor.code("clock")[0] == code
    assert words in vendor.told("clock").seen


def test_a_date_that_is_none_tells_no_time(vendor: Vendor) -> None:
    for path in ("/login", "/jwks", "/launch"):
        vendor.receiver.answer_with(path, headers={"Date": "yesterday"})
    assert vendor.code("clock") == ("clock_untold", "unclear", "")
