"""Who may see a course's gradebook and put a word into it."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from lti_platform.courses.models import Context, Membership
from lti_platform.people.models import Person
from lti_platform.people.scoping import scoped

# Context roles that grade, with their sub-roles: a teaching assistant is an "Instructor#TeachingAssistant".
GRADING = "Instructor"


def gradable_by(person: Person) -> QuerySet[Context]:
    """The courses the person manages, or teaches in now."""
    managed = scoped(Context.objects.all(), person, "manage_courses", organization="organization_id")
    return Context.objects.filter(Q(pk__in=managed) | Q(pk__in=_taught_by(person))).order_by("label", "id")


def courses_taught_by(person: Person) -> list[Context]:
    """The courses in which the person is an active instructor, by label; one query."""
    places = _places(person).select_related("context").order_by("context__label", "context_id")
    return [place.context for place in places if _grades(place.roles)]


def _taught_by(person: Person) -> list[UUID]:
    return [
        context_id
        for context_id, roles in _places(person).values_list("context_id", "roles")
        if _grades(roles)
    ]


def _places(person: Person) -> QuerySet[Membership]:
    if person.learns_only:
        return Membership.objects.none()
    return Membership.objects.filter(person=person, status=Membership.Status.ACTIVE)


def _grades(roles: Iterable[str]) -> bool:
    return any(str(role).partition("#")[0] == GRADING for role in roles)
