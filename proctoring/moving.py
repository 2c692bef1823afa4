"""The one way an attempt changes state: locked, checked against the table, written down, and told as a fact."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lti_platform.journal import actors
from lti_platform.journal.actors import Actor
from lti_platform.journal.facts import Fact
from lti_platform.journal.recording import record
from proctoring import clock, facts
from proctoring.errors import AttemptUnknown, VersionConflict
from proctoring.models import Attempt, RunningInterval, Transition
from proctoring.transitions import ENDED, SETTLED, Event, State, target_of

FACTS: dict[Event, Callable[[Attempt, str], Fact]] = {
    Event.BEGIN: lambda one, _: facts.AttemptBegun(attempt_id=one.id),
    Event.REFUSE_CHECK_IN: lambda one, _: facts.CheckInRefused(attempt_id=one.id),
    Event.RETRY_CHECK_IN: lambda one, _: facts.CheckInRetried(attempt_id=one.id),
    Event.ABANDON: lambda one, _: facts.CheckInAbandoned(attempt_id=one.id),
    Event.START: lambda one, _: facts.AttemptStarted(attempt_id=one.id),
    Event.PAUSE: lambda one, _: facts.AttemptPaused(attempt_id=one.id),
    Event.RESUME: lambda one, _: facts.AttemptResumed(attempt_id=one.id),
    Event.SUBMIT: lambda one, _: facts.AttemptSubmitted(attempt_id=one.id),
    Event.TIME_OUT: lambda one, _: facts.AttemptSubmitted(attempt_id=one.id),
    Event.TERMINATE: lambda one, _: facts.AttemptTerminated(attempt_id=one.id),
    Event.INTERRUPT: lambda one, _: facts.AttemptInterrupted(attempt_id=one.id),
    Event.REOPEN: lambda one, _: facts.AttemptReopened(attempt_id=one.id),
    Event.RELEASE: lambda one, _: facts.AttemptReleased(attempt_id=one.id, passed=bool(one.passed)),
    Event.INVALIDATE: lambda one, reason: facts.AttemptInvalidated(attempt_id=one.id, outcome=reason),
    Event.VOID: lambda one, _: facts.AttemptVoided(attempt_id=one.id),
}


def subject_of(attempt_id: UUID) -> str:
    """How the journal and launches name an attempt."""
    return f"attempt:{attempt_id}"


def locked(attempt_id: UUID) -> Attempt:
    """The attempt with exam and person, its row locked until the transaction ends. Raises AttemptUnknown."""
    rows = Attempt.objects.select_related("exam", "person").select_for_update(of=("self",))
    try:
        return rows.get(pk=attempt_id)
    except Attempt.DoesNotExist:
        raise AttemptUnknown(str(attempt_id)) from None


@transaction.atomic
def move(
    attempt_id: UUID,
    event: Event,
    *,
    now: datetime,
    actor: Actor | None = None,
    reason_code: str = "",
    note: str = "",
    expected_version: int | None = None,
) -> Attempt:
    """Takes the attempt along one line of the table; clock, history and fact in the same transaction.

    Returns the attempt as it now is. Raises AttemptUnknown, IllegalMove, VersionConflict.
    """
    attempt = locked(attempt_id)
    if expected_version not in (None, attempt.version):
        raise VersionConflict(f"version is {attempt.version}, not {expected_version}")
    source, target = attempt.state, target_of(event, state=attempt.state)
    _set_clock(attempt, target=target, now=now)
    _save(attempt, {"state": target, "moved_at": now, **_times(attempt, event=event, target=target, now=now)})
    write_down(attempt, event, source=source, now=now, actor=actor, reason_code=reason_code, note=note)
    return attempt


def write_down(
    attempt: Attempt,
    event: Event,
    *,
    source: str,
    now: datetime,
    actor: Actor | None = None,
    reason_code: str = "",
    note: str = "",
) -> None:
    """Appends the move that brought the attempt to its present state and version, and records its fact."""
    actor = actor or actors.current()
    Transition.objects.create(
        attempt=attempt,
        event=event,
        from_state=source,
        to_state=attempt.state,
        version=attempt.version,
        actor_kind=actor.kind,
        actor_id=actor.id,
        reason_code=reason_code[:80],
        note=note,
        at=now,
    )
    tell(attempt, FACTS[event](attempt, reason_code), now=now, actor=actor, note=note)


def tell(attempt: Attempt, fact: Fact, *, now: datetime, actor: Actor | None = None, note: str = "") -> None:
    """Records a fact about the attempt, for its person's organization."""
    record(
        fact,
        now=now,
        subject=subject_of(attempt.id),
        organization_id=attempt.person.organization_id,
        actor=actor,
        note=note,
    )


def _save(attempt: Attempt, changes: dict[str, Any]) -> None:
    # The row is locked where the database has row locks; the condition holds on every database.
    version = attempt.version
    rows = Attempt.objects.filter(pk=attempt.pk, version=version)
    if not rows.update(version=version + 1, **changes):
        raise VersionConflict(f"no longer version {version}")
    for name, value in {"version": version + 1, **changes}.items():
        setattr(attempt, name, value)


def _set_clock(attempt: Attempt, *, target: State, now: datetime) -> None:
    if attempt.state == State.RUNNING:
        attempt.running_intervals.filter(ended_at=None).update(ended_at=now)
    if target == State.RUNNING:
        RunningInterval.objects.create(attempt=attempt, started_at=now)


def _times(attempt: Attempt, *, event: Event, target: State, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "ends_by": now + clock.left(attempt, now=now) if target == State.RUNNING else None
    }
    if event == Event.START:
        changes |= {"started_at": now, "last_seen_at": now}
    if event == Event.RESUME:
        changes["last_seen_at"] = now
    if target in ENDED:
        changes |= {"ended_at": now, "ended_by": str(event)}
    if target != State.PAUSED:
        changes |= {"held_by_tool": False, "held_by_connection": False}
    if event == Event.REOPEN:
        changes["held_by_connection"] = True  # the clock waits for the learner
    if target in SETTLED:
        changes["settled_at"] = now
        changes["ended_at"] = attempt.ended_at or now
    return changes
