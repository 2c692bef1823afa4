"""What a course holds of what tools gave it."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from lti_platform.courses.models import Context, Membership
from lti_platform.launches import access
from lti_platform.launches.deep_linking.items import IMAGE, LINK
from lti_platform.launches.models import ContentItem
from lti_platform.launches.vocabulary import DEEP_LINKING_REQUEST
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment


def content_of(context: Context) -> QuerySet[ContentItem]:
    """What learners of the course are shown, oldest first: not what became a link of something else, nor what left."""
    rows = ContentItem.objects.filter(context=context, removed_at=None, request__link=None)
    shown = rows.filter(Q(resource_link=None) | Q(resource_link__removed_at=None))
    return shown.select_related("resource_link__deployment__registration", "request__launch__registration")


def courses_with_content(person: Person) -> QuerySet[Context]:
    """The courses in which the person has a place and tools gave something."""
    places = Membership.objects.filter(person=person, status=Membership.Status.ACTIVE)
    held = ContentItem.objects.filter(removed_at=None, request__link=None)
    return Context.objects.filter(pk__in=places.values("context_id"), content_items__in=held).distinct()


def pickers_for(context: Context) -> list[Deployment]:
    """Where tools that take deep linking requests are deployed for this course, by name."""
    rows = Deployment.objects.filter(
        Q(organization=None) | Q(organization_id=context.organization_id),
        is_enabled=True,
        registration__is_enabled=True,
    ).select_related("registration")
    able = [
        row for row in rows if row.registration.supports(DEEP_LINKING_REQUEST) and access.is_for(row, context)
    ]
    return sorted(able, key=lambda row: (row.registration.name, row.pk))


def remove(item: ContentItem, *, now: datetime) -> None:
    """Takes the item off the course's page; its link goes with it, its line item and results stay in the records."""
    ContentItem.objects.filter(pk=item.pk, removed_at=None).update(removed_at=now)
    if item.resource_link and item.resource_link.removed_at is None:
        type(item.resource_link).objects.filter(pk=item.resource_link.pk).update(removed_at=now)


def image_sources(items: Iterable[ContentItem]) -> str:
    """The sources of pictures that a page of these items needs: any https address where HTML may hold some."""
    items = list(items)
    if any(item.html for item in items):
        return "https:"
    return " ".join(sorted({origin(item.url) for item in items if item.kind == IMAGE}))


def frame_sources(items: Iterable[ContentItem]) -> str:
    """The origins of frames that a page of these items needs."""
    frames = [
        item.details["iframe"]["src"] for item in items if item.kind == LINK and "iframe" in item.details
    ]
    return " ".join(sorted({origin(source) for source in frames}))


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_over(item: ContentItem, *, now: datetime) -> bool:
    """Whether the tool no longer serves the file."""
    return item.expires_at is not None and item.expires_at <= now
