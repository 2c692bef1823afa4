"""Reviewing what somebody handed in, in the tool where they did (Submission Review 1.0; AGS 4.6)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from gradebook.errors import NothingToReview, SubmissionNotVisible
from gradebook.grading import courses_taught_by
from gradebook.models import LineItem, Result
from gradebook.results import of_line_item
from lti_platform.courses.memberships import membership_of
from lti_platform.courses.models import Context
from lti_platform.courses.vocabulary import LEARNER
from lti_platform.launches import access
from lti_platform.launches.errors import LinkClosed, LinkNotOpenYet
from lti_platform.launches.roles import role_uris
from lti_platform.launches.starting import Opening
from lti_platform.launches.vocabulary import SUBMISSION_REVIEW_REQUEST
from lti_platform.people.models import Person

SUBJECT = "result:"
UNSCORED = "unscored:"  # what a launch is about before any score: the line item
NO_STATE = "None"  # how `reviewableStatus` names the time before any score
# What a learner may not see of their own: points that wait for a person, and what was declared void.
KEPT_BACK = frozenset({Result.State.HELD, Result.State.VOID})


def is_grader(viewer: Person, *, context_id: object) -> bool:
    """Whether the person instructs in the course."""
    return any(course.pk == context_id for course in courses_taught_by(viewer))


def shown_again(course: Context) -> QuerySet[LineItem]:
    """Items of the course on which the tool shows what was handed in."""
    return LineItem.objects.filter(
        context=course, deleted_at=None, submission_review__isnull=False, deployment__is_enabled=True
    )


def submissions(viewer: Person, *, course: Context) -> QuerySet[Result]:
    """Results of the course whose tool shows what was handed in: all for who instructs, else one's own."""
    rows = Result.objects.filter(line_item__in=shown_again(course)).select_related(
        "person", "line_item__deployment__registration", "line_item__resource_link"
    )
    if not is_grader(viewer, context_id=course.pk):
        rows = rows.filter(person=viewer).exclude(state__in=KEPT_BACK)
    return rows.filter(~Q(activity_progress="")).order_by("-updated_at", "id")


def not_begun(viewer: Person, *, course: Context, now: datetime) -> list[Result]:
    """What the person, a learner of the course, may look at in its tool before any score: results never saved."""
    place = membership_of(viewer.pk, course.pk)
    if place is None or LEARNER not in role_uris(place.roles):
        return []
    begun = Result.objects.filter(person=viewer, line_item__context=course).exclude(activity_progress="")
    items = shown_again(course).filter(resource_link__removed_at=None)
    items = items.exclude(pk__in=begun.values("line_item_id"))
    related = items.select_related("deployment__registration", "resource_link")
    ordered = [item for item in related.order_by("created_at", "id") if _is_open(item, place.roles, now=now)]
    grades = is_grader(viewer, context_id=course.pk)
    rows = [before_any_score(item, viewer) for item in ordered]
    return [row for row in rows if _may_see(row, viewer=viewer, grades=grades) and is_reviewable(row)]


def _is_open(item: LineItem, roles: Iterable[str], *, now: datetime) -> bool:
    try:
        access.judge_open(item.resource_link, roles=roles, now=now)
    except (LinkNotOpenYet, LinkClosed):
        return False
    return True


def _may_see(result: Result, *, viewer: Person, grades: bool) -> bool:
    return grades or (result.person_id == viewer.pk and result.state not in KEPT_BACK)


def before_any_score(item: LineItem, person: Person) -> Result:
    """What stands in the place of a result while there is none; never saved."""
    state = Result.State.HELD if item.holds_results else Result.State.OPEN
    return Result(line_item=item, person=person, state=state)


def result_of(item: LineItem, person: Person) -> Result:
    """The person's newest result on the item, or what stands in its place."""
    return of_line_item(item).filter(person=person).first() or before_any_score(item, person)


def is_reviewable(result: Result) -> bool:
    """Whether the tool shows submissions in this state, and takes the message that asks for it."""
    review = result.line_item.submission_review or {}
    declared = result.line_item.deployment.registration.supports(SUBMISSION_REVIEW_REQUEST)
    return declared and (result.activity_progress or NO_STATE) in review.get("reviewableStatus", [])


def judge(result: Result, *, viewer: Person) -> None:
    """Raises SubmissionNotVisible, or NothingToReview where the tool shows nothing in this state."""
    item = result.line_item
    if not _may_see(result, viewer=viewer, grades=is_grader(viewer, context_id=item.context_id)):
        raise SubmissionNotVisible("the viewer may not see this submission")
    if item.deleted_at is not None or not is_reviewable(result):
        raise NothingToReview("the tool shows no submission in this state")


def may_open(result: Result, *, viewer: Person) -> bool:
    """Whether the viewer may open the submission in its tool: whoever only manages the course is no part of it."""
    try:
        judge(result, viewer=viewer)
    except (SubmissionNotVisible, NothingToReview):
        return False
    return True


def own_submission(person: Person, *, binding: str, line_item_id: UUID) -> Result | None:
    """The person's result of this binding on the item, where its tool shows them what they handed in.

    Other tools may have named the same binding in the addresses of items of theirs.
    """
    mine = Result.objects.filter(person=person, binding=binding, line_item_id=line_item_id)
    found = mine.select_related("line_item__deployment__registration").first()
    return found if found and may_open(found, viewer=person) else None


def opening(result: Result, *, viewer: Person) -> Opening:
    """The message that opens the submission. Raises what `judge` raises."""
    judge(result, viewer=viewer)
    item, review = result.line_item, result.line_item.submission_review or {}
    registration = item.deployment.registration
    is_unscored = result._state.adding
    return Opening(
        deployment=item.deployment,
        message_type=SUBMISSION_REVIEW_REQUEST,
        context=item.context,
        resource_link=item.resource_link,
        target_link_uri=review.get("url") or registration.target_for(SUBMISSION_REVIEW_REQUEST),
        custom_parameters=review.get("custom", {}),
        for_person=result.person,
        subject=f"{UNSCORED}{item.pk}" if is_unscored else f"{SUBJECT}{result.pk}",
        has_own_hours=bool(result.activity_progress),  # work handed in stays open when the link closes
    )


def reviewed(subject: str) -> tuple[LineItem, str] | None:
    """The line item and binding of the result that a launch is about; None where it is about none."""
    if subject.startswith(UNSCORED):
        item = LineItem.objects.filter(pk=subject.removeprefix(UNSCORED)).first()
        return (item, "") if item else None
    if not subject.startswith(SUBJECT):
        return None
    found = Result.objects.select_related("line_item").filter(pk=subject.removeprefix(SUBJECT)).first()
    return (found.line_item, found.binding) if found else None
