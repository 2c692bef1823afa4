"""What the other side may try: stall, flood, hang up, send us elsewhere, or be somebody else."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from lti_platform.outbound.errors import (
    AddressNotPublic,
    CertificateNotTrusted,
    OutboundFailed,
    OutboundTimeout,
    OutboundTooLarge,
    SchemeRefused,
    TlsNotAgreed,
)
from lti_platform.outbound.http import fetch
from tests.lti_platform.outbound.authority import Authority
from tests.lti_platform.outbound.names import Names
from tests.services.processes import free_port
from tests.services.receiver import Answer, Receiver

HOST = "tool.partner.test"


def test_an_answer_comes_back_with_status_headers_and_body(receiver: Receiver) -> None:
    url = receiver.answer_with("/keys", body=b'{"keys": []}', headers={"Cache-Control": "max-age=60"})
    response = fetch(url, max_bytes=100)
    assert (response.status, response.body, response.url) == (200, b'{"keys": []}', url)
    assert response.headers["cache-control"] == "max-age=60"
    assert response.elapsed_ms >= 0


def test_a_post_arrives_as_it_was_given(receiver: Receiver) -> None:
    url = receiver.answer_with("/hook", status=204)
    headers = {"Content-Type": "application/json", "Host": "inside", "Webhook-Id": "msg_1"}
    assert fetch(url, method="POST", headers=headers, body=b"{}", max_bytes=10).status == 204
    [asked] = receiver.asked
    assert (asked.method, asked.body, asked.headers["webhook-id"]) == ("POST", b"{}", "msg_1")
    assert asked.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_the_query_is_sent(receiver: Receiver) -> None:
    receiver.answer_with("/keys")
    fetch(receiver.url("/keys?set=1"), max_bytes=10)
    assert receiver.asked[0].path == "/keys?set=1"


@pytest.mark.parametrize("status", [301, 400, 404, 410, 429, 500, 503])
def test_a_status_is_an_answer_not_an_error(receiver: Receiver, status: int) -> None:
    url = receiver.answer_with("/hook", status=status, headers={"Retry-After": "120"})
    response = fetch(url, max_bytes=10)
    assert (response.status, response.headers["retry-after"]) == (status, "120")


def test_what_is_too_large_is_not_read_to_the_end(receiver: Receiver) -> None:
    url = receiver.answer_with(body=b"x" * 5_000_000)
    with pytest.raises(OutboundTooLarge):
        fetch(url, max_bytes=1000)


def test_exactly_the_limit_is_not_too_large(receiver: Receiver) -> None:
    assert len(fetch(receiver.answer_with(body=b"x" * 1000), max_bytes=1000).body) == 1000


def test_a_body_that_drips_meets_the_deadline(receiver: Receiver) -> None:
    receiver.answers["/"] = Answer(body=b"x" * 100, pause_seconds=0.1)
    began = time.monotonic()
    with pytest.raises(OutboundTimeout):
        fetch(receiver.url(), max_bytes=1000, timeout_seconds=0.5)
    assert time.monotonic() - began < 2


def test_headers_that_drip_meet_the_deadline(dripping_headers: str) -> None:
    began = time.monotonic()
    with pytest.raises(OutboundTimeout):
        fetch(dripping_headers, max_bytes=1000, timeout_seconds=0.5)
    assert time.monotonic() - began < 2


def test_a_connection_that_is_reset_is_a_failure(receiver: Receiver) -> None:
    receiver.answers["/"] = Answer(reset=True)
    with pytest.raises(OutboundFailed):
        fetch(receiver.url(), max_bytes=10)


def test_a_port_where_nobody_listens_is_a_failure(local_hosts: list[str]) -> None:
    with pytest.raises(OutboundFailed):
        fetch(f"http://127.0.0.1:{free_port()}/", max_bytes=10)


def test_a_body_shorter_than_announced_is_a_failure(receiver: Receiver) -> None:
    url = receiver.answer_with(body=b"half", headers={"content-length": "8"})
    with pytest.raises(OutboundFailed):
        fetch(url, max_bytes=100)


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:{port}/inside",
        "http://127.0.0.1:1/inside",
        "https://127.0.0.1:{port}/inside",
        "//mallory.example/",
        "http://[",
    ],
)
@pytest.mark.parametrize("allowed", [0, 2])
def test_a_redirect_to_another_place_is_returned_not_followed(
    receiver: Receiver, location: str, allowed: int
) -> None:
    url = receiver.answer_with("/keys", status=302, headers={"Location": location.format(port=receiver.port)})
    receiver.answer_with("/inside", body=b"secret")
    response = fetch(url, max_bytes=100, same_host_redirects=allowed)
    assert (response.status, response.body, response.url) == (302, b"", url)
    assert len(receiver.asked) == 1


def test_redirects_on_the_same_host_are_followed_as_far_as_allowed(receiver: Receiver) -> None:
    receiver.answer_with("/1", status=301, headers={"Location": "/2"})
    receiver.answer_with("/2", status=308, headers={"Location": receiver.url("/3")})
    receiver.answer_with("/3", body=b"keys")
    assert fetch(receiver.url("/1"), max_bytes=100).status == 301
    assert fetch(receiver.url("/1"), max_bytes=100, same_host_redirects=1).status == 308
    assert fetch(receiver.url("/1"), max_bytes=100, same_host_redirects=2).body == b"keys"


def test_a_post_follows_nothing(receiver: Receiver) -> None:
    url = receiver.answer_with("/1", status=307, headers={"Location": "/2"})
    assert fetch(url, method="POST", body=b"", max_bytes=10, same_host_redirects=2).status == 307


def test_redirects_share_one_deadline(receiver: Receiver) -> None:
    receiver.answers["/"] = Answer(status=302, headers={"Location": "/"}, body=b"xxx", pause_seconds=0.1)
    began = time.monotonic()
    with pytest.raises(OutboundTimeout):
        fetch(receiver.url(), max_bytes=10, timeout_seconds=0.7, same_host_redirects=20)
    assert time.monotonic() - began < 2


def test_nothing_is_sent_to_a_host_that_is_not_listed(receiver: Receiver, settings: LazySettings) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = []
    with pytest.raises(SchemeRefused):
        fetch(receiver.url(), max_bytes=10)
    assert receiver.asked == []


def test_a_proxy_named_in_the_environment_is_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    assert fetch(receiver.answer_with(body=b"direct"), max_bytes=10).body == b"direct"


def test_cookies_and_compression_are_not_offered(receiver: Receiver) -> None:
    url = receiver.answer_with(headers={"Set-Cookie": "a=b"})
    fetch(url, max_bytes=10)
    fetch(url, max_bytes=10)
    assert all("cookie" not in asked.headers for asked in receiver.asked)
    assert receiver.asked[1].headers["accept-encoding"] == "identity"


def test_a_name_that_changes_its_mind_leads_to_the_first_answer_only(
    receiver: Receiver, settings: LazySettings, names: Names
) -> None:
    """DNS rebinding: the guard is shown one address, and a second question would be shown another."""
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = ["rebinding.test"]
    names.rebind("rebinding.test", first="127.0.0.1", then="169.254.169.254")
    receiver.answer_with(body=b"here")
    assert fetch(receiver.url(host="rebinding.test"), max_bytes=10).body == b"here"
    assert names.asked == ["rebinding.test"]
    assert receiver.asked[0].headers["host"] == f"rebinding.test:{receiver.port}"
    with pytest.raises(AddressNotPublic):
        fetch(receiver.url(host="rebinding.test"), max_bytes=10)


def test_the_same_attack_succeeds_against_a_client_that_asks_twice(names: Names) -> None:
    """Shows that the attack is one: judging one answer and connecting to another reaches the inside."""
    names.rebind("rebinding.test", first="93.184.215.14", then="127.0.0.1")
    with Receiver() as inside:
        inside.answer_with(body=b"secret")
        judged = socket.getaddrinfo("rebinding.test", inside.port)[0][4][0]
        connection = http.client.HTTPConnection("rebinding.test", inside.port, timeout=5)
        connection.request("GET", "/")
        assert (judged, connection.getresponse().read()) == ("93.184.215.14", b"secret")
        connection.close()


def test_each_redirect_is_judged_anew(receiver: Receiver, settings: LazySettings, names: Names) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = ["rebinding.test"]
    names.rebind("rebinding.test", first="127.0.0.1", then="169.254.169.254")
    receiver.answer_with("/1", status=302, headers={"Location": "/2"})
    with pytest.raises(AddressNotPublic):
        fetch(receiver.url("/1", host="rebinding.test"), max_bytes=10, same_host_redirects=2)


def test_the_certificate_is_checked_against_the_name_not_the_address(
    settings: LazySettings, names: Names, authority: Authority
) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS, settings.OUTBOUND_CA_FILE = [HOST], authority.ca_file
    names.set(HOST, "127.0.0.1")
    with Receiver(tls=authority.server_context(HOST)) as server:
        server.answer_with(body=b"keys")
        response = fetch(f"https://{HOST}:{server.port}/", max_bytes=10)
    assert (response.body, response.tls and response.tls.version) == (b"keys", "TLSv1.3")
    assert response.tls
    assert timedelta(hours=23) < response.tls.certificate_ends_at - datetime.now(UTC) < timedelta(hours=25)


def test_over_plain_http_there_is_no_certificate_to_tell_of(receiver: Receiver) -> None:
    assert fetch(receiver.answer_with(), max_bytes=10).tls is None


def test_a_server_without_tls_is_named_as_such(receiver: Receiver) -> None:
    with pytest.raises(TlsNotAgreed):
        fetch(f"https://127.0.0.1:{receiver.port}/", max_bytes=10)


@pytest.mark.parametrize(
    ("certificate_of", "expired", "why"),
    [("another.partner.test", False, "name"), (HOST, True, "expired")],
    ids=["another's", "expired"],
)
def test_a_certificate_that_does_not_fit_is_refused(
    settings: LazySettings, names: Names, authority: Authority, certificate_of: str, expired: bool, why: str
) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS, settings.OUTBOUND_CA_FILE = [HOST], authority.ca_file
    names.set(HOST, "127.0.0.1")
    with Receiver(tls=authority.server_context(certificate_of, expired=expired)) as server:
        with pytest.raises(CertificateNotTrusted) as refusal:
            fetch(f"https://{HOST}:{server.port}/", max_bytes=10)
        assert (server.asked, refusal.value.why) == ([], why)


def test_an_authority_nobody_knows_is_refused(
    settings: LazySettings, names: Names, authority: Authority
) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = [HOST]
    names.set(HOST, "127.0.0.1")
    with Receiver(tls=authority.server_context(HOST)) as server:
        with pytest.raises(CertificateNotTrusted) as refusal:
            fetch(f"https://{HOST}:{server.port}/", max_bytes=10)
        assert refusal.value.why == "authority"


@pytest.fixture
def dripping_headers(local_hosts: list[str]) -> Iterator[str]:
    """The address of a server whose headers never end, one byte every tenth of a second."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_drip, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


def _drip(listener: socket.socket) -> None:
    try:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            for _ in range(50):
                time.sleep(0.1)
                connection.sendall(b"x")
    except OSError:
        return
