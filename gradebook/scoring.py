"""Accepting a score: the newest one wins, whatever the order of arrival (AGS 3.4.9)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from gradebook.errors import PersonNotGradable, ScoreConflicts, ScoreFromTheFuture, ScoreOutdated
from gradebook.facts import ScoreReceived
from gradebook.models import LineItem, Result, Score
from gradebook.scores import ScoreSubmission, submission_times
from lti_platform.courses.models import Membership
from lti_platform.courses.vocabulary import LEARNER, role_uri
from lti_platform.journal.recording import record

__all__ = ["ScoreSubmission", "accept"]

FUTURE_LEEWAY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Learner:
    """Who is scored, and the organization they belong to."""

    person_id: UUID
    organization_id: UUID | None


def accept(line_item: LineItem, submission: ScoreSubmission, *, binding: str, now: datetime) -> Result:
    """Appends the score and derives the person's result for `binding` from it, under a row lock.

    `binding` is the attempt that the line item's address carried, opaque here and empty without one. An exact
    retry changes nothing and returns the result. A settled result keeps its points, the score stays beside it.
    Raises ScoreFromTheFuture, PersonNotGradable, ScoreOutdated or ScoreConflicts; then nothing is stored.
    """
    if submission.timestamp > now + FUTURE_LEEWAY:
        raise ScoreFromTheFuture("timestamp is more than five minutes ahead")
    try:
        with transaction.atomic():
            return _take_in(line_item, submission, binding=binding, now=now)
    except IntegrityError:
        # Another first score of this person won the race; now there is a row to lock.
        with transaction.atomic():
            return _take_in(line_item, submission, binding=binding, now=now)


def _take_in(line_item: LineItem, submission: ScoreSubmission, *, binding: str, now: datetime) -> Result:
    learner = _learner(line_item, submission)
    standing = Result.objects.select_for_update().filter(
        line_item_id=line_item.pk, person_id=learner.person_id, binding=binding
    )
    result = next(iter(standing), None)
    if result and _is_retry(submission, result=result):
        return result
    result = result or _new_result(line_item, learner=learner, binding=binding)
    score = _append(line_item, submission, learner=learner, binding=binding, now=now)
    _derive(result, score=score, submission=submission, now=now)
    result.save(force_insert=result._state.adding)
    _record(score, result=result, learner=learner, now=now)
    return result


def _learner(line_item: LineItem, submission: ScoreSubmission) -> Learner:
    """Who is scored. Raises PersonNotGradable: unknown, suspended, of another course, or no learner in it."""
    if person_id := submission.person_id:
        membership = Membership.objects.filter(
            context_id=line_item.context_id, person_id=person_id, status=Membership.Status.ACTIVE
        )
        for roles, organization_id in membership.values_list("roles", "person__organization_id"):
            if LEARNER in map(role_uri, roles):
                return Learner(person_id=person_id, organization_id=organization_id)
    raise PersonNotGradable("userId is not an active learner of this course")


def _is_retry(submission: ScoreSubmission, *, result: Result) -> bool:
    """Whether this very score was the last one received. Raises ScoreOutdated or ScoreConflicts."""
    if submission.timestamp < result.last_timestamp:
        raise ScoreOutdated("a score with a later timestamp has been received")
    if submission.timestamp > result.last_timestamp:
        return False
    if submission.digest != result.last_digest:
        raise ScoreConflicts("another score with this timestamp has been received")
    return True


def _new_result(line_item: LineItem, *, learner: Learner, binding: str) -> Result:
    state = Result.State.HELD if line_item.holds_results else Result.State.OPEN
    return Result(line_item=line_item, person_id=learner.person_id, binding=binding, state=state)


def _append(
    line_item: LineItem, submission: ScoreSubmission, *, learner: Learner, binding: str, now: datetime
) -> Score:
    return Score.objects.create(
        line_item=line_item,
        person_id=learner.person_id,
        binding=binding,
        timestamp=submission.timestamp,
        score_given=submission.score_given,
        score_maximum=submission.score_maximum,
        activity_progress=submission.activity_progress,
        grading_progress=submission.grading_progress,
        comment=submission.comment,
        scoring_user_id=submission.scoring_user_id,
        started_at=submission.started_at,
        submitted_at=submission.submitted_at,
        digest=submission.digest,
        received_at=now,
    )


def _derive(result: Result, *, score: Score, submission: ScoreSubmission, now: datetime) -> None:
    """Moves the mark that orders scores; takes the score in unless the result is settled."""
    result.last_timestamp, result.last_digest, result.updated_at = score.timestamp, score.digest, now
    if result.is_settled:
        return
    result.score = score
    result.score_given, result.score_maximum = score.score_given, score.score_maximum
    result.activity_progress, result.grading_progress = score.activity_progress, score.grading_progress
    result.comment = score.comment  # each update overwrites, absent clears (AGS 3.4.11)
    times = submission_times(submission, started_at=result.started_at, submitted_at=result.submitted_at)
    result.started_at, result.submitted_at = times["started_at"], times["submitted_at"]


def _record(score: Score, *, result: Result, learner: Learner, now: datetime) -> None:
    fact = ScoreReceived(
        result_id=result.pk,
        line_item_id=result.line_item_id,
        person_id=result.person_id,
        score_id=score.pk,
        binding=result.binding,
        activity_progress=score.activity_progress,
        grading_progress=score.grading_progress,
    )
    record(fact, now=now, subject=result.subject, organization_id=learner.organization_id)
