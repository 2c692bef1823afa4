"""What the attempt page shows: how it stands, what happened, what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gradebook import reviewing
from gradebook.models import Result
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import END_ASSESSMENT
from proctoring import attempts, clock, words
from proctoring.models import Attempt, Exam, ReviewCase, Session, Verdict
from proctoring.moving import subject_of
from proctoring.sessions import SEALED, watch_of
from proctoring.transitions import ENDED, State

GOING = (State.RUNNING, State.PAUSED)
TOLD = (*ENDED, State.INVALIDATED, State.VOIDED)  # states of which a tool that still records is told
BEFORE = (State.CHECKING_IN, State.BLOCKED)


@dataclass(frozen=True)
class Happening:
    """One line of what happened: the kind of its shape, the time, the words."""

    kind: str
    at: datetime
    words: words.Words


def page_key(attempt: Attempt, *, watch: str) -> str:
    """Changes whenever the page would say something else: its script then fetches it anew."""
    holds = f"{int(attempt.held_by_tool)}{int(attempt.held_by_connection)}"
    return f"{attempt.state}-{attempt.version}-{holds}-{attempt.extra_minutes}-{watch}"


def values_of(attempt: Attempt, *, now: datetime) -> dict[str, Any]:
    """Everything the template needs, whatever the state."""
    case = ReviewCase.objects.filter(attempt=attempt).first()
    sessions = list(Session.objects.filter(attempt=attempt))
    watch = watch_of(attempt, now=now)
    return {
        **standing(attempt, case, now=now),
        **what_may_be_done(attempt),
        **kind_of(attempt),
        **held(case, sessions),
        "watch": watch,
        "key": page_key(attempt, watch=watch),
        "end": end_of(attempt, sessions),
        "happenings": list(happenings(attempt)),
        "outcome": outcome_words(case),
        "refusal": refusal_words(attempt),
        "submission": submission_of(attempt),
    }


def submission_of(attempt: Attempt) -> Result | None:
    """The released result, where its tool shows what was handed in."""
    if attempt.state != State.RELEASED:
        return None
    item_id = attempt.exam.line_item_id
    return reviewing.own_submission(attempt.person, binding=str(attempt.id), line_item_id=item_id)


def standing(attempt: Attempt, case: ReviewCase | None, *, now: datetime) -> dict[str, Any]:
    """The answer in a sentence, the clock, and which attempt this is."""
    key = words.standing_key(attempt, is_reviewed=is_reviewed(attempt, case))
    kind, answer, more = words.STANDING[key]
    return {
        "now": now,
        "attempt": attempt,
        "exam": attempt.exam,
        "title": words.title_of(attempt.exam),
        "place": attempts.place_among(attempt),
        "kind": kind,
        "answer": answer,
        "more": more,
        "state_words": words.STATES[key],
        "seconds_left": clock.seconds_left(attempt, now=now),
        "minutes_allowed": int(attempt.policy["minutes"]) + attempt.extra_minutes,
    }


def what_may_be_done(attempt: Attempt) -> dict[str, bool]:
    """Which parts and buttons the page has."""
    return {
        "is_going": attempt.state in GOING,
        "is_before": attempt.state in BEFORE,
        "is_running": attempt.state == State.RUNNING,
        "is_over": attempt.state in ENDED,
        "may_continue": attempt.held_by_connection and attempt.state == State.PAUSED,
        "may_begin_again": attempt.state in (State.VOIDED, State.ABANDONED) or failed(attempt),
    }


def kind_of(attempt: Attempt) -> dict[str, bool]:
    """How the tools are opened, for what differs on the page."""
    is_linked = attempt.exam.kind == Exam.Kind.LINKED
    by_learner = attempt.policy.get("started_by") == Exam.StartedBy.LEARNER
    return {
        "is_one_tool": attempt.exam.kind == Exam.Kind.ONE_TOOL,
        "may_start_here": is_linked and by_learner and attempt.state in (*BEFORE, *GOING),
    }


def is_reviewed(attempt: Attempt, case: ReviewCase | None) -> bool:
    """Whether a person will look before the result is final, as far as that is known."""
    if case is None:
        return bool(attempt.policy.get("review_policy") == Exam.ReviewPolicy.ALWAYS)
    return bool(case.state != ReviewCase.State.NOT_REQUIRED)


def state_in_list(attempt: Attempt) -> words.Words:
    """How the attempt stands, for staff: over and not final is in review, or being completed."""
    if attempt.state not in ENDED:
        return attempt.get_state_display()
    reviewed = is_reviewed(attempt, getattr(attempt, "review_case", None))
    return words.STATES[words.standing_key(attempt, is_reviewed=reviewed)]


def failed(attempt: Attempt) -> bool:
    """A final result that is no pass."""
    return attempt.state == State.INVALIDATED or (attempt.state == State.RELEASED and not attempt.passed)


def end_of(attempt: Attempt, sessions: list[Session]) -> dict[str, bool]:
    """Whether the proctoring window waits to be told of the end, and whether that was done."""
    wants = attempt.state in TOLD and any(
        session.state == Session.State.RECORDING and session.end_assessment_return for session in sessions
    )
    told = (
        wants and Launch.objects.filter(subject=subject_of(attempt.id), message_type=END_ASSESSMENT).exists()
    )
    return {"wants": wants, "told": told}


def held(case: ReviewCase | None, sessions: list[Session]) -> dict[str, Any]:
    """How far the way to a final result has come."""
    sealed = [session.sealed_at for session in sessions if session.sealed_at and session.state in SEALED]
    waits = case is not None and case.state == ReviewCase.State.WAITING
    return {
        "case": case,
        "waits_for_person": waits,
        "ahead": before(case) if case and waits else 0,
        "recording_at": max(sealed) if sealed and len(sealed) == len(sessions) else None,
        "is_kept_elsewhere": bool(sessions) and not any(session.hands_over for session in sessions),
        "recording_incomplete": any(session.state == Session.State.INCOMPLETE for session in sessions),
    }


def before(case: ReviewCase) -> int:
    """How many reviews wait for longer."""
    return ReviewCase.objects.filter(state=ReviewCase.State.WAITING, opened_at__lt=case.opened_at).count()


def happenings(attempt: Attempt) -> Iterator[Happening]:
    """The attempt's history in the learner's words, oldest first."""
    lines = [
        Happening(kind, move.at, said)
        for move in attempt.transitions.all()
        for kind, said in [words.happened(move.event, reason_code=move.reason_code)]
    ]
    for incident in attempt.incidents.filter(extra_minutes__gt=0):
        lines.append(
            Happening("live", incident.received_at, words.EXTRA_TIME % {"minutes": incident.extra_minutes})
        )
    yield from sorted(lines, key=lambda line: line.at)


def outcome_words(case: ReviewCase | None) -> words.Words:
    """Why the attempt was rejected or declared void, if a verdict did it."""
    verdict: Verdict | None = case.verdicts.last() if case else None
    return words.OUTCOMES.get(verdict.outcome, "") if verdict else ""


def refusal_words(attempt: Attempt) -> str:
    """What the proctoring tool said when it sent the candidate back: untrusted plain text."""
    if attempt.state != State.BLOCKED:
        return ""
    last = attempt.transitions.filter(event="refuse_check_in").last()
    return last.note if last else ""
