"""Judge an address somebody gave us, once, and say where to connect.

Whoever connects must use `Destination.address`: looking the name up again would let its owner answer
differently the second time.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from queue import Empty, Queue
from threading import Thread
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from lti_platform.outbound.errors import (
    AddressMalformed,
    AddressNotPublic,
    HostNotFound,
    OutboundTimeout,
    PortRefused,
    SchemeRefused,
)
from lti_platform.outbound.networks import IPAddress, is_local, is_public

PORTS = frozenset({443, 8443})
DEFAULT_PORTS = {"https": 443, "http": 80}
URL_MAX_LENGTH = 2048

# Printable ASCII less the characters on which parsers of addresses disagree; a fragment is never sent.
PLAIN_URL = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
# International names are given in their xn-- form: folding look-alike characters here would change the host.
HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*")


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A judged address: connect to `address` and `port`, speak to `host`, ask for `url`."""

    url: str
    scheme: Literal["https", "http"]
    host: str
    port: int
    address: str


def resolve(url: str, *, timeout_seconds: float = 5) -> Destination:
    """The one place to connect to for this address.

    HTTPS to a public address on port 443 or 8443; a host in `OUTBOUND_PLAIN_HTTP_HOSTS` (`name` or
    `name:port`) may also use plain HTTP, any port and a private or loopback address. Every address the name
    has is judged: one bad address refuses the name.
    Raises a member of OutboundRefused, HostNotFound, or OutboundTimeout when the look-up takes too long.
    """
    parts = _split(url)
    host = (parts.hostname or "").rstrip(".")
    scheme: Literal["https", "http"] = "https" if parts.scheme == "https" else "http"
    port = parts.port if parts.port is not None else DEFAULT_PORTS[scheme]
    listed = _is_listed(host, port=port)
    if scheme != "https" and not listed:
        raise SchemeRefused(host)
    if port not in PORTS and not listed:
        raise PortRefused(host)
    addresses = _look_up(host, port=port, timeout_seconds=timeout_seconds)
    for address in addresses:
        if not (is_public(address) or (listed and is_local(address))):
            raise AddressNotPublic(host)
    return Destination(url=url, scheme=scheme, host=host, port=port, address=_preferred(addresses))


def _split(url: str) -> SplitResult:
    if len(url) > URL_MAX_LENGTH or not PLAIN_URL.fullmatch(url):
        raise AddressMalformed
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise AddressMalformed from None
    if parts.scheme not in DEFAULT_PORTS:
        raise SchemeRefused
    if "@" in parts.netloc or port == 0 or not _is_host(host):
        raise AddressMalformed
    return parts


def _is_host(host: str) -> bool:
    if ":" not in host:
        return len(host) <= 253 and bool(HOST_NAME.fullmatch(host))
    try:
        return "%" not in host and IPv6Address(host) is not None
    except ValueError:
        return False


def _is_listed(host: str, *, port: int) -> bool:
    name = f"[{host}]" if ":" in host else host
    return bool(
        {host, name, f"{name}:{port}"} & {entry.lower() for entry in settings.OUTBOUND_PLAIN_HTTP_HOSTS}
    )


def _look_up(host: str, *, port: int, timeout_seconds: float) -> list[IPAddress]:
    """Every address of the host. In a thread of its own, because the system's resolver knows no deadline."""
    answer: Queue[list[IPAddress] | OSError | UnicodeError] = Queue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            answer.put([ip_address(str(sockaddr[0])) for *_, sockaddr in found])
        except (OSError, UnicodeError) as error:
            answer.put(error)

    Thread(target=ask, name="outbound-look-up", daemon=True).start()
    try:
        addresses = answer.get(timeout=max(timeout_seconds, 0.001))
    except Empty:
        raise OutboundTimeout(host) from None
    if isinstance(addresses, Exception) or not addresses:
        raise HostNotFound(host)
    return addresses


def _preferred(addresses: list[IPAddress]) -> str:
    """IPv4 first: it is the family that a server listening on one of them listens on."""
    return str(min(addresses, key=lambda address: address.version))
