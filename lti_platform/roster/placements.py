"""Where a tool is placed: only in courses with a link of its own may it ask about people or grades."""

from uuid import UUID

from django.db.models import Q, QuerySet

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.launches.models import Launch
from lti_platform.tools.bearer import Caller
from lti_platform.tools.service_errors import NotFound


def links_of_tool(tool: Caller, *, context_id: UUID) -> QuerySet[ResourceLink]:
    """The tool's standing links in the course, oldest first; of one deployment if the token is bound to it."""
    links = ResourceLink.objects.filter(
        Q(deployment__of_course=None) | Q(deployment__of_course__context_id=context_id),
        context_id=context_id,
        removed_at=None,
        deployment__registration_id=tool.registration.pk,
        deployment__is_enabled=True,
    ).order_by("created_at", "id")
    return links.filter(deployment_id=tool.deployment_id) if tool.deployment_id else links


def link_in(tool: Caller, *, context_id: UUID, rlid: str = "") -> ResourceLink:
    """The link named, or any of the tool in the course. Raises NotFound: not its link, or not its course."""
    links = links_of_tool(tool, context_id=context_id).select_related("context", "deployment__registration")
    if rlid:
        links = links.filter(pk=_uuid(rlid))
    link = links.first()
    if link is None:
        raise NotFound
    return link


def is_placed(launch: Launch) -> bool:
    """Whether the tool will find the course of this launch open to it: by the link it is about, or by any other."""
    if launch.context_id is None or launch.resource_link_id is not None:
        return launch.context_id is not None
    return ResourceLink.objects.filter(
        context_id=launch.context_id, deployment_id=launch.deployment_id, removed_at=None
    ).exists()


def as_context(context: Context) -> dict[str, str]:
    """The course, as containers name it."""
    told = {"id": str(context.pk), "label": context.label.strip(), "title": context.title.strip()}
    return {name: value for name, value in told.items() if value}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
