"""Courses are made, and tools' links are placed in them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from lti_platform.courses.facts import CourseCreated, ResourceLinkChanged, ResourceLinkPlaced
from lti_platform.courses.models import Context, ResourceLink
from lti_platform.journal.recording import record
from lti_platform.people.models import Organization
from lti_platform.tools.models import Deployment


@transaction.atomic
def create_course(*, organization: Organization, label: str, title: str, now: datetime) -> Context:
    """A new, empty course of the organization."""
    context = Context.objects.create(organization=organization, label=label, title=title)
    fact = CourseCreated(context_id=context.pk)
    record(fact, now=now, subject=f"context:{context.pk}", organization_id=organization.pk)
    return context


@transaction.atomic
def place_link(
    context: Context, deployment: Deployment, *, title: str, now: datetime, **fields: Any
) -> ResourceLink:
    """Places a link to the deployment's tool in the course; its id is new and never reused (LTI Core 5.3.5)."""
    link = ResourceLink.objects.create(context=context, deployment=deployment, title=title, **fields)
    fact = ResourceLinkPlaced(context_id=context.pk, resource_link_id=link.pk)
    record(fact, now=now, subject=f"context:{context.pk}", organization_id=context.organization_id)
    return link


@transaction.atomic
def change_link(link: ResourceLink, *, now: datetime, **fields: Any) -> ResourceLink:
    """Points the link somewhere else in its tool: address, parameters, how it is shown. Its id stays."""
    for name, value in fields.items():
        setattr(link, name, value)
    link.save(update_fields=list(fields))
    fact = ResourceLinkChanged(context_id=link.context_id, resource_link_id=link.pk)
    record(fact, now=now, subject=f"context:{link.context_id}", organization_id=link.context.organization_id)
    return link
