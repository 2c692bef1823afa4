"""What is received is looked at, and is either what was declared or set apart."""

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import av
import pytest

from lti_platform.journal.models import Entry
from proctoring.evidence import judging
from proctoring.evidence.models import EvidenceItem
from proctoring.evidence.stores.chosen import current_store
from tests.media import mp4, picture, webm
from tests.proctoring.evidence.staging import Stage

State = EvidenceItem.State


def test_a_recording_is_accepted_hashed_and_locked(stage: Stage, judged: Callable[..., int]) -> None:
    item = stage.hand_over(webm(3), lasting=3)
    judged()
    item = stage.again(item)
    assert (item.state, item.quarantine_reason) == (State.ACCEPTED, "")
    assert item.sha256 == hashlib.sha256(webm(3)).hexdigest()
    assert item.duration_ms == 3000
    assert (item.probe["codecs"], item.probe["width"], item.probe["height"]) == (["vp8"], 64, 48)
    assert item.received_at is not None
    assert item.kept_until == item.received_at + timedelta(days=180)
    assert current_store().locked_until(item.object_key) == item.kept_until
    assert current_store().locked_until(item.playback_key) == item.kept_until


def test_the_playback_copy_seeks_where_the_recording_did_not(
    stage: Stage, judged: Callable[..., int]
) -> None:
    item = stage.hand_over(webm(3), lasting=3)
    judged()
    item = stage.again(item)
    copy = b"".join(current_store().open_stream(item.playback_key))
    assert hashlib.sha256(copy).hexdigest() == item.playback_sha256
    with av.open(io.BytesIO(webm(3)), "r") as before, av.open(io.BytesIO(copy), "r") as after:
        assert before.duration is None
        assert after.duration == 3_000_000
    cues, clusters = b"\x1c\x53\xbb\x6b", b"\x1f\x43\xb6\x75"
    assert 0 < copy.find(cues) < copy.find(clusters)


def test_h264_plays_from_mp4(stage: Stage, judged: Callable[..., int]) -> None:
    item = stage.hand_over(mp4(2), media_type="video/mp4")
    judged()
    item = stage.again(item)
    assert (item.state, item.playback_media_type, item.duration_ms) == (State.ACCEPTED, "video/mp4", 2000)


@pytest.mark.parametrize(("codec", "media_type"), [("mjpeg", "image/jpeg"), ("png", "image/png")])
def test_a_picture_is_accepted(stage: Stage, judged: Callable[..., int], codec: str, media_type: str) -> None:
    item = stage.hand_over(picture(codec), kind="identity_photo", stream="", media_type=media_type)
    judged()
    item = stage.again(item)
    assert (item.state, item.probe["width"], item.probe["height"]) == (State.ACCEPTED, 64, 48)
    assert item.received_at is not None
    assert item.kept_until == item.received_at + timedelta(days=90)
    assert item.playback_key == ""


@pytest.mark.parametrize(
    ("media_type", "data", "events"),
    [
        ("application/json", b'[{"a": 1}, {"b": 2}]', 2),
        ("application/x-ndjson", b'{"a": 1}\n\n{"b": 2}\n{}', 3),
    ],
)
def test_an_event_log_is_accepted(
    stage: Stage, judged: Callable[..., int], media_type: str, data: bytes, events: int
) -> None:
    item = stage.hand_over(data, kind="telemetry", stream="", media_type=media_type)
    judged()
    assert stage.again(item).probe["events"] == events


@pytest.mark.parametrize(
    ("reason", "fields", "data"),
    [
        ("unreadable_media", {}, b"this is not a video" * 50),
        ("unreadable_media", {}, webm(2)[:300]),
        ("unreadable_media", {}, b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:1/x.ts\n"),
        ("unreadable_media", {}, mp4(1)),
        ("unreadable_media", {"media_type": "video/mp4"}, webm(1)),
        ("no_audio", {"media_type": "audio/webm"}, webm(1)),
        ("not_an_image", {"kind": "candidate_photo", "media_type": "image/png"}, picture("mjpeg")),
        ("not_an_image", {"kind": "candidate_photo", "media_type": "image/jpeg"}, picture("mjpeg")[:200]),
        (
            "not_an_image",
            {"kind": "candidate_photo", "media_type": "image/png"},
            picture("png")[:16] + (60000).to_bytes(4, "big") * 2 + picture("png")[24:],
        ),
        ("not_an_event_log", {"kind": "telemetry", "media_type": "application/json"}, b"{'a': 1}"),
        ("not_an_event_log", {"kind": "telemetry", "media_type": "application/json"}, b"[" * 100_000),
        (
            "not_an_event_log",
            {"kind": "telemetry", "media_type": "application/x-ndjson"},
            b"[" + b"1," * 40_000,
        ),
    ],
    ids=[
        "no video",
        "half a header",
        "a playlist",
        "another container",
        "another container than declared",
        "a picture as sound",
        "another picture format",
        "half a picture",
        "a picture of gigapixels",
        "an event log in single quotes",
        "an event log too deep",
        "an event log without an end",
    ],
)
def test_what_is_not_as_declared_is_set_apart(
    stage: Stage, judged: Callable[..., int], reason: str, fields: dict[str, Any], data: bytes
) -> None:
    item = stage.hand_over(data, **fields)
    judged()
    item = stage.again(item)
    assert (item.state, item.quarantine_reason) == (State.QUARANTINED, reason)
    assert current_store().locked_until(item.object_key) == item.kept_until
    assert [one.reason_code for one in stage.attempt.incidents.all()] == ["evidence_quarantined"]


@pytest.mark.parametrize(
    ("reason", "said"), [("digest_differs", {"sha256": "0" * 64}), ("size_differs", {"bytes": 5})]
)
def test_a_false_declaration_is_set_apart(
    stage: Stage, judged: Callable[..., int], reason: str, said: dict[str, Any]
) -> None:
    item = stage.plan(webm(2))
    stage.upload(item, webm(2))
    stage.complete(item, webm(2), **said)
    judged()
    assert stage.again(item).quarantine_reason == reason


def test_an_object_that_vanished_is_named(stage: Stage, judged: Callable[..., int]) -> None:
    item = stage.hand_over()
    EvidenceItem.objects.filter(id=item.id).update(object_key="0" * 32)
    judged()
    assert stage.again(item).quarantine_reason == "object_missing"


def test_judging_twice_changes_nothing(stage: Stage, judged: Callable[..., int]) -> None:
    item = stage.hand_over()
    judged()
    before = stage.again(item).__dict__ | {"_state": None}
    judging.judge(item.id, now=stage.now + timedelta(hours=1))
    assert stage.again(item).__dict__ | {"_state": None} == before
    assert Entry.objects.filter(fact_type="evidence.accepted").count() == 1


def test_facts_name_the_attempt_and_no_person(stage: Stage, judged: Callable[..., int]) -> None:
    stage.hand_over()
    judged()
    entries = Entry.objects.filter(fact_type__startswith="evidence.").order_by("recorded_at")
    assert {entry.subject for entry in entries} == {f"attempt:{stage.attempt.id}"}
    assert {"evidence.planned", "evidence.received", "evidence.accepted"} <= {e.fact_type for e in entries}
    assert not any(stage.attempt.person.family_name in str(entry.payload) for entry in entries)
