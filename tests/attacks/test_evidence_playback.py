"""Mallory against playback: an address opens one recording, to one person, for a quarter of an hour."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from proctoring.evidence import accessing, addresses, playback
from proctoring.evidence.models import Access, EvidenceItem
from tests.attacks.handing_in import path_of, recorded_now
from tests.factories import lena, mallory, pia
from tests.proctoring.evidence.staging import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: LazySettings) -> Stage:
    return recorded_now(tmp_path, settings=settings)


@pytest.fixture
def played(stage: Stage, settle: Callable[..., int]) -> Stage:
    stage.hand_over()
    settle(now=stage.now + timedelta(minutes=5))
    return stage


def viewed(url: str, person: Any) -> int:
    client = Client()
    if person:
        client.force_login(person)
    return int(client.get(path_of(url)).status_code)


def test_a_playback_address_is_good_for_its_person_alone(played: Stage) -> None:
    person = pia()
    access = accessing.grant(person, played.session, reason="first_review", now=played.now)
    url = playback.playlist(played.session, access, now=played.now)[0].url
    assert viewed(url, person) == 200
    for other in (None, mallory("proctor"), pia(), lena()):
        assert viewed(url, other) == 404


def test_a_playback_address_runs_out(played: Stage) -> None:
    person = pia()
    earlier = played.now - timedelta(minutes=16)
    access = accessing.grant(person, played.session, reason="first_review", now=earlier)
    assert viewed(playback.playlist(played.session, access, now=earlier)[0].url, person) == 404
    assert viewed(playback.playlist(played.session, access, now=played.now)[0].url, person) == 200
    Access.objects.update(expires_at=played.now)
    fresh = addresses.token(
        {"access": str(access.id), "item": str(EvidenceItem.objects.get().id)},
        purpose=addresses.PLAY,
        expires_at=played.now + timedelta(minutes=5),
    )
    assert viewed(f"http://localhost/evidence/play/{fresh}", person) == 404


def test_access_to_one_session_opens_no_other(played: Stage) -> None:
    person = pia()
    other = Stage(played.now)
    access = accessing.grant(person, other.session, reason="first_review", now=played.now)
    mixed = addresses.token(
        {"access": str(access.id), "item": str(EvidenceItem.objects.get().id)},
        purpose=addresses.PLAY,
        expires_at=played.now + timedelta(minutes=5),
    )
    assert viewed(f"http://localhost/evidence/play/{mixed}", person) == 404


def test_quarantined_evidence_is_not_played(stage: Stage, settle: Callable[..., int]) -> None:
    item = stage.hand_over(b"<script>alert(1)</script>")
    settle(now=stage.now + timedelta(minutes=5))
    person = pia()
    access = accessing.grant(person, stage.session, reason="first_review", now=stage.now)
    assert playback.playlist(stage.session, access, now=stage.now) == []
    assert viewed(playback.address_of(stage.again(item), access, now=stage.now), person) == 404
