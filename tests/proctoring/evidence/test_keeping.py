"""Evidence stays as long as its class says, and longer after a verdict that may be disputed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from proctoring.evidence import keeping
from proctoring.evidence.retention import kept_until
from proctoring.evidence.stores.chosen import current_store
from tests.proctoring.evidence.staging import Stage


@pytest.mark.parametrize(
    ("retention_class", "kind", "days"),
    [
        ("standard", "recording", 180),
        ("standard", "identity_photo", 90),
        ("extended", "recording", 730),
        ("extended", "identity_photo", 90),
        ("extended", "telemetry", 730),
    ],
)
def test_each_class_has_its_length(stage: Stage, retention_class: str, kind: str, days: int) -> None:
    assert kept_until(retention_class, kind=kind, received_at=stage.now) == stage.now + timedelta(days=days)


@pytest.mark.parametrize(
    ("outcome", "days"),
    [("clear", 180), ("clear_with_notes", 365), ("violation_major", 730), ("identity_mismatch", 730)],
)
def test_a_verdict_lengthens_the_lock_and_never_shortens_it(
    stage: Stage, judged: Callable[..., int], outcome: str, days: int
) -> None:
    item = stage.hand_over()
    judged()
    for _ in range(2):
        keeping.keep_after_verdict(stage.attempt.id, outcome=outcome, now=stage.now + timedelta(minutes=20))
    kept = stage.again(item).kept_until
    assert kept is not None
    assert (kept - stage.now).days == days
    assert current_store().locked_until(item.object_key) == kept
    assert current_store().locked_until(stage.again(item).playback_key) == kept


def test_what_vanished_is_passed_over(stage: Stage, judged: Callable[..., int]) -> None:
    item = stage.hand_over()
    type(item).objects.filter(id=item.id).update(object_key="0" * 32)
    judged()
    assert keeping.keep_after_verdict(stage.attempt.id, outcome="violation_major", now=stage.now) == 0
