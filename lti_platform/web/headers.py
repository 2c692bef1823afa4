"""What a browser may do with our pages, and how a view asks for more."""

from collections.abc import Mapping
from typing import TypeVar

from django.http.response import HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)

POLICY: dict[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "frame-src": "'none'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
PERMISSIONS: dict[str, str] = {
    "camera": "()",
    "microphone": "()",
    "display-capture": "()",
    "geolocation": "()",
    "payment": "()",
    "usb": "()",
}


def loosen(
    response: Response,
    *,
    csp: Mapping[str, str | None] | None = None,
    permissions: Mapping[str, str | None] | None = None,
) -> Response:
    """The response, marked: each directive of `csp` replaces ours, None drops it; `permissions` likewise.

    {"frame-src": "https://tool.example"} frames a tool; {"form-action": None} posts to where redirects may lead.
    """
    response.csp = {**getattr(response, "csp", {}), **(csp or {})}  # type: ignore[attr-defined]
    response.permissions = {**getattr(response, "permissions", {}), **(permissions or {})}  # type: ignore[attr-defined]
    return response


def merged(own: Mapping[str, str], asked: Mapping[str, str | None]) -> dict[str, str]:
    """Our directives with those a view asked for in their place; None drops one."""
    return {name: value for name, value in {**own, **asked}.items() if value is not None}


def policy_header(asked: Mapping[str, str | None]) -> str:
    """Content-Security-Policy with what a view asked for (CSP Level 3, 2.2)."""
    return "; ".join(f"{name} {value}" for name, value in merged(POLICY, asked).items())


def permissions_header(asked: Mapping[str, str | None]) -> str:
    """Permissions-Policy with what a view asked for."""
    return ", ".join(f"{name}={value}" for name, value in merged(PERMISSIONS, asked).items())


def frame_options(asked: Mapping[str, str | None]) -> str:
    """X-Frame-Options that says the same as frame-ancestors; empty where it has no word for it."""
    ancestors = merged(POLICY, asked).get("frame-ancestors")
    return {"'none'": "DENY", "'self'": "SAMEORIGIN"}.get(ancestors or "", "")
