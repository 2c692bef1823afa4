"""A session recorded at this very moment, and uploads to it, as the attacks on evidence need them."""

from pathlib import Path
from typing import Any

from django.conf import LazySettings
from django.test import Client

from lti_platform.journal import clock
from tests.proctoring.evidence.staging import Stage


def recorded_now(folder: Path, *, settings: LazySettings) -> Stage:
    """Views read the clock themselves, so the exam is now; the embedded store is in `folder`."""
    settings.EVIDENCE_BUCKET, settings.EVIDENCE_DIR = "", folder / "evidence"
    return Stage(clock.now().replace(microsecond=0))


def path_of(url: str) -> str:
    return "/" + url.partition("//")[2].partition("/")[2]


def put(url: str, data: bytes, *, content_type: str = "video/webm", **headers: str) -> Any:
    return Client().put(path_of(url), data, content_type=content_type, headers=headers)
