"""Mixes of address, transport and secrets that would be unsafe, or that browsers and tools would refuse."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.http.request import validate_host

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
# An issuer has no query and no fragment (LTI Security Framework 1.2), and our addresses begin at the root.
ISSUER = re.compile(r"https?://[^/?#@\s]+")


@register(Tags.security)
def check_address(**_options: Any) -> list[CheckMessage]:
    """web.E001 to E005: what must not be. Each stands in docs/operating.md."""
    url = settings.PLATFORM_URL
    if not ISSUER.fullmatch(url) or not _host():
        return [
            Error(
                f"PLATFORM_URL is {url!r}: it must be scheme and host, without a slash at the end, query or fragment.",
                id="web.E001",
            )
        ]
    return list(_errors())


@register(Tags.security)
def check_production(**_options: Any) -> list[CheckMessage]:
    """web.W001 to W004: what a platform for others should have; nothing on one's own machine."""
    return list(_warnings()) if _host() and not _is_local() else []


def _errors() -> Iterator[CheckMessage]:
    if not _is_local() and not settings.HTTPS:
        yield Error(
            f"PLATFORM_URL names the host {_host()} without https: tools and browsers would refuse it.",
            hint="Only localhost, 127.0.0.1 and [::1] may do without.",
            id="web.E002",
        )
    if settings.DEBUG and not _is_local():
        yield Error("DEBUG shows settings and source to everybody who makes an error happen.", id="web.E003")
    if settings.OUTBOUND_PLAIN_HTTP_HOSTS and settings.HTTPS and not _is_local():
        listed = ", ".join(settings.OUTBOUND_PLAIN_HTTP_HOSTS)
        yield Error(
            f"OUTBOUND_PLAIN_HTTP_HOSTS lets {listed} be reached without TLS and on private addresses.",
            hint="It is for demonstrations and tests: unset it on a public platform.",
            id="web.E004",
        )
    if not _is_allowed(_host()):
        yield Error(
            f"ALLOWED_HOSTS does not name {_host()}, the host of PLATFORM_URL: every page would be refused.",
            id="web.E005",
        )


def _warnings() -> Iterator[CheckMessage]:
    if not settings.EMAIL_URL:
        yield Warning("EMAIL_URL is not set: mail lies in a folder, and nobody gets any.", id="web.W001")
    if settings.SECRET_KEY_IS_GENERATED and settings.DATABASE_IS_SHARED:
        yield Warning(
            "SECRET_KEY is not set: each machine makes one of its own, and a session of one is unknown to another.",
            id="web.W002",
        )
    if not settings.BEHIND_TLS_PROXY:
        yield Warning(
            "BEHIND_TLS_PROXY is not set: behind a proxy that ends TLS, forms would be refused.",
            hint="Leave it so only if the server itself speaks TLS.",
            id="web.W003",
        )
    elif not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield Warning(
            "TRUSTED_PROXY_COUNT is 0: sign-in limits count everybody behind the proxy as one.",
            id="web.W004",
        )


def _host() -> str:
    try:
        return urlsplit(settings.PLATFORM_URL).hostname or ""
    except ValueError:
        return ""


def _is_local() -> bool:
    return _host() in LOCAL_HOSTS


def _is_allowed(host: str) -> bool:
    return validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS)
