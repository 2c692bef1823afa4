"""Which tools an admin may see, and which change: all, or those of the admin's own organizations."""

from django.db.models import Q, QuerySet

from lti_platform.people.models import Organization, Person
from lti_platform.people.roles import grants_of, may
from lti_platform.people.scoping import scoped
from lti_platform.tools.models import Deployment, Registration

PERMISSION = "manage_tools"


def is_for_whole_platform(viewer: Person) -> bool:
    """Whether the viewer manages every tool."""
    return may(viewer, PERMISSION) and grants_of(viewer).organizations(PERMISSION) is None


def organizations(viewer: Person) -> QuerySet[Organization]:
    """Organizations the viewer may register and deploy tools for."""
    return scoped(Organization.objects.order_by("name", "id"), viewer, PERMISSION, organization="id")


def visible_registrations(viewer: Person) -> QuerySet[Registration]:
    """Active tools that belong to the viewer's organizations or are deployed for one."""
    rows = Registration.objects.filter(state=Registration.State.ACTIVE).order_by("name", "created_at", "id")
    if is_for_whole_platform(viewer):
        return rows
    theirs = organizations(viewer).order_by().values("id")
    deployed = Deployment.objects.filter(organization__in=theirs).values("registration")
    return rows.filter(Q(organization__in=theirs) | Q(pk__in=deployed))


def decidable_registrations(viewer: Person) -> QuerySet[Registration]:
    """Tools of any state about whose requests the viewer decides, the newest first."""
    rows = Registration.objects.order_by("-created_at", "name", "id")
    return scoped(rows, viewer, PERMISSION, organization="organization_id")


def waiting_requests(viewer: Person) -> QuerySet[Registration]:
    """Of those, the tools whose registration or change waits for a decision."""
    waiting = Q(state=Registration.State.PENDING)
    waiting |= Q(state=Registration.State.ACTIVE, proposed__isnull=False)
    return decidable_registrations(viewer).filter(waiting)


def visible_deployments(viewer: Person, *, registration: Registration) -> QuerySet[Deployment]:
    """Deployments of the tool for the viewer's organizations."""
    rows = registration.deployments.select_related("organization").order_by("created_at", "id")
    return scoped(rows, viewer, PERMISSION, organization="organization_id")


def may_change(viewer: Person, *, registration: Registration) -> bool:
    """Whether the viewer may edit, enable and disable the tool: its organization's admins, and the platform's."""
    if registration.organization_id is None:
        return is_for_whole_platform(viewer)
    return may(viewer, PERMISSION, organization_id=registration.organization_id)
