"""From which web origins a tool's pages may upload."""

from urllib.parse import urlsplit

from lti_platform.tools.models import Registration


def tool_origins(registration: Registration) -> frozenset[str]:
    """Origins (RFC 6454) of every address the tool declared, and of its domains over HTTPS."""
    addresses = [
        registration.initiate_login_uri,
        registration.target_link_uri,
        *registration.redirect_uris,
        *(f"https://{domain}" for domain in registration.domains),
    ]
    return frozenset(filter(None, map(_origin, addresses)))


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
        default = {"https": 443, "http": 80}.get(parts.scheme)
        if default is None or not parts.hostname:
            return ""
        port = "" if parts.port in (None, default) else f":{parts.port}"
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}"
