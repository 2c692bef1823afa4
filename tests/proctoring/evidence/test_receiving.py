"""Planning, completing and ending: what is taken, what is refused, and what may be said again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from proctoring import sessions
from proctoring.evidence import errors, limits, receiving
from proctoring.evidence.models import EndNotice, EvidenceItem
from proctoring.evidence.receiving import ItemPlan, Tool
from proctoring.models import Session
from tests.factories import make_deployment, make_registration
from tests.media import webm
from tests.proctoring.evidence.staging import Stage


def plan(**fields: Any) -> ItemPlan:
    described = {"kind": "recording", "stream": "camera", "media_type": "video/webm", "bytes": 100}
    return ItemPlan(**{**described, **fields})


def test_a_segment_planned_again_is_the_same_item(stage: Stage) -> None:
    first, is_new = receiving.plan_item(
        stage.session, plan=plan(media_type="video/webm;codecs=vp8"), now=stage.now
    )
    again, is_new_again = receiving.plan_item(stage.session, plan=plan(), now=stage.now)
    assert (again.id, is_new, is_new_again) == (first.id, True, False)
    with pytest.raises(errors.ItemDiffers):
        receiving.plan_item(stage.session, plan=plan(bytes=101), now=stage.now)


def test_two_photos_are_two_items(stage: Stage) -> None:
    photo = plan(kind="identity_photo", stream="", media_type="image/jpeg")
    made = {receiving.plan_item(stage.session, plan=photo, now=stage.now)[0].id for _ in range(2)}
    assert len(made) == 2


def test_an_object_key_says_nothing(stage: Stage) -> None:
    item = stage.plan(webm(1))
    known = [stage.session.id.hex, stage.attempt.id.hex, stage.attempt.person_id.hex, item.id.hex]
    assert len(item.object_key) == 32
    assert not any(word[:8] in item.object_key for word in known)


@pytest.mark.parametrize(
    ("refusal", "fields"),
    [
        (errors.KindUnknown, {"kind": "keystrokes"}),
        (errors.MediaTypeRefused, {"media_type": "text/html"}),
        (errors.MediaTypeRefused, {"media_type": "image/svg+xml", "kind": "identity_photo"}),
        (errors.MediaTypeRefused, {"media_type": "image/jpeg"}),
        (errors.StreamMalformed, {"stream": ""}),
        (errors.StreamMalformed, {"stream": "../camera"}),
        (errors.StreamMalformed, {"stream": "x" * 21}),
        (errors.SequenceTooHigh, {"sequence": 2000}),
        (errors.SequenceTooHigh, {"sequence": -1}),
        (errors.BytesOutOfRange, {"bytes": 0}),
        (errors.BytesOutOfRange, {"bytes": 512 * 1024 * 1024 + 1}),
        (errors.BytesOutOfRange, {"bytes": 2**70}),
        (errors.BytesOutOfRange, {"kind": "identity_photo", "media_type": "image/png", "bytes": 21 * 2**20}),
    ],
)
def test_a_plan_that_breaks_a_limit_is_refused(
    stage: Stage, refusal: type[errors.EvidenceError], fields: dict[str, Any]
) -> None:
    with pytest.raises(refusal):
        receiving.plan_item(stage.session, plan=plan(**fields), now=stage.now)
    assert not EvidenceItem.objects.exists()


def planned_photos(stage: Stage, count: int) -> None:
    EvidenceItem.objects.bulk_create(
        EvidenceItem(
            session=stage.session,
            kind="identity_photo",
            media_type="image/jpeg",
            object_key=f"photo-{number}",
            declared_bytes=100,
            planned_at=stage.now,
        )
        for number in range(count)
    )


def test_a_session_holds_a_bounded_number_of_items(stage: Stage) -> None:
    planned_photos(stage, limits.MAX_ITEMS - 1)
    last, is_new = receiving.plan_item(stage.session, plan=plan(), now=stage.now)
    assert is_new
    with pytest.raises(errors.TooManyItems):
        receiving.plan_item(stage.session, plan=plan(stream="screen"), now=stage.now)
    assert receiving.plan_item(stage.session, plan=plan(), now=stage.now) == (last, False)
    assert EvidenceItem.objects.count() == limits.MAX_ITEMS == 2000


def test_every_call_keeps_the_session_alive(stage: Stage) -> None:
    def heard_at() -> Any:
        return Session.objects.get(id=stage.session.id).last_heard_at

    later = stage.now + timedelta(seconds=30)
    item = stage.plan(webm(2), at=later)
    assert heard_at() == later
    receiving.fresh_upload(item, now=later + timedelta(seconds=1))
    assert heard_at() == later + timedelta(seconds=1)
    stage.upload(item, webm(2))
    stage.complete(item, webm(2), after=60)
    assert heard_at() == stage.now + timedelta(seconds=62)


def test_completing_again_in_the_same_words_changes_nothing(stage: Stage, judged: Callable[..., int]) -> None:
    item = stage.hand_over()
    stage.complete(item, webm(2), sent_at=stage.now + timedelta(hours=1))
    judged()
    done = stage.complete(stage.again(item), webm(2))
    assert done.state == EvidenceItem.State.ACCEPTED
    with pytest.raises(errors.CompletionDiffers):
        stage.complete(item, webm(2), sha256="0" * 64)


def test_completing_what_was_never_uploaded_is_refused(stage: Stage) -> None:
    item = stage.plan(webm(2))
    with pytest.raises(errors.NotUploaded):
        stage.complete(item, webm(2))
    assert stage.again(item).state == EvidenceItem.State.PLANNED


@pytest.mark.parametrize(
    ("began", "ended", "sent"), [(5, 0, 5), (0, 25 * 3600, 25 * 3600), (0, 5, 367 * 86400 * 2)]
)
def test_times_that_cannot_be_are_refused(stage: Stage, began: int, ended: int, sent: int) -> None:
    item = stage.plan(webm(2))
    stage.upload(item, webm(2))
    said: dict[str, Any] = {
        "capture_started_at": stage.now + timedelta(seconds=began),
        "capture_ended_at": stage.now + timedelta(seconds=ended),
        "sent_at": stage.now + timedelta(seconds=sent),
    }
    with pytest.raises(errors.CompletionRefused):
        stage.complete(item, webm(2), **said)


def test_the_offset_between_the_clocks_is_kept(stage: Stage) -> None:
    stage.tool_is_ahead = timedelta(minutes=5)
    assert stage.again(stage.hand_over()).clock_offset_ms == -300_000


def test_no_fresh_address_for_what_is_complete(stage: Stage) -> None:
    item = stage.hand_over()
    with pytest.raises(errors.ItemNotPlanned):
        receiving.fresh_upload(item, now=stage.now)


def test_after_the_end_only_what_was_named_may_still_come(stage: Stage) -> None:
    stage.end(("recording", "camera", 2))
    later = stage.now + timedelta(hours=3)
    assert receiving.plan_item(stage.session, plan=plan(sequence=1), now=later)[1]
    for other in (plan(sequence=2), plan(stream="screen")):
        with pytest.raises(errors.CollectionOver):
            receiving.plan_item(stage.session, plan=other, now=later)


def test_a_session_that_ended_without_a_word_collects_for_a_while(stage: Stage) -> None:
    sessions.end(stage.session.id, now=stage.now)
    session = Session.objects.get(id=stage.session.id)
    assert receiving.plan_item(session, plan=plan(), now=stage.now + timedelta(minutes=29))[1]
    with pytest.raises(errors.CollectionOver):
        receiving.plan_item(session, plan=plan(sequence=1), now=stage.now + timedelta(minutes=30))


def test_what_ended_between_being_found_and_being_planned_for_takes_nothing_more(stage: Stage) -> None:
    found = Session.objects.get(id=stage.session.id)
    sessions.end(stage.session.id, now=stage.now)
    with pytest.raises(errors.CollectionOver):
        receiving.plan_item(found, plan=plan(), now=stage.now + timedelta(hours=1))
    assert not EvidenceItem.objects.exists()


def test_the_end_may_be_said_again_and_not_otherwise(stage: Stage) -> None:
    at = stage.now + timedelta(minutes=1)
    stage.end(("recording", "camera", 2), ("identity_photo", "", 1), at=at)
    stage.end(("identity_photo", "", 1), ("recording", "camera", 2), at=at)
    assert EndNotice.objects.count() == 1
    with pytest.raises(errors.EndDiffers):
        stage.end(("recording", "camera", 3), at=at)


@pytest.mark.parametrize(
    "named",
    [[("sound", "", 1)], [("recording", "", 1)], [("recording", "a", 1)] * 2, [("recording", "a", 2001)]],
)
def test_an_end_that_names_the_impossible_is_refused(stage: Stage, named: list[tuple[str, str, int]]) -> None:
    with pytest.raises(errors.ItemRefused):
        stage.end(*named)
    assert Session.objects.get(id=stage.session.id).state == Session.State.RECORDING


def test_a_session_belongs_to_its_tool_and_deployment(stage: Stage) -> None:
    registration = stage.deployment.registration
    assert receiving.session_of(Tool(registration_id=registration.id), session_id=stage.session.id)
    others = [
        Tool(registration_id=make_registration().id),
        Tool(registration_id=registration.id, deployment_id=make_deployment(registration).id),
    ]
    for other in others:
        with pytest.raises(errors.SessionUnknown):
            receiving.session_of(other, session_id=stage.session.id)
