"""Test launches: an admin tries a link as a learner or instructor who is in no roster (LTI Core, A.2.4)."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lti_platform.courses import placing
from lti_platform.courses.deploying import deployments_for, switched_on
from lti_platform.courses.models import Context, ResourceLink
from lti_platform.launches import access
from lti_platform.launches.contributing import hear_content_item
from lti_platform.launches.errors import MayNotTry
from lti_platform.launches.models import Launch
from lti_platform.launches.roles import role_uris
from lti_platform.launches.vocabulary import RESOURCE_LINK_REQUEST, TEST_USER
from lti_platform.people.models import Organization, Person
from lti_platform.people.roles import may
from lti_platform.people.scoping import scoped
from lti_platform.tools import overseeing
from lti_platform.tools.models import Deployment, Registration
from lti_platform.tools.scopes import SCORE

PERMISSION = "manage_tools"
TRIAL, MAX_TITLE, TRIAL_MAXIMUM = "TRIAL", 200, 100
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


def may_have_trial(registration: Registration, *, viewer: Person) -> QuerySet[Organization]:
    """The organizations in which the viewer may make a course, and for which a deployment of the tool is on."""
    on = switched_on().filter(registration=registration, of_course=None)
    theirs = scoped(overseeing.organizations(viewer), viewer, "manage_courses", organization="id")
    if on.filter(organization=None).exists():
        return theirs
    return theirs.filter(pk__in=on.values("organization"))


@transaction.atomic
def make_trial(registration: Registration, *, organization: Organization, now: datetime) -> ResourceLink:
    """A link to the tool in a course without people, to try it in; with a line item, if the tool sends scores.

    The course is made once: whoever asks again gets the same link. Raises Deployment.DoesNotExist where none is on.
    """
    Registration.objects.select_for_update().get(pk=registration.pk)
    if made := trial_of(registration, organization=organization):
        return made
    title = _("Trial of %(tool)s") % {"tool": registration.name}
    course = placing.create_course(organization=organization, label=TRIAL, title=title[:MAX_TITLE], now=now)
    deployment = deployments_for(course).filter(registration=registration).first()
    if deployment is None:
        raise Deployment.DoesNotExist(registration.pk)
    link = placing.place_link(course, deployment, title=registration.name[:MAX_TITLE], now=now)
    if SCORE in registration.scopes:
        line_item = {"scoreMaximum": TRIAL_MAXIMUM, "label": registration.name, "resourceId": "", "tag": ""}
        hear_content_item(link, line_item=line_item, now=now)
    return link


def trial_of(registration: Registration, *, organization: Organization) -> ResourceLink | None:
    """The link that was made to try the tool, while it can be opened and nobody has a place in its course."""
    made = ResourceLink.objects.filter(
        deployment__in=switched_on().filter(registration=registration),
        context__organization=organization,
        context__label=TRIAL,
        context__memberships=None,
        removed_at=None,
    )
    return made.order_by("created_at", "id").first()


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
