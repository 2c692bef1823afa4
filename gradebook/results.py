"""Who may see which results."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from gradebook.models import LineItem, Result, Score
from lti_platform.courses.models import Context
from lti_platform.people.models import Person

# What a result says of itself reads these.
SHOWN = ("line_item", "score", "override")


def of_line_item(line_item: LineItem, *, binding: str = "") -> QuerySet[Result]:
    """What the owning tool sees over AGS: held results too, one a person, or those of one attempt."""
    results = Result.objects.filter(line_item=line_item).select_related(*SHOWN)
    return results.filter(binding=binding) if binding else results.exclude(Exists(_newer()))


def _newer() -> QuerySet[Result]:
    """The person's results on the item with a newer score: a late score of an old attempt hides no retake."""
    later = Q(last_timestamp__gt=OuterRef("last_timestamp"))
    same = Q(last_timestamp=OuterRef("last_timestamp"), pk__gt=OuterRef("pk"))
    return Result.objects.filter(later | same, line_item=OuterRef("line_item"), person=OuterRef("person"))


def visible_to_learner(person: Person) -> QuerySet[Result]:
    """What the person, and anybody who sees with their eyes, may see: final, out, neither held nor void."""
    out = Q(state=Result.State.RELEASED) | Q(state=Result.State.OPEN, line_item__grades_released=True)
    by_tool = Q(score_given__isnull=False, grading_progress="FullyGraded")
    final = by_tool | Q(override__points__isnull=False)
    return Result.objects.filter(out, final, person=person).select_related("line_item", "override")


def of_binding(binding: str, *, line_item_id: UUID, person_id: UUID) -> Result | None:
    """The person's result on this item that is bound to this attempt, or None; locked until the transaction ends.

    Any tool may name any attempt in the address of its own item: only the item says whose score counts. A
    correction that is arriving is waited for, so that what is judged is what is released.
    """
    rows = Result.objects.filter(binding=binding, line_item_id=line_item_id, person_id=person_id)
    return rows.select_related("line_item").select_for_update(of=("self",)).first()


def with_graders(scores: Iterable[Score], *, course: Context) -> list[tuple[Score, Person | None]]:
    """Each score with the person of the course whom the tool names as its grader (AGS 3.4.6); two queries."""
    scores = list(scores)
    named = {score.scoring_user_id for score in scores if is_ours(score.scoring_user_id)}
    known = Person.objects.filter(pk__in=named, memberships__context=course).in_bulk()
    people = {str(key): person for key, person in known.items()}
    return [(score, people.get(score.scoring_user_id)) for score in scores]


def is_ours(user_id: str) -> bool:
    """Whether this may be the id of a person, as we write it."""
    try:
        return str(UUID(user_id)) == user_id
    except ValueError:
        return False
