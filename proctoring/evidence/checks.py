"""Mixes of settings under which evidence would go astray or could not be uploaded."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security)
def check_store(**_options: Any) -> list[CheckMessage]:
    """evidence.E001: a store without a bucket; evidence.E002: pages under https cannot upload to http;
    evidence.E003: a size that nothing fits in; evidence.W001: folders for a platform of several machines.
    """
    found: list[CheckMessage] = []
    if settings.EVIDENCE_ENDPOINT and not settings.EVIDENCE_BUCKET:
        found.append(
            Error(
                "EVIDENCE_ENDPOINT is set without EVIDENCE_BUCKET: evidence would go into folders instead.",
                id="evidence.E001",
            )
        )
    if settings.HTTPS and settings.EVIDENCE_ENDPOINT.startswith("http://"):
        found.append(
            Error(
                "EVIDENCE_ENDPOINT is plain http: browsers refuse uploads to it from pages under https.",
                id="evidence.E002",
            )
        )
    if settings.EVIDENCE_ITEM_MAX_BYTES < 1:
        found.append(Error("EVIDENCE_ITEM_MAX_BYTES must be 1 or more.", id="evidence.E003"))
    if settings.HTTPS and not settings.EVIDENCE_BUCKET:
        found.append(
            Warning(
                "EVIDENCE_BUCKET is not set: evidence lies in folders of this machine, which no Object Lock guards.",
                hint="Name a bucket and run `manage.py prepare_evidence_bucket`.",
                id="evidence.W001",
            )
        )
    return found
