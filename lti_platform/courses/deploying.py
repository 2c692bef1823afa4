"""Which of a tool's deployments serve which course: everybody's, an organization's, or one course's own."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from lti_platform.courses.facts import ToolAddedToCourse
from lti_platform.courses.models import Context, CourseDeployment
from lti_platform.journal.recording import record
from lti_platform.tools.models import Deployment, Registration


def serves(deployment: Deployment, context: Context) -> bool:
    """Whether the deployment may be used in this course."""
    own: CourseDeployment | None = getattr(deployment, "of_course", None)
    if own is not None:
        return own.context_id == context.pk
    return deployment.organization_id in (None, context.organization_id)


def serving(context: Context) -> Q:
    """The same as a condition on deployments."""
    anywhere = Q(organization=None) | Q(organization_id=context.organization_id)
    return Q(of_course__context=context) | (Q(of_course=None) & anywhere)


def switched_on() -> QuerySet[Deployment]:
    """The deployments that are on, of tools that are on."""
    return Deployment.objects.filter(is_enabled=True, registration__is_enabled=True)


def deployments_for(context: Context) -> QuerySet[Deployment]:
    """The deployments, switched on, from which a link of this course may be made, by tool."""
    found = switched_on().filter(serving(context))
    related = found.select_related("registration", "organization", "of_course")
    return related.order_by("registration__name", "created_at", "id")


@transaction.atomic
def deploy_in_course(registration: Registration, *, context: Context, now: datetime) -> Deployment:
    """A new deployment of the tool for this course alone, with an id of its own."""
    deployment = Deployment.objects.create(
        registration=registration, deployment_id=str(uuid.uuid4()), organization=context.organization
    )
    CourseDeployment.objects.create(deployment=deployment, context=context)
    fact = ToolAddedToCourse(context_id=context.pk, deployment_id=deployment.pk)
    record(fact, now=now, subject=f"context:{context.pk}", organization_id=context.organization_id)
    return deployment
