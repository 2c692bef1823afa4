"""A session is sealed when all is here or waiting is over; the manifest says what there is and what is not."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from proctoring import deadlines, sessions
from proctoring.cases import open_case
from proctoring.evidence import jws, sealing
from proctoring.evidence.errors import SealBroken
from proctoring.evidence.manifest import canonical
from proctoring.evidence.models import Manifest
from proctoring.evidence.stores.chosen import current_store
from proctoring.models import Session
from proctoring.reviewing import give_verdict
from tests.factories import pia
from tests.media import picture, webm
from tests.proctoring.evidence.staging import Stage


def record_a_minute(stage: Stage, *, missing: tuple[int, ...] = (), stream: str = "camera") -> None:
    """Six segments of ten seconds, but for the missing ones."""
    for place in set(range(6)) - set(missing):
        stage.hand_over(webm(10), stream=stream, sequence=place, after=place * 10, lasting=10)


def body(manifest: Manifest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(manifest.body)
    return found


def test_when_all_that_was_named_is_judged_the_session_is_complete(
    stage: Stage, judged: Callable[..., int]
) -> None:
    record_a_minute(stage)
    stage.hand_over(picture(), kind="identity_photo", stream="", media_type="image/jpeg")
    stage.end(("recording", "camera", 6), ("identity_photo", "", 1))
    judged()
    manifest = Manifest.objects.get()
    said = body(manifest)
    assert (said["is_complete"], said["gaps"], said["coverage_percent"]) == (True, [], "100.00")
    assert len(said["objects"]) == 7
    assert (said["number"], said["previous"]) == (1, None)
    stage.session.refresh_from_db()
    assert stage.session.state == Session.State.COMPLETE
    assert stage.session.coverage_percent == Decimal(100)


def test_a_manifest_is_canonical_signed_and_kept_as_an_object(
    stage: Stage, judged: Callable[..., int]
) -> None:
    record_a_minute(stage)
    stage.end(("recording", "camera", 6))
    judged()
    manifest = Manifest.objects.get()
    sealing.verify(manifest)
    assert canonical(json.loads(manifest.body)) == manifest.body.encode()
    stored = b"".join(current_store().open_stream(manifest.object_key))
    assert stored == manifest.body.encode()
    locked_until = current_store().locked_until(manifest.object_key)
    assert locked_until is not None
    assert locked_until - manifest.sealed_at > timedelta(days=6 * 365)
    person = stage.attempt.person
    assert not any(
        word in manifest.body for word in (person.family_name, person.employee_id, person.email or "")
    )


@pytest.mark.parametrize("change", ["body", "signature", "sha256"])
def test_a_changed_manifest_is_noticed(stage: Stage, judged: Callable[..., int], change: str) -> None:
    record_a_minute(stage)
    stage.end(("recording", "camera", 6))
    judged()
    manifest = Manifest.objects.get()
    changed = {
        "body": manifest.body.replace('"100.00"', '"99.00"'),
        "signature": jws.sign_detached(b"something else"),
        "sha256": "0" * 64,
    }
    setattr(manifest, change, changed[change])
    with pytest.raises(SealBroken):
        sealing.verify(manifest)


def test_before_the_end_nothing_is_sealed(stage: Stage, judged: Callable[..., int]) -> None:
    record_a_minute(stage)
    judged(after=600)
    assert not Manifest.objects.exists()


def test_what_was_named_is_awaited_until_the_deadline_and_then_named_missing(
    stage: Stage, judged: Callable[..., int]
) -> None:
    record_a_minute(stage, missing=(2, 3))
    stage.plan(webm(10), sequence=3)
    stage.end(("recording", "camera", 6))
    judged()
    assert not Manifest.objects.exists()
    late = stage.now + timedelta(minutes=31)
    assert sealing.due(now=late) == [stage.session.id]
    sealing.consider(stage.session.id, now=late)
    said = body(Manifest.objects.get())
    assert said["gaps"] == [
        {"reason": "never_planned", "kind": "recording", "stream": "camera", "sequence": 2},
        {"reason": "never_came", "kind": "recording", "stream": "camera", "sequence": 3},
    ]
    assert (said["is_complete"], said["coverage_percent"]) == (False, "66.66")
    stage.session.refresh_from_db()
    assert stage.session.state == Session.State.INCOMPLETE
    assert sealing.due(now=late) == []


def test_late_evidence_makes_a_new_manifest_that_names_the_one_before(
    stage: Stage, judged: Callable[..., int]
) -> None:
    record_a_minute(stage, missing=(5,))
    stage.end(("recording", "camera", 6))
    judged()
    sealing.consider(stage.session.id, now=stage.now + timedelta(minutes=31))
    stage.hand_over(webm(10), sequence=5, after=50, lasting=10)
    judged(after=60)
    first, second = Manifest.objects.order_by("number")
    assert body(second)["previous"] == {"number": 1, "sha256": first.sha256}
    assert (first.is_complete, second.is_complete) == (False, True)
    stage.session.refresh_from_db()
    assert (stage.session.state, stage.session.coverage_percent) == (Session.State.COMPLETE, Decimal(100))


def test_considering_again_changes_nothing(stage: Stage, judged: Callable[..., int]) -> None:
    record_a_minute(stage)
    stage.end(("recording", "camera", 6))
    judged()
    for hours in (1, 2, 3):
        assert sealing.consider(stage.session.id, now=stage.now + timedelta(hours=hours)) is None
    assert Manifest.objects.count() == 1


def test_a_quarantined_segment_is_listed_and_is_a_gap(stage: Stage, judged: Callable[..., int]) -> None:
    record_a_minute(stage, missing=(0,))
    stage.hand_over(b"not a video", sequence=0, lasting=10)
    stage.end(("recording", "camera", 6))
    judged()
    said = body(Manifest.objects.get())
    assert said["gaps"] == [{"reason": "quarantined", "kind": "recording", "stream": "camera", "sequence": 0}]
    first = said["objects"][0]
    assert (first["state"], first["quarantine_reason"]) == ("quarantined", "unreadable_media")
    assert (said["is_complete"], said["coverage_percent"]) == (False, "83.33")
    assert len(said["incidents"]["ids"]) == 1


def test_a_session_that_recorded_nothing_is_not_complete(stage: Stage, judged: Callable[..., int]) -> None:
    stage.end()
    judged()
    said = body(Manifest.objects.get())
    assert said["gaps"] == [{"reason": "nothing_came", "kind": "recording"}]
    assert (said["is_complete"], said["coverage_percent"]) == (False, "0.00")


def test_a_tool_that_never_says_it_is_done_leaves_a_gap(stage: Stage, judged: Callable[..., int]) -> None:
    record_a_minute(stage)
    sessions.end(stage.session.id, now=stage.now + timedelta(minutes=1))
    judged()
    assert not Manifest.objects.exists()
    sealing.consider(stage.session.id, now=stage.now + timedelta(minutes=32))
    assert body(Manifest.objects.get())["gaps"] == [{"reason": "never_ended"}]


def test_a_check_in_that_never_recorded_owes_nothing(stage: Stage, judged: Callable[..., int]) -> None:
    session = stage.new_session(77, state=Session.State.LAUNCHED, started_at=None)
    sessions.end(session.id, now=stage.now)
    judged()
    assert body(Manifest.objects.get(session=session))["is_complete"] is True


def test_a_longer_claim_than_the_recording_plays_covers_no_more(
    stage: Stage, judged: Callable[..., int]
) -> None:
    stage.hand_over(webm(2), lasting=60)
    stage.end(("recording", "camera", 1))
    judged()
    assert body(Manifest.objects.get())["coverage_percent"] == "3.33"


def test_an_item_we_cannot_judge_is_waited_for_longer_and_then_named(stage: Stage) -> None:
    stage.hand_over(webm(2), sequence=0)
    stage.end(("recording", "camera", 1))
    deadline = stage.now + timedelta(minutes=31)
    assert sealing.consider(stage.session.id, now=deadline + timedelta(hours=5)) is None
    manifest = sealing.consider(stage.session.id, now=deadline + timedelta(hours=6))
    assert manifest is not None
    assert {gap["reason"] for gap in body(manifest)["gaps"]} == {"never_judged", "nothing_came"}


def test_a_store_that_is_away_for_hours_is_not_held_against_the_learner(
    stage: Stage, judged: Callable[..., int]
) -> None:
    stage.attempt.policy["review_policy"] = "not_required"
    stage.attempt.save()
    stage.hand_over(webm(2), sequence=0)  # it came, and nothing looks at it
    stage.end(("recording", "camera", 1))
    assert deadlines.seal_overdue_sessions(now=stage.now + timedelta(hours=5)) == 0
    stage.session.refresh_from_db()
    assert stage.session.state == Session.State.ENDED
    judged(after=301)
    stage.session.refresh_from_db()
    assert (stage.session.state, stage.attempt.incidents.count()) == (Session.State.COMPLETE, 0)


@pytest.mark.parametrize("is_all_seen", [True, False])
def test_a_verdict_on_part_of_the_recording_comes_back_to_a_person(
    stage: Stage, judged: Callable[..., int], is_all_seen: bool
) -> None:
    record_a_minute(stage, missing=() if is_all_seen else (5,))
    stage.end(("recording", "camera", 6))
    judged(after=1.2)
    case = open_case(stage.attempt.id, now=stage.now + timedelta(seconds=80))
    assert case is not None
    give_verdict(case.id, reviewer=pia(), outcome="clear", note="", now=stage.now + timedelta(seconds=80))
    if not is_all_seen:
        stage.hand_over(webm(10), stream="camera", sequence=5, after=90, lasting=10)
    judged(after=2)
    case.refresh_from_db()
    assert stage.attempt.incidents.count() == (0 if is_all_seen else 1)
    assert case.state == ("decided" if is_all_seen else "waiting")
