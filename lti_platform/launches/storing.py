"""Platform storage: which tools may keep values with a page of ours (postMessage Storage 0.1)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from lti_platform.launches.hints import digest
from lti_platform.tools.models import Registration

# The window above or behind the tool's: the page of ours that framed or opened it.
PARENT = "_parent"
DEFAULT_PORTS = {"https": 443, "http": 80}


def storage_for(*registrations: Registration, session_key: str) -> dict[str, str]:
    """What a page needs to keep values for the tools it frames or opens.

    {"origins": the tools' origins, separated by blanks; "visit": differs from session to session, and tells nothing}.
    """
    found = dict.fromkeys(origin for registration in registrations for origin in origins(registration))
    return {"origins": " ".join(found), "visit": digest(f"platform storage {session_key}")[:32]}


def origins(registration: Registration) -> list[str]:
    """The web origins of a tool, as browsers write them: of its addresses, and of its declared domains over HTTPS."""
    declared = (f"https://{domain}" for domain in registration.domains)
    found = (origin_of(address) for address in (*addresses(registration), *declared))
    return sorted({origin for origin in found if origin})


def addresses(registration: Registration) -> Iterator[str]:
    """Every address at which the tool's pages answer."""
    yield registration.initiate_login_uri
    yield registration.target_link_uri
    yield from (str(uri) for uri in registration.redirect_uris)
    for message in registration.messages:
        if uri := message.get("target_link_uri"):
            yield str(uri)


def origin_of(address: str) -> str:
    """Scheme, host and port of a web address (RFC 6454 section 6.2); empty for anything that names no single host."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in DEFAULT_PORTS or not host.isascii() or "*" in host or not host:
        return ""
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + ("" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}")
