"""Tenant isolation: every list and look-up of people's data goes through `scoped`."""

from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from lti_platform.people.models import Person
from lti_platform.people.roles import grants_of, may

Row = TypeVar("Row", bound=Model)


def scoped(
    rows: QuerySet[Row], viewer: Person | AnonymousUser, permission: str, *, organization: str
) -> QuerySet[Row]:
    """The rows the viewer may see under `permission`.

    `organization` is the look-up path from a row to its organization's id ("person__organization_id").
    A platform-wide grant sees all, a grant for organizations sees theirs, no grant sees nothing.
    """
    if not isinstance(viewer, Person) or not may(viewer, permission):
        return rows.none()
    organizations = grants_of(viewer).organizations(permission)
    return rows if organizations is None else rows.filter(**{f"{organization}__in": organizations})
