"""Links that were placed in a course, as its people find them.

A link that is opened from a page of its own, such as an exam's, is on no course's page.
"""

from django.db.models import QuerySet

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.launches.contributing import kept_back
from lti_platform.launches.models import ContentItem
from lti_platform.launches.vocabulary import RESOURCE_LINK_REQUEST


def placed_links() -> QuerySet[ResourceLink]:
    """Every link that nobody picked in its tool and that nothing else opens."""
    links = ResourceLink.objects.filter(removed_at=None, content_items=None)
    for theirs in kept_back():
        links = links.exclude(pk__in=theirs)
    return links


def placed_on(context: Context) -> list[ContentItem]:
    """Those of the course whose tools take such launches, oldest first, in the shape of items; nothing is stored."""
    found = placed_links().filter(context=context).select_related("deployment__registration")
    return [
        as_item(link, context=context)
        for link in found.order_by("created_at", "pk")
        if link.deployment.registration.supports(RESOURCE_LINK_REQUEST)
    ]


def as_item(link: ResourceLink, *, context: Context) -> ContentItem:
    """The link as the course's page shows what tools gave."""
    return ContentItem(
        context=context,
        resource_link=link,
        position=0,
        kind="ltiResourceLink",
        title=link.title,
        text=link.description,
        created_at=link.created_at,
    )
