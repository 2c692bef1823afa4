"""The members of a course, as a tool may know them (Names and Role Provisioning Services 2.0)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from lti_platform.courses.models import Membership
from lti_platform.courses.vocabulary import CONTEXT_ROLES, role_uri
from lti_platform.people.models import Person
from lti_platform.tools.models import Registration

# Clients lower-case the addresses of next pages, roles included.
ROLE_NAMES = {role_uri(name).lower(): name for name in CONTEXT_ROLES}


def members_of(context_id: UUID, *, role: str = "") -> QuerySet[Membership]:
    """The memberships with any role, or with this one: a short name or a full URI; an unknown one is nobody's."""
    found = Membership.objects.filter(context_id=context_id).exclude(roles=[]).select_related("person")
    if not role:
        return found
    name = ROLE_NAMES.get(role_uri(role.lower()).lower())
    if name is None:
        return found.none()
    # SQLite cannot look into a JSON list; but both write ["Learner"], quotes and all.
    return found.annotate(role_names=Cast("roles", TextField())).filter(role_names__contains=f'"{name}"')


def as_member(membership: Membership, *, registration: Registration) -> dict[str, Any]:
    """One element of `members`; names and e-mail only where the tool's privacy level allows them."""
    is_active = membership.status == Membership.Status.ACTIVE and membership.person.is_active
    member: dict[str, Any] = {
        "user_id": str(membership.person_id),
        "status": "Active" if is_active else "Inactive",
        "roles": [role_uri(name) for name in membership.roles],
    }
    if registration.privacy == registration.Privacy.PUBLIC:
        member |= _personal(membership.person)
    return member


def _personal(person: Person) -> Mapping[str, str]:
    given_name, family_name = person.given_name.strip(), person.family_name.strip()
    told = {
        "name": f"{given_name} {family_name}".strip(),
        "given_name": given_name,
        "family_name": family_name,
        "email": person.email or "",
    }
    return {name: value for name, value in told.items() if value}
