"""Whether an address a tool declares may be used at all, and whether it lies where the tool says it lives."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from lti_platform.outbound.errors import OutboundError, OutboundRefused
from lti_platform.outbound.guard import HOST_NAME, PLAIN_URL, resolve

MAX_CHARACTERS = 1000
DEFAULT_PORTS = {"https": 443, "http": 80}
PORT = re.compile(r":\d{1,5}\Z")


def fault(url: str) -> str:
    """The code of the rule this address breaks, or nothing: exact, absolute, HTTPS, without user or fragment.

    Plain HTTP is for the hosts that OUTBOUND_PLAIN_HTTP_HOSTS lists.
    """
    if "#" in url:
        return "fragment"
    parts = _split(url)
    if parts is None or "@" in parts.netloc:
        return "not_an_address"
    if parts.scheme == "https" or (parts.scheme == "http" and _is_listed(parts)):
        return ""
    return "not_https"


def leads_inside(url: str) -> bool:
    """Whether the address names a private, local or reserved network by number; names are judged when fetched."""
    try:
        ip_address(urlsplit(url).hostname or "")
        resolve(url, timeout_seconds=1)
    except ValueError:
        return False
    except OutboundError as error:
        return isinstance(error, OutboundRefused)
    return False


def is_domain(domain: str) -> bool:
    """Whether this is a bare host, with a port if it is not 443."""
    host = PORT.sub("", domain)
    return len(host) <= 253 and bool(HOST_NAME.fullmatch(host))


def is_within(url: str, *, domains: list[str]) -> bool:
    """Whether the address's host is one of the domains or below one; a port in a domain must be the address's."""
    parts = _split(url)
    if parts is None:
        return False
    host, port = (parts.hostname or "").lower(), parts.port or DEFAULT_PORTS[parts.scheme]
    for domain in domains:
        name, _, wanted = domain.partition(":")
        below = host == name or host.endswith(f".{name}")
        if below and (not wanted or int(wanted) == port):
            return True
    return False


def place(url: str) -> str:
    """Host of an address, with its port if that is not 443: 'tool.example', '127.0.0.1:8001'."""
    parts = urlsplit(url)
    host, port = (parts.hostname or "").lower(), parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    return host if port == DEFAULT_PORTS["https"] else f"{host}:{port}"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in DEFAULT_PORTS and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable and len(url) <= MAX_CHARACTERS and PLAIN_URL.fullmatch(url) else None


def _is_listed(parts: SplitResult) -> bool:
    host = (parts.hostname or "").lower()
    listed = {entry.lower() for entry in settings.OUTBOUND_PLAIN_HTTP_HOSTS}
    return bool({host, f"{host}:{parts.port or DEFAULT_PORTS[parts.scheme]}"} & listed)
