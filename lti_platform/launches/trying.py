"""Test launches: an admin tries a link as a learner or instructor who is in no roster (LTI Core, A.2.4)."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import QuerySet

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.launches import access
from lti_platform.launches.errors import MayNotTry
from lti_platform.launches.models import Launch
from lti_platform.launches.roles import role_uris
from lti_platform.launches.vocabulary import RESOURCE_LINK_REQUEST, TEST_USER
from lti_platform.people.models import Person
from lti_platform.people.roles import may
from lti_platform.people.scoping import scoped
from lti_platform.tools.models import Registration

PERMISSION = "manage_tools"
ROLES = {Launch.Pretence.LEARNER.value: "Learner", Launch.Pretence.INSTRUCTOR.value: "Instructor"}


def pretended_id(person: Person, *, pretends: str) -> UUID:
    """The `sub` under which this admin pretends: always the same for the role, of nobody, and telling nothing."""
    return uuid5(person.pk, f"test launch as {pretends}")


def links_of(registration: Registration, *, viewer: Person) -> QuerySet[ResourceLink]:
    """The tool's links in courses for whose organizations the viewer manages tools, by course."""
    rows = ResourceLink.objects.filter(deployment__registration=registration, removed_at=None)
    related = rows.select_related("context", "deployment__registration").order_by(
        "context__label", "title", "id"
    )
    return scoped(related, viewer, PERMISSION, organization="context__organization_id")


def judge(
    person: Person, *, context: Context | None, message_type: str, pretends: str, now: datetime
) -> None:
    """Raises MayNotTry unless the person manages tools for the course's organization and tries a plain launch."""
    if context is None or message_type != RESOURCE_LINK_REQUEST or pretends not in ROLES:
        raise MayNotTry
    if not may_try(person, context=context, now=now):
        raise MayNotTry


def may_try(person: Person, *, context: Context, now: datetime) -> bool:
    """Whether the person manages tools for the course's organization, today."""
    allowed = may(person, PERMISSION, organization_id=context.organization_id)
    return allowed and access.is_in_standing(person, now=now)


def roles(launch: Launch) -> list[str]:
    """The role pretended, with the marker that says so: a real role always stands beside it."""
    return [*role_uris([ROLES[launch.pretends]]), TEST_USER]
