"""The same story where evidence lies in a bucket: uploaded, judged, sealed, locked, played and exported."""

import hashlib
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from lti_platform.journal import clock
from proctoring.evidence import accessing, playback, receiving
from proctoring.evidence.errors import NotUploaded
from proctoring.evidence.models import EvidenceItem, Manifest
from proctoring.evidence.stores.chosen import current_store
from tests.factories import pia
from tests.media import webm
from tests.proctoring.evidence.bundles import exported, verify
from tests.proctoring.evidence.staging import Stage
from tests.services.seaweed import ObjectStore

pytestmark = [pytest.mark.django_db, pytest.mark.services]


@pytest.fixture
def now() -> datetime:
    """The S3 server goes by the real clock."""
    return clock.now().replace(microsecond=0)


@pytest.fixture
def stage(
    db: None,
    now: datetime,
    seaweed: ObjectStore,
    evidence_bucket: str,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> Stage:
    for name, value in seaweed.environment().items():
        monkeypatch.setenv(name, value)
    settings.EVIDENCE_ENDPOINT, settings.EVIDENCE_REGION = seaweed.endpoint, seaweed.region
    settings.EVIDENCE_BUCKET = evidence_bucket
    return Stage(now)


def put(item: EvidenceItem, data: bytes) -> None:
    plan = receiving.fresh_upload(item, now=clock.now())
    request = urllib.request.Request(plan.url, data=data, headers=plan.headers, method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def test_a_recording_in_a_bucket_is_judged_sealed_played_and_exported(
    stage: Stage, settle: Callable[..., int], tmp_path: Path
) -> None:
    item = stage.plan(webm(2))
    with pytest.raises(NotUploaded):
        stage.complete(item, webm(2))
    put(item, webm(2))
    stage.complete(item, webm(2))
    stage.end(("recording", "camera", 1))
    settle(now=stage.now + timedelta(minutes=5))
    item = stage.again(item)
    assert (item.state, item.quarantine_reason) == (EvidenceItem.State.ACCEPTED, "")
    assert item.object_version
    assert current_store().locked_until(item.object_key, version=item.object_version) == item.kept_until
    assert Manifest.objects.get().is_complete
    assert played(stage) == item.playback_sha256
    assert verify(exported(stage, tmp_path / "bundle")) == (0, [])


def played(stage: Stage) -> str:
    """The digest of what Pia's player gets, from the bucket itself."""
    person = pia()
    access = accessing.grant(person, stage.session, reason="first_review", now=stage.now)
    segment = playback.playlist(stage.session, access, now=stage.now)[0]
    client = Client()
    client.force_login(person)
    answer: Any = client.get("/" + segment.url.partition("//")[2].partition("/")[2])
    assert answer.status_code == 302
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Location"].startswith(playback.media_origin())
    with urllib.request.urlopen(answer["Location"]) as body:
        return hashlib.sha256(body.read()).hexdigest()


def test_a_version_put_over_ours_by_an_operator_changes_nothing(
    stage: Stage, seaweed: ObjectStore, settle: Callable[..., int]
) -> None:
    item = stage.plan(webm(2))
    put(item, webm(2))
    stage.complete(item, webm(2))
    bucket = current_store()._bucket  # type: ignore[attr-defined]
    seaweed.client().put_object(Bucket=bucket, Key=item.object_key, Body=b"something else")
    settle(now=stage.now + timedelta(minutes=5))
    item = stage.again(item)
    assert item.state == EvidenceItem.State.ACCEPTED
    assert b"".join(current_store().open_stream(item.object_key, version=item.object_version)) == webm(2)
