"""Evidence stays as long as its class says, and longer after a verdict that may be disputed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from lti_platform.journal.reactions import takes_long
from proctoring.cases import open_case
from proctoring.evidence import keeping
from proctoring.evidence.retention import kept_until
from proctoring.evidence.stores.chosen import current_store
from proctoring.models import ReviewCase, Verdict
from proctoring.reviewing import give_verdict
from tests.factories import pia
from tests.proctoring.evidence.staging import Stage


def verdict(stage: Stage, outcome: str) -> None:
    """Pia's word on the attempt, twenty minutes into it."""
    at = stage.now + timedelta(minutes=20)
    case, _ = ReviewCase.objects.get_or_create(
        attempt=stage.attempt, defaults={"opened_at": at, "due_at": at}
    )
    Verdict.objects.create(case=case, reviewer=pia(), outcome=outcome, incidents_digest="", at=at)


@pytest.mark.parametrize(
    ("retention_class", "kind", "days"),
    [
        ("standard", "recording", 180),
        ("standard", "identity_photo", 90),
        ("extended", "recording", 731),
        ("extended", "identity_photo", 90),
        ("extended", "telemetry", 731),
    ],
)
def test_each_class_has_its_length(stage: Stage, retention_class: str, kind: str, days: int) -> None:
    assert kept_until(retention_class, kind=kind, received_at=stage.now) == stage.now + timedelta(days=days)


@pytest.mark.parametrize(
    ("outcome", "days"),
    [("clear", 180), ("clear_with_notes", 365), ("violation_major", 731), ("identity_mismatch", 731)],
)
def test_a_verdict_lengthens_the_lock_and_never_shortens_it(
    stage: Stage, judged: Callable[..., int], outcome: str, days: int
) -> None:
    item = stage.hand_over()
    judged()
    verdict(stage, outcome)
    for _ in range(2):
        keeping.keep_after_verdict(stage.attempt.id)
    kept = stage.again(item).kept_until
    assert kept is not None
    assert (kept - stage.now).days == days
    assert current_store().locked_until(item.object_key) == kept
    assert current_store().locked_until(stage.again(item).playback_key) == kept


def test_what_vanished_is_passed_over(stage: Stage, judged: Callable[..., int]) -> None:
    item = stage.hand_over()
    type(item).objects.filter(id=item.id).update(object_key="0" * 32)
    judged()
    verdict(stage, "violation_major")
    assert keeping.keep_after_verdict(stage.attempt.id) == 0


@pytest.mark.parametrize("later", ["clear", "violation_minor"])
def test_what_is_judged_after_the_verdict_is_kept_as_long_as_the_rest(
    stage: Stage, judged: Callable[..., int], later: str
) -> None:
    item = stage.hand_over()
    verdict(stage, "violation_major")
    verdict(stage, later)
    judged()
    kept = stage.again(item).kept_until
    assert kept == stage.now + timedelta(minutes=20, days=731)
    assert current_store().locked_until(item.object_key) == kept
    assert current_store().locked_until(stage.again(item).playback_key) == kept


def test_how_long_a_verdict_asks_for_runs_from_the_verdict_however_late_it_is_heard(
    stage: Stage, judged: Callable[..., int], settle: Callable[..., int]
) -> None:
    item = stage.hand_over()
    judged()
    given = stage.now + timedelta(minutes=20)
    stage.end()
    case = open_case(stage.attempt.id, now=given)
    assert case is not None
    give_verdict(case.id, reviewer=pia(), outcome="violation_major", note="A second person.", now=given)
    settle(now=given + timedelta(days=3))
    assert stage.again(item).kept_until == given + timedelta(days=731)


def test_keeping_longer_holds_nothing_up_and_goes_on_where_it_stopped(
    stage: Stage, judged: Callable[..., int]
) -> None:
    assert takes_long("proctoring.evidence:keep_longer_what_a_person_objected_to")
    first, second = stage.hand_over(sequence=0), stage.hand_over(sequence=1)
    judged()
    verdict(stage, "violation_major")
    lock = settings.EVIDENCE_DIR / "locks" / second.object_key[:2] / second.object_key
    lock.unlink()
    lock.mkdir()  # the store fails in the middle
    with pytest.raises(IsADirectoryError):
        keeping.keep_after_verdict(stage.attempt.id)
    until = stage.now + timedelta(minutes=20, days=731)
    assert stage.again(first).kept_until == until
    lock.rmdir()
    assert keeping.keep_after_verdict(stage.attempt.id) == 1
    assert stage.again(second).kept_until == until
