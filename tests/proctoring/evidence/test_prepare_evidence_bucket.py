"""The bucket of an installation, made ready by one command."""

import secrets
import urllib.request
from datetime import UTC, datetime
from urllib.error import HTTPError

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from proctoring.evidence.stores.chosen import current_store
from proctoring.evidence.stores.contract import new_key
from tests.factories import make_registration
from tests.services.seaweed import ObjectStore

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture
def bucket(seaweed: ObjectStore, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> str:
    """A name that is free, and settings that name it."""
    for name, value in seaweed.environment().items():
        monkeypatch.setenv(name, value)
    settings.EVIDENCE_ENDPOINT = seaweed.endpoint
    settings.EVIDENCE_REGION = seaweed.region
    settings.EVIDENCE_BUCKET = f"evidence-{secrets.token_hex(6)}"
    return str(settings.EVIDENCE_BUCKET)


def preflight(url: str, origin: str) -> str:
    """The origin that the bucket lets in, for an upload from `origin`."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type,if-none-match",
    }
    request = urllib.request.Request(url, headers=headers, method="OPTIONS")
    try:
        with urllib.request.urlopen(request) as answer:
            return str(answer.headers.get("Access-Control-Allow-Origin") or "")
    except HTTPError:
        return ""


def test_a_bucket_is_made_with_locks_and_open_to_the_tools_alone(seaweed: ObjectStore, bucket: str) -> None:
    make_registration(redirect_uris=["https://proctor.example.test/launch"])
    make_registration(redirect_uris=["https://other.example.test/launch"], scopes=[])
    for _ in range(2):
        call_command("prepare_evidence_bucket")
    client = seaweed.client()
    assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    lock = client.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    url = current_store().plan_upload(new_key(), media_type="video/webm", bytes=1, now=datetime.now(UTC)).url
    assert preflight(url, "https://proctor.example.test") == "https://proctor.example.test"
    assert preflight(url, "https://other.example.test") == ""


def test_a_bucket_without_locks_is_refused(seaweed: ObjectStore, bucket: str) -> None:
    seaweed.client().create_bucket(Bucket=bucket)
    with pytest.raises(CommandError, match="Object Lock"):
        call_command("prepare_evidence_bucket")


def test_without_a_bucket_there_is_nothing_to_prepare(settings: LazySettings) -> None:
    settings.EVIDENCE_BUCKET = ""
    with pytest.raises(CommandError, match="EVIDENCE_BUCKET"):
        call_command("prepare_evidence_bucket")
