"""What the exam-ready page shows."""

from datetime import datetime
from typing import Any

from lti_platform.people.models import Person
from proctoring import attempts, words
from proctoring.eligibility import counted
from proctoring.errors import NotEligible
from proctoring.models import Attempt, Exam
from proctoring.transitions import ENDED
from proctoring.words import title_of


def values_of(person: Person, exam: Exam, *, now: datetime) -> dict[str, Any]:
    """The exam, how many attempts are used, and what stands in the way, if anything does."""
    tried = list(Attempt.objects.filter(person=person, exam=exam).order_by("number"))
    return {
        "now": now,
        "exam": exam,
        "title": title_of(exam),
        "tool": exam.proctoring_link.deployment.registration.name,
        "is_one_tool": exam.kind == Exam.Kind.ONE_TOOL,
        "clock_words": words.CLOCK_STARTS[exam.kind == Exam.Kind.ONE_TOOL],
        "next_number": min(len(counted(tried)) + 1, exam.attempts_allowed),
        "open_attempt": attempts.open_attempt(person, exam),
        "last_attempt": tried[-1] if tried else None,
        "awaited": next((one for one in tried if one.state in ENDED), None),
        **obstacle(person, exam, now=now),
    }


def obstacle(person: Person, exam: Exam, *, now: datetime) -> dict[str, Any]:
    """The first rule that keeps the person from beginning, in words, and the moment it lifts, if it does."""
    try:
        attempts.require_may_begin(person, exam, now=now)
    except NotEligible as error:
        said, more = words.not_eligible(error.code)
        lifts_at = getattr(error, "until", None) or getattr(error, "opens_at", None)
        return {"rule": error.code, "rule_words": said, "rule_more": more, "lifts_at": lifts_at}
    return {"rule": "", "rule_words": "", "rule_more": "", "lifts_at": None}
