"""Where a tool is placed: only in courses with a link of its own may it ask about people or grades."""

from uuid import UUID

from django.db.models import QuerySet

from lti_platform.courses.models import ResourceLink
from lti_platform.tools.bearer import Caller


def links_of_tool(tool: Caller, *, context_id: UUID) -> QuerySet[ResourceLink]:
    """The tool's standing links in the course, oldest first; of one deployment if the token is bound to it."""
    links = ResourceLink.objects.filter(
        context_id=context_id,
        removed_at=None,
        deployment__registration_id=tool.registration.pk,
        deployment__is_enabled=True,
    ).order_by("created_at", "id")
    return links.filter(deployment_id=tool.deployment_id) if tool.deployment_id else links
