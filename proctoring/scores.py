"""What a score means for an attempt: it hands it in, it makes it scorable, or it came too late and is flagged."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from gradebook import holding
from gradebook.errors import BindingTaken, ResultNotHeld
from gradebook.models import Result, Score
from gradebook.scores import HANDED_IN
from proctoring import incidents, passing
from proctoring.clock import Interval
from proctoring.models import Attempt
from proctoring.moving import locked, move
from proctoring.transitions import ENDED, OPEN, SETTLED, UNDER_WAY, Event, State

CLOCK_TOLERANCE = timedelta(seconds=60)  # between the assessment tool's clock and ours
ENDED_WITHOUT_SCORE = frozenset({str(Event.TIME_OUT), str(Event.TERMINATE)})


@transaction.atomic
def take_in(score_id: UUID, *, result_id: UUID, now: datetime) -> Attempt | None:
    """Draws the consequences of a score that was received; the attempt it is for, None if that is not known.

    Running twice for one score changes nothing more.
    """
    score = Score.objects.get(pk=score_id)
    result = Result.objects.select_related("line_item").get(pk=result_id)
    attempt_id = _bound_attempt(result) or _matched_attempt(result, score, now=now)
    if attempt_id is None:
        return None
    attempt = locked(attempt_id)
    _note_oddities(attempt, score, now=now)
    if attempt.state in (State.RUNNING, State.PAUSED) and score.activity_progress in HANDED_IN:
        attempt = move(attempt.id, Event.SUBMIT, now=now, reason_code="score")
    take(attempt, Result.objects.select_related("line_item").get(pk=result_id), now=now)
    return attempt


def take(attempt: Attempt, result: Result, *, now: datetime) -> bool:
    """Keeps percent and passed as the result has them, if it is final; whether it is. A settled attempt stays."""
    if attempt.state in SETTLED:
        return False
    values = _judged(attempt, result, now=now)
    Attempt.objects.filter(pk=attempt.pk).update(**values)
    for name, value in values.items():
        setattr(attempt, name, value)
    return values["scored_at"] is not None


def _judged(attempt: Attempt, result: Result, *, now: datetime) -> dict[str, object]:
    given, maximum = result.score_given, result.score_maximum
    if not result.is_final or given is None or maximum is None:
        return {"percent": None, "passed": None, "scored_at": None}
    mark = Decimal(attempt.policy["pass_mark_percent"])
    is_same = attempt.scored_at is not None and attempt.percent == passing.percent(given, maximum=maximum)
    return {
        "percent": passing.percent(given, maximum=maximum),
        "passed": passing.is_passing(given, maximum=maximum, pass_mark_percent=mark),
        "scored_at": attempt.scored_at if is_same else now,
    }


def _bound_attempt(result: Result) -> UUID | None:
    """The attempt that the score's address named, if it is this person's and of this line item's exam."""
    try:
        binding = UUID(result.binding)
    except ValueError:
        return None
    named = Attempt.objects.filter(
        pk=binding, person_id=result.person_id, exam__line_item_id=result.line_item_id
    )
    return named.values_list("pk", flat=True).first()


def _matched_attempt(result: Result, score: Score, *, now: datetime) -> UUID | None:
    """The one attempt whose clock ran when the work was handed in; anything ambiguous is held for a person."""
    if result.binding:
        return None
    attempts = list(
        Attempt.objects.filter(
            person_id=result.person_id, exam__line_item_id=result.line_item_id, started_at__isnull=False
        ).prefetch_related("running_intervals")
    )
    moment = score.submitted_at or score.timestamp
    fitting = [one for one in attempts if ran_at(moment, _intervals(one), now=now)]
    if len(fitting) == 1 and fitting[0].state not in SETTLED and _bind(result, fitting[0], now=now):
        return fitting[0].pk
    for one in attempts:
        if one.state in OPEN | ENDED:
            incidents.notice(locked(one.pk), "score_unmatched", now=now, severity="0.5", about=str(score.pk))
    return None


def _intervals(attempt: Attempt) -> list[Interval]:
    return [(each.started_at, each.ended_at) for each in attempt.running_intervals.all()]


def ran_at(moment: datetime, intervals: Iterable[Interval], *, now: datetime) -> bool:
    """Whether the clock ran at that moment, give or take what two clocks may differ."""
    return any(
        started - CLOCK_TOLERANCE <= moment <= (ended or now) + CLOCK_TOLERANCE
        for started, ended in intervals
    )


def _bind(result: Result, attempt: Attempt, *, now: datetime) -> bool:
    try:
        holding.bind(result.pk, binding=str(attempt.pk), now=now)
    except (BindingTaken, ResultNotHeld):
        return False
    return True


def _note_oddities(attempt: Attempt, score: Score, *, now: datetime) -> None:
    """A score before the start, during an interruption or after the end is kept, flagged, and settles nothing."""
    if code := oddity(attempt, score):
        incidents.notice(
            attempt, code, now=now, severity="0.5", about=str(score.pk), occurred_at=score.received_at
        )


def oddity(attempt: Attempt, score: Score) -> str:
    """The code of what is odd about the time of a score; empty for a score in its time.

    The grading that follows a hand-in is in its time; work handed in after the end, or after an end
    that no score brought about, is not.
    """
    if attempt.started_at is None:
        return "score_before_start"
    if attempt.state in UNDER_WAY:
        return "score_while_interrupted" if attempt.state == State.INTERRUPTED else ""
    if attempt.ended_by in ENDED_WITHOUT_SCORE:
        return "score_after_end"
    submitted = score.submitted_at
    if attempt.ended_at and submitted and submitted > attempt.ended_at + CLOCK_TOLERANCE:
        return "score_after_end"
    return ""
