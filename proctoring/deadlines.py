"""What happens when nothing happens: each deadline has an outcome that a person can see."""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from proctoring import connection, incidents, releasing, sessions
from proctoring.errors import VersionConflict
from proctoring.models import Attempt, Exam, ReviewCase, Session, Verdict
from proctoring.moving import locked, move
from proctoring.transitions import ENDED, OPEN, Event, State

log = logging.getLogger(__name__)
PAUSE_AT_MOST = timedelta(hours=4)
SCORE_WITHIN = timedelta(hours=1)
SEAL_WITHIN = sessions.JUDGING_GRACE + timedelta(minutes=15)  # after the last segment was awaited
AT_ONCE = 500


def each(ids: Iterable[UUID], act: Callable[[UUID], object]) -> int:
    """Acts on each; how many were acted on. Each `act` looks again under the row's lock.

    One that fails is logged and tried at the next sweep: it must not keep the clocks of the others from running out.
    """
    return sum(1 for one in ids if _acted(act, one))


def _acted(act: Callable[[UUID], object], one: UUID) -> bool:
    try:
        return act(one) is not False
    except Exception:
        log.exception("%s could not be dealt with", one)
        return False


def _ids(rows: QuerySet[Any]) -> list[UUID]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def _move_all(rows: QuerySet[Attempt], event: Event, *, reason: str, now: datetime) -> int:
    """Moves each as it was read: one that has changed since is left for the next sweep."""
    found = dict(rows.order_by("pk").values_list("pk", "version")[:AT_ONCE])

    def act(attempt_id: UUID) -> None:
        with suppress(VersionConflict):
            move(attempt_id, event, now=now, reason_code=reason, expected_version=found[attempt_id])

    return each(found, act)


@transaction.atomic
def time_out_if_due(attempt_id: UUID, *, now: datetime) -> Attempt:
    """Hands in a running attempt whose clock has run out; otherwise changes nothing."""
    attempt = locked(attempt_id)
    if attempt.state == State.RUNNING and attempt.ends_by and attempt.ends_by <= now:
        return move(attempt_id, Event.TIME_OUT, now=now, reason_code="clock")
    return attempt


def run_clocks_out(*, now: datetime) -> int:
    """Hands in every attempt whose time is up."""
    due = Attempt.objects.filter(state=State.RUNNING, ends_by__lte=now)
    return each(_ids(due), lambda one: time_out_if_due(one, now=now))


def notice_lost_connections(*, now: datetime) -> int:
    """Pauses running attempts whose page fell silent."""
    silent = Attempt.objects.filter(state=State.RUNNING, last_seen_at__lt=now - connection.SILENCE)
    silent = silent.exclude(exam__kind=Exam.Kind.ONE_TOOL)
    return each(_ids(silent), lambda one: connection.lose_if_silent(one, now=now))


def give_up_check_ins(*, now: datetime) -> int:
    """Abandons check-ins of which nothing was heard for hours."""
    since = now - timedelta(hours=settings.PROCTORING_SESSION_DATA_HOURS)
    heard = Session.objects.filter(attempt=OuterRef("pk"), last_heard_at__gt=since)
    quiet = Attempt.objects.filter(state__in=[State.CHECKING_IN, State.BLOCKED], moved_at__lte=since)
    return _move_all(quiet.filter(~Exists(heard)), Event.ABANDON, reason="nothing_heard", now=now)


def interrupt_long_pauses(*, now: datetime) -> int:
    """Puts attempts that nobody resumed for hours before a person."""
    long = Attempt.objects.filter(state=State.PAUSED, moved_at__lte=now - PAUSE_AT_MOST)
    return _move_all(long, Event.INTERRUPT, reason="paused_too_long", now=now)


def notice_silent_tools(*, now: datetime) -> int:
    """Flags running attempts whose proctoring tool has sent nothing for minutes; once for each silence."""
    silent = Session.objects.filter(sessions.is_silent(now=now))
    return each(_ids(silent), lambda one: _notice_silence(one, now=now))


@transaction.atomic
def _notice_silence(session_id: UUID, *, now: datetime) -> bool:
    session = Session.objects.get(pk=session_id)
    attempt, last = locked(session.attempt_id), session.last_heard_at
    about = f"{session.id} {last.isoformat()}"
    _incident, is_new = incidents.notice(
        attempt, "proctoring_silent", now=now, severity="0.4", about=about, occurred_at=last, session=session
    )
    return is_new


def notice_missing_scores(*, now: datetime) -> int:
    """Flags submitted attempts for which no final score came: once each, and again after each verdict in vain."""
    since = now - SCORE_WITHIN
    unscored = Attempt.objects.filter(state__in=ENDED, scored_at=None, ended_at__lte=since)
    unflagged = unscored.filter(state=State.SUBMITTED).exclude(incidents__reason_code="score_missing")
    cleared = unscored.filter(review_case__state=ReviewCase.State.DECIDED, review_case__decided_at__lte=since)
    return each(_ids(unflagged), lambda one: _miss(one, now=now)) + each(
        _ids(cleared), lambda one: _miss(one, now=now)
    )


@transaction.atomic
def _miss(attempt_id: UUID, *, now: datetime) -> bool:
    attempt = locked(attempt_id)
    verdict = Verdict.objects.filter(case__attempt=attempt).last()
    _incident, is_new = incidents.notice(
        attempt,
        "score_missing",
        now=now,
        severity="0.6",
        about=str(verdict.pk) if verdict else "",
        occurred_at=attempt.ended_at,
    )
    return is_new


def end_overdue_sessions(*, now: datetime) -> int:
    """Ends sessions of attempts that are over and whose tool never said that it is done.

    A tool opened in the very moment of the end has no deadline of its own: it has as long as the others.
    """
    since = now - timedelta(minutes=settings.PROCTORING_LATE_SEGMENT_MINUTES)
    stranded = ~Q(attempt__state__in=OPEN) & Q(
        collect_until=None, launched_at__lte=since, attempt__moved_at__lte=since
    )
    overdue = Session.objects.filter(stranded | Q(collect_until__lte=now), state__in=sessions.LIVE)
    return each(_ids(overdue), lambda one: sessions.end(one, now=now))


def seal_overdue_sessions(*, now: datetime) -> int:
    """Names sessions incomplete whose list of evidence nobody closed in time: not before evidence itself gave up."""
    overdue = Session.objects.filter(state=Session.State.ENDED, collect_until__lte=now - SEAL_WITHIN)
    return each(_ids(overdue), lambda one: sessions.give_up_collecting(one, now=now))


def release_what_may(*, now: datetime) -> int:
    """Releases scored attempts whose settle delay has passed since nothing else stood in the way."""
    unsealed = Session.objects.filter(attempt=OuterRef("pk")).exclude(state__in=sessions.SEALED)
    unwatched = Q(review_case=None) | ~Q(review_case__state=ReviewCase.State.WAITING)
    ready = Attempt.objects.filter(unwatched, ~Exists(unsealed), state__in=ENDED, scored_at__isnull=False)
    return each(_ids(ready), lambda one: releasing.consider(one, now=now))
