"""Mixes of broker, database and processes that would lose work or do it where nobody looks."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security)
def check_workers(**_options: Any) -> list[CheckMessage]:
    """journal.E001: a broker in memory with several server processes; journal.E002: a lease that ends at once;
    journal.W001: SQLite with a broker that workers elsewhere could reach."""
    found: list[CheckMessage] = []
    if settings.EMBEDDED_WORKER and settings.WEB_PROCESSES > 1:
        found.append(
            Error(
                f"The broker lives in the memory of one process; WEB_CONCURRENCY asks for {settings.WEB_PROCESSES}.",
                hint="Set BROKER_URL to a broker outside, or WEB_CONCURRENCY to 1.",
                id="journal.E001",
            )
        )
    if settings.REACTION_LEASE_SECONDS < 1:
        found.append(Error("REACTION_LEASE_SECONDS must be 1 or more.", id="journal.E002"))
    if not settings.EMBEDDED_WORKER and not settings.DATABASE_IS_SHARED:
        found.append(
            Warning(
                "BROKER_URL names a broker outside, but the database is SQLite: workers must run on this machine.",
                hint="Set DATABASE_URL to PostgreSQL.",
                id="journal.W001",
            )
        )
    return found
