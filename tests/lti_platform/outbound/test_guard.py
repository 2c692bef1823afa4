"""The guard lets us reach partners on the internet and nothing inside our own walls."""

import socket
import time

import pytest
from django.conf import LazySettings

from lti_platform.outbound.errors import (
    AddressMalformed,
    AddressNotPublic,
    HostNotFound,
    OutboundRefused,
    OutboundTimeout,
    PortRefused,
    SchemeRefused,
)
from lti_platform.outbound.guard import resolve
from tests.lti_platform.outbound.names import Names

PUBLIC_4 = "93.184.215.14"
PUBLIC_6 = "2606:4700::1111"


def test_a_public_host_is_reached_at_the_address_found_once(names: Names) -> None:
    names.set("tool.example", PUBLIC_4)
    destination = resolve("https://tool.example/keys?set=1")
    assert (destination.scheme, destination.host, destination.port) == ("https", "tool.example", 443)
    assert destination.address == PUBLIC_4
    assert destination.url == "https://tool.example/keys?set=1"
    assert names.asked == ["tool.example"]


def test_ipv4_is_preferred_where_a_host_has_both(names: Names) -> None:
    names.set("tool.example", PUBLIC_6, PUBLIC_4)
    assert resolve("https://tool.example/").address == PUBLIC_4


def test_a_host_with_ipv6_alone_is_reached(names: Names) -> None:
    names.set("tool.example", PUBLIC_6)
    assert resolve("https://tool.example:8443/").address == PUBLIC_6


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.8.8.8",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.215.14",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_a_host_that_leads_inside_is_refused(names: Names, address: str) -> None:
    names.set("mallory.example", address)
    with pytest.raises(AddressNotPublic) as refusal:
        resolve("https://mallory.example/")
    assert refusal.value.code == "outbound_address_not_public"
    assert address not in str(refusal.value)


def test_one_inside_address_among_public_ones_refuses_the_host(names: Names) -> None:
    names.set("mallory.example", PUBLIC_4, PUBLIC_6, "10.0.0.5")
    with pytest.raises(AddressNotPublic):
        resolve("https://mallory.example/")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "[::ffff:7f00:1]", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost"],
)
def test_no_spelling_of_this_machine_is_let_through(host: str) -> None:
    with pytest.raises(OutboundRefused):
        resolve(f"https://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tool.example",
        "//tool.example/keys",
        "/keys",
        "https://",
        "https:///keys",
        "https://user@tool.example/",
        "https://user:secret@tool.example/",
        "https://@tool.example/",
        "https://tool.example/#keys",
        "https://tool.example#@127.0.0.1/",
        "https://tool.example\\@127.0.0.1/",
        "https://tool.example\t/",
        "https://tool.example/\r\nHost:%20inside",
        " https://tool.example/",
        "https://tool.example /",
        "https://tööl.example/",
        "https://tool。example/",
        "https://tool.example:0/",
        "https://tool.example:65536/",
        "https://tool.example:x/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        "https://-.example/",
        "https://tool..example/",
        "https://" + "a" * 2100,
    ],
)
def test_anything_but_one_plain_address_is_refused(names: Names, url: str) -> None:
    with pytest.raises((AddressMalformed, SchemeRefused)):
        resolve(url)
    assert names.asked == []


@pytest.mark.parametrize("scheme", ["http", "ftp", "file", "gopher", "ldap", "javascript", "ws"])
def test_only_https_is_spoken(names: Names, scheme: str) -> None:
    names.set("tool.example", PUBLIC_4)
    with pytest.raises(SchemeRefused):
        resolve(f"{scheme}://tool.example/")


@pytest.mark.parametrize("port", [22, 25, 80, 5432, 6379, 8000, 8080, 65535])
def test_ports_of_other_services_are_refused(names: Names, port: int) -> None:
    names.set("tool.example", PUBLIC_4)
    with pytest.raises(PortRefused):
        resolve(f"https://tool.example:{port}/")


@pytest.mark.parametrize("port", [443, 8443])
def test_ports_of_web_servers_are_allowed(names: Names, port: int) -> None:
    names.set("tool.example", PUBLIC_4)
    assert resolve(f"https://tool.example:{port}/").port == port


@pytest.mark.parametrize("entry", ["tool.inside", "tool.inside:9000", "TOOL.inside"])
def test_a_listed_host_may_be_plain_and_private(settings: LazySettings, names: Names, entry: str) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = [entry]
    names.set("tool.inside", "10.0.0.7")
    destination = resolve("http://tool.inside:9000/keys")
    assert (destination.scheme, destination.address, destination.port) == ("http", "10.0.0.7", 9000)


def test_listing_one_port_opens_no_other(settings: LazySettings, names: Names) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = ["tool.inside:9000"]
    names.set("tool.inside", "10.0.0.7")
    with pytest.raises(SchemeRefused):
        resolve("http://tool.inside:9001/")
    with pytest.raises(AddressNotPublic):
        resolve("https://tool.inside/")


def test_listing_a_host_does_not_open_hosts_that_end_or_begin_like_it(
    settings: LazySettings, names: Names
) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = ["tool.inside"]
    for host in ("evil-tool.inside", "tool.inside.example", "sub.tool.inside"):
        names.set(host, "10.0.0.7")
        with pytest.raises(SchemeRefused):
            resolve(f"http://{host}/")


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "fe80::1", "0.0.0.0", "224.0.0.1"])
def test_even_a_listed_host_never_leads_to_metadata(
    settings: LazySettings, names: Names, address: str
) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = ["tool.inside"]
    names.set("tool.inside", address)
    with pytest.raises(AddressNotPublic):
        resolve("http://tool.inside/")


def test_a_listed_ipv6_host_is_written_in_brackets(settings: LazySettings) -> None:
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = ["[::1]:9000"]
    assert resolve("http://[::1]:9000/").address == "::1"


def test_a_trailing_dot_names_the_same_host(names: Names) -> None:
    names.set("tool.example", PUBLIC_4)
    assert resolve("https://tool.example./").host == "tool.example"


def test_an_unknown_host_is_a_failure_that_may_pass(names: Names) -> None:
    with pytest.raises(HostNotFound) as failure:
        resolve("https://nowhere.example/")
    assert not isinstance(failure.value, OutboundRefused)


def test_a_name_server_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def stall(*_: object, **__: object) -> list[object]:
        time.sleep(0.5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", stall)
    began = time.monotonic()
    with pytest.raises(OutboundTimeout):
        resolve("https://tool.example/", timeout_seconds=0.1)
    assert time.monotonic() - began < 1
