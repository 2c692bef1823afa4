"""The members of a course, as a tool may know them (Names and Role Provisioning Services 2.0)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lti_platform.courses.changes import changed_since
from lti_platform.courses.memberships import holding
from lti_platform.courses.models import GroupEnrollment, Membership
from lti_platform.courses.vocabulary import MEMBERSHIP
from lti_platform.launches.roles import role_uris
from lti_platform.tools import privacy
from lti_platform.tools.models import Registration

# A role, or a principal role and its sub-role, as we keep them: "Instructor", "Instructor#Grader".
_KEPT = re.compile(r"[A-Za-z]+(#[A-Za-z]+)?", re.ASCII)
_SUB_ROLES = f"{MEMBERSHIP.removesuffix('#')}/"


def members_of(context_id: UUID, *, role: str = "") -> QuerySet[Membership]:
    """The memberships with any role, or with this one: a short name or a full URI; an unknown one is nobody's."""
    found = Membership.objects.filter(context_id=context_id).select_related("person")
    found = found.exclude(status=Membership.Status.REMOVED).exclude(roles=[])
    if not role:
        return found
    name = _kept_name(role)
    # A sub-role is its principal role too. Clients lower-case the addresses of next pages, roles included.
    return holding(found, role=name) if name else found.none()


def changed_members_of(context_id: UUID, *, since: int) -> QuerySet[Membership]:
    """The memberships about which anything changed since that place in the log, of who left too."""
    found = Membership.objects.filter(context_id=context_id).select_related("person")
    return changed_since(found, position=since)


def is_listed(membership: Membership, *, role: str) -> bool:
    """Whether the full list, narrowed to a role if one is named, has this member: `members_of`, for one."""
    if membership.status == Membership.Status.REMOVED or not membership.roles:
        return False
    wanted = _kept_name(role).lower()
    held = (str(name).lower() for name in membership.roles)
    return not role or any(name == wanted or name.startswith(f"{wanted}#") for name in held)


def groups_of(members: Iterable[Membership]) -> Mapping[int, list[UUID]]:
    """The groups of each membership, by its key; one query."""
    found: dict[int, list[UUID]] = defaultdict(list)
    rows = GroupEnrollment.objects.filter(membership__in=list(members)).order_by("group__name", "group_id")
    for membership_id, group_id in rows.values_list("membership_id", "group_id"):
        found[membership_id].append(group_id)
    return found


def status_of(membership: Membership) -> str:
    """Active, or Inactive for who is suspended, here or everywhere."""
    is_active = membership.status == Membership.Status.ACTIVE and membership.person.is_active
    return "Active" if is_active else "Inactive"


def as_member(membership: Membership, *, registration: Registration) -> dict[str, Any]:
    """One element of `members`; names, e-mail and ids only where the tool's privacy level allows them."""
    member: dict[str, Any] = {
        "user_id": str(membership.person_id),
        "status": status_of(membership),
        "roles": role_uris(membership.roles),
    }
    return member | privacy.member_fields(membership.person, level=registration.privacy)


def as_deleted(membership: Membership) -> dict[str, Any]:
    """Who is no longer in a list: only in differences, and by the id alone (NRPS 2.4.3)."""
    return {
        "user_id": str(membership.person_id),
        "status": "Deleted",
        "roles": role_uris(membership.roles),
    }


def _kept_name(role: str) -> str:
    """The role as we keep it, but for its case; empty for what cannot be one of ours."""
    name = role
    for prefix in (MEMBERSHIP, _SUB_ROLES):
        if role.lower().startswith(prefix.lower()):
            name = role[len(prefix) :]
    return name if _KEPT.fullmatch(name) else ""
