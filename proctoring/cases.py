"""Review cases: opened when an attempt is over, as its pinned policy says, and weighed by their incidents."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from proctoring.facts import ReviewOpened
from proctoring.models import Attempt, Exam, Incident, IncidentDecision, ReviewCase, Session
from proctoring.moving import locked, tell
from proctoring.transitions import ENDED, State

Policy = Exam.ReviewPolicy
# What speaks against the person's identity: under the policy `hold` a person must clear it.
IDENTITY_CODES = ("identity_differs", "identity_picture_ours", "identity_unverified")
# A score after the end settles nothing by itself; one that never comes, and an exam that nobody seems to have watched,
# must not go unseen.
NEVER_UNSEEN = ("score_after_end", "score_missing", "proctoring_no_word")
REVIEWABLE = ENDED | {State.RELEASED}  # what comes up after a release may yet undo it
DUE_HOURS = 24  # what learners are told: usually within one day


def needs_person(attempt: Attempt) -> bool | None:
    """Whether a person must review, by the policy pinned at the start; None while that is not known yet.

    An attempt that the proctor ended, of which its tool never spoke, or on which something happened after its end,
    always needs one; and so does one held because nobody confirmed who took it.
    """
    policy = attempt.policy.get("review_policy", Policy.ALWAYS)
    if policy == Policy.ALWAYS or attempt.state == State.TERMINATED or _must_be_seen(attempt):
        return True
    if _is_held_for_identity(attempt):
        return True
    if policy == Policy.NOT_REQUIRED:
        return False
    if open_incidents(attempt).exists():
        return True
    states = list(Session.objects.filter(attempt=attempt).values_list("state", flat=True))
    if any(state not in (Session.State.COMPLETE, Session.State.INCOMPLETE) for state in states):
        return None
    return Session.State.INCOMPLETE in states


def open_incidents(attempt: Attempt) -> QuerySet[Incident]:
    """Incidents that ask for a decision and are not dismissed."""
    judged = attempt.incidents.filter(needs_decision=True).annotate(judgement=_last_judgement())
    return judged.exclude(judgement=IncidentDecision.Judgement.DISMISSED)


def undecided_incidents(attempt: Attempt) -> QuerySet[Incident]:
    """Incidents that ask for a decision and have none, or were reopened."""
    judged = attempt.incidents.filter(needs_decision=True).annotate(judgement=_last_judgement())
    return judged.filter(judgement__in=["", IncidentDecision.Judgement.REOPENED])


def _last_judgement() -> Coalesce:
    last = IncidentDecision.objects.filter(incident=OuterRef("pk")).order_by("-at", "-id")
    return Coalesce(Subquery(last.values("judgement")[:1]), Value(""))


def _must_be_seen(attempt: Attempt) -> bool:
    """Whether our own checks saw what no policy lets pass."""
    return attempt.incidents.filter(source=Incident.Source.PLATFORM, reason_code__in=NEVER_UNSEEN).exists()


def _is_held_for_identity(attempt: Attempt) -> bool:
    if attempt.policy.get("identity_policy") != Exam.IdentityPolicy.HOLD:
        return False
    return attempt.incidents.filter(source=Incident.Source.PLATFORM, reason_code__in=IDENTITY_CODES).exists()


def severity_of(attempt: Attempt) -> Decimal:
    """The highest severity among the incidents that stand."""
    highest: Decimal | None = open_incidents(attempt).aggregate(highest=Max("severity"))["highest"]
    return highest or Decimal(0)


@transaction.atomic
def open_case(attempt_id: UUID, *, now: datetime) -> ReviewCase | None:
    """The attempt's case, opened or weighed anew; None while the attempt is not over, or its policy cannot say yet."""
    attempt = locked(attempt_id)
    if attempt.state not in REVIEWABLE:
        return ReviewCase.objects.filter(attempt=attempt).first()
    needed = needs_person(attempt)
    if needed is None:
        return None
    return weigh(attempt, _opened(attempt, is_needed=needed, now=now), is_needed=needed, now=now)


def _opened(attempt: Attempt, *, is_needed: bool, now: datetime) -> ReviewCase:
    state = ReviewCase.State.WAITING if is_needed else ReviewCase.State.NOT_REQUIRED
    case, is_new = ReviewCase.objects.get_or_create(
        attempt=attempt,
        defaults={"state": state, "opened_at": now, "due_at": now + timedelta(hours=DUE_HOURS)},
    )
    if is_new and is_needed:
        tell(attempt, ReviewOpened(attempt_id=attempt.id, case_id=case.id), now=now)
    return case


def weigh(attempt: Attempt, case: ReviewCase, *, is_needed: bool, now: datetime) -> ReviewCase:
    """Sets the case's severity; what must be judged, or judged anew, waits for a person."""
    case.severity = severity_of(attempt)
    if _must_be_judged(attempt, case, is_needed=is_needed):
        case.state, case.opened_at, case.due_at = (
            ReviewCase.State.WAITING,
            now,
            now + timedelta(hours=DUE_HOURS),
        )
        tell(attempt, ReviewOpened(attempt_id=attempt.id, case_id=case.id), now=now)
    case.save(update_fields=["state", "severity", "opened_at", "due_at"])
    return case


def _must_be_judged(attempt: Attempt, case: ReviewCase, *, is_needed: bool) -> bool:
    """Nobody was to judge and now somebody must; or something came up after the verdict."""
    if case.state == ReviewCase.State.NOT_REQUIRED:
        return is_needed
    is_decided = case.state == ReviewCase.State.DECIDED and attempt.state in REVIEWABLE
    return is_decided and undecided_incidents(attempt).exists()
