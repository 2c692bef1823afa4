"""Who may do what: one table of roles and permissions, asked everywhere."""

from functools import cached_property
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from lti_platform.people.models import Person, RoleGrant

Role = RoleGrant.Role

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.PROCTOR: frozenset({"review_sessions"}),
    Role.LMS_ADMIN: frozenset(
        {
            "manage_tools",
            "manage_courses",
            "manage_people",
            "view_people",
            "manage_destinations",
            "manage_keys",
        }
    ),
    Role.COMPLIANCE: frozenset({"read_files", "export_files", "revoke_certificates", "view_people"}),
    Role.HR_VIEWER: frozenset({"view_people"}),
}
EVERYONE = frozenset({"learn"})
ALL = EVERYONE.union(*PERMISSIONS.values())
PLATFORM_WIDE_ONLY = frozenset({"manage_keys"})


class Grants:
    """A person's permissions, read once per request: for the platform, and by organization."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @cached_property
    def rows(self) -> list[tuple[str, UUID | None]]:
        if self.person.learns_only:
            return []
        return list(self.person.role_grants.values_list("role", "organization_id"))

    def organizations(self, permission: str) -> set[UUID] | None:
        """Organizations where the permission holds; None when it holds for the whole platform."""
        if self.person.is_superuser and not self.person.learns_only:
            return None
        found = {organization for role, organization in self.rows if permission in PERMISSIONS[role]}
        return None if None in found else {organization for organization in found if organization}


def grants_of(person: Person) -> Grants:
    """The person's grants, kept on the object for the length of a request."""
    if not hasattr(person, "_grants"):
        person._grants = Grants(person)  # type: ignore[attr-defined]
    grants: Grants = person._grants  # type: ignore[attr-defined]
    return grants


def reaches(viewer: Person, permission: str, *, person: Person) -> bool:
    """Whether every role of `person` lies within the organizations for which `viewer` holds `permission`.

    Who may change the e-mail by which somebody signs in could otherwise gain what that person may do elsewhere.
    """
    organizations = grants_of(viewer).organizations(permission)
    if organizations is None:
        return True
    return not person.is_superuser and all(
        organization in organizations for _role, organization in grants_of(person).rows
    )


def may(person: Person | AnonymousUser, permission: str, *, organization_id: UUID | None = None) -> bool:
    """Whether the person holds `permission`: anywhere, or for one organization when it is named.

    KeyError for a permission nobody defined: a typing slip must not read as "no".
    """
    if permission not in ALL:
        raise KeyError(permission)
    if not isinstance(person, Person) or not person.is_active:
        return False
    if permission in EVERYONE:
        return True
    organizations = grants_of(person).organizations(permission)
    if organizations is None:
        return True
    if permission in PLATFORM_WIDE_ONLY:
        return False
    return bool(organizations) if organization_id is None else organization_id in organizations
