"""Groups of a course, as a tool may know them (LTI Course Groups Service 1.0)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lti_platform.courses.models import Group, GroupSet


def groups_of(context_id: UUID, *, user_id: str = "") -> QuerySet[Group]:
    """The course's groups, or those one member is in; nobody's for an id that cannot be ours."""
    groups = Group.objects.filter(context_id=context_id)
    if not user_id:
        return groups
    try:
        return groups.filter(members__person_id=UUID(user_id))
    except ValueError:
        return groups.none()


def sets_of(context_id: UUID) -> QuerySet[GroupSet]:
    """The course's sets of groups."""
    return GroupSet.objects.filter(context_id=context_id)


def as_group(group: Group) -> dict[str, Any]:
    """One element of `groups`. Clients look for its set under either name."""
    told: dict[str, Any] = {"id": str(group.pk), "name": group.name}
    if group.group_set_id:
        told |= {"set_id": str(group.group_set_id), "set_ids": [str(group.group_set_id)]}
    return told


def as_set(group_set: GroupSet) -> dict[str, Any]:
    """One element of `sets`."""
    return {"id": str(group_set.pk), "name": group_set.name}
