"""Pia plays what was recorded, in ranges, after saying why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lti_platform.journal import clock
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from proctoring.evidence import accessing, playback
from proctoring.evidence.errors import AccessOver, ReasonRequired
from proctoring.evidence.models import Access
from proctoring.evidence.ranges import RangeNotSatisfiable, wanted
from proctoring.evidence.stores.chosen import current_store
from tests.factories import pia
from tests.media import picture, webm
from tests.proctoring.evidence.staging import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    """The playback view reads the clock itself, so here the exam is now."""
    return clock.now().replace(microsecond=0)


@pytest.fixture
def recorded(stage: Stage, judged: Callable[..., int]) -> Stage:
    """Two camera segments, one of the screen, and a photo."""
    stage.hand_over(webm(2), sequence=0, after=1)
    stage.hand_over(webm(3), sequence=1, after=4, lasting=3)
    stage.hand_over(webm(2), stream="screen", after=0)
    stage.hand_over(picture(), kind="identity_photo", stream="", media_type="image/jpeg")
    judged()
    return stage


def get(url: str, person: Person | None, **headers: str) -> Any:
    client = Client()
    if person:
        client.force_login(person)
    return client.get(f"/{url.partition('//')[2].partition('/')[2]}", headers=headers)


def test_the_playlist_places_each_segment_in_session_time(recorded: Stage) -> None:
    access = accessing.grant(pia(), recorded.session, reason="first_review", now=recorded.now)
    segments = playback.playlist(recorded.session, access, now=recorded.now)
    found = [(s.stream, s.sequence, s.start_offset_ms, s.duration_ms, s.media_type) for s in segments]
    assert found == [
        ("camera", 0, 1000, 2000, "video/webm"),
        ("camera", 1, 4000, 3000, "video/webm"),
        ("screen", 0, 0, 2000, "video/webm"),
    ]


def test_a_segment_plays_whole_and_in_ranges(recorded: Stage) -> None:
    person = pia()
    access = accessing.grant(person, recorded.session, reason="first_review", now=recorded.now)
    segment = playback.playlist(recorded.session, access, now=recorded.now)[0]
    item = recorded.session.evidence_items.get(id=segment.item_id)
    copy = b"".join(current_store().open_stream(item.playback_key))
    whole, part, tail = (
        get(segment.url, person, **h) for h in ({}, {"Range": "bytes=10-19"}, {"Range": "bytes=-7"})
    )
    assert (whole.status_code, whole.getvalue()) == (200, copy)
    assert (part.status_code, part.getvalue()) == (206, copy[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(copy)}"
    assert tail.getvalue() == copy[-7:]
    assert whole["Content-Type"] == "video/webm"
    assert whole["Cache-Control"] == "private, no-store"
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert whole["Content-Disposition"] == "inline"
    beyond = get(segment.url, person, Range=f"bytes={len(copy)}-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(copy)}")


def test_access_is_recorded_with_its_reason(recorded: Stage) -> None:
    access = accessing.grant(
        pia(), recorded.session, reason="appeal", case_reference="Appeal 12, filed by mail", now=recorded.now
    )
    entry = Entry.objects.get(fact_type="evidence.accessed")
    assert entry.payload["reason"] == "appeal"
    assert "Appeal 12" not in str(entry.payload)
    assert entry.details.note == access.case_reference


@pytest.mark.parametrize("reason", ["", "curiosity", "first_review "])
def test_nobody_sees_evidence_without_a_reason(recorded: Stage, reason: str) -> None:
    with pytest.raises(ReasonRequired):
        accessing.grant(pia(), recorded.session, reason=reason, now=recorded.now)
    assert not Access.objects.exists()


def test_access_to_one_item_shows_that_item_alone(recorded: Stage) -> None:
    photo = recorded.session.evidence_items.get(kind="identity_photo")
    person = pia()
    access = accessing.grant(person, photo, reason="first_review", now=recorded.now)
    assert playback.playlist(recorded.session, access, now=recorded.now) == []
    shown = get(playback.address_of(photo, access, now=recorded.now), person)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    with pytest.raises(AccessOver):
        other = recorded.session.evidence_items.filter(kind="recording")[0]
        playback.address_of(other, access, now=recorded.now)


def test_access_ends_after_an_hour(recorded: Stage) -> None:
    person = pia()
    access = accessing.grant(person, recorded.session, reason="legal", now=recorded.now)
    last = recorded.now + timedelta(minutes=59)
    assert playback.playlist(recorded.session, access, now=last)
    assert accessing.current(person, recorded.session, now=last) == access
    over = recorded.now + timedelta(hours=1)
    with pytest.raises(AccessOver):
        playback.playlist(recorded.session, access, now=over)
    assert accessing.current(person, recorded.session, now=over) is None


@given(size=st.integers(0, 50), first=st.integers(0, 60), last=st.integers(0, 60))
def test_a_range_is_what_slicing_gives(size: int, first: int, last: int) -> None:
    data = bytes(range(size))
    try:
        found = wanted(f"bytes={first}-{last}", size=size)
    except RangeNotSatisfiable:
        assert first >= size
        return
    if last < first:
        assert found is None
    else:
        assert found is not None
        assert data[slice(*found)] == data[first : last + 1]
        assert found[0] < found[1] <= size


@pytest.mark.parametrize(
    "header", ["", "bytes=-", "bytes=a-b", "items=0-1", "bytes=0-1,3-4", "bytes=5-2", "bytes=٣-"]
)
def test_a_range_that_is_none_sends_everything(header: str) -> None:
    assert wanted(header, size=10) is None
