"""What a course holds of what tools gave it."""

import mimetypes
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from lti_platform.courses.memberships import courses_of
from lti_platform.courses.models import Context
from lti_platform.launches import access
from lti_platform.launches.deep_linking.items import FILE, IMAGE, LINK
from lti_platform.launches.errors import LinkClosed, LinkNotOpenYet
from lti_platform.launches.models import ContentFile, ContentItem
from lti_platform.launches.placed import placed_links
from lti_platform.launches.vocabulary import DEEP_LINKING_REQUEST
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment


def content_of(context: Context) -> QuerySet[ContentItem]:
    """What learners of the course are shown, oldest first: not what became a link of something else, nor what left."""
    rows = ContentItem.objects.filter(context=context, removed_at=None, request__link=None)
    shown = rows.filter(Q(resource_link=None) | Q(resource_link__removed_at=None))
    return shown.select_related("resource_link__deployment__registration", "request__launch__registration")


def courses_with_content(person: Person) -> QuerySet[Context]:
    """The courses in which the person has a place and finds something: a link placed there, or what tools gave."""
    courses = courses_of(person)
    held = ContentItem.objects.filter(context__in=courses, removed_at=None, request__link=None)
    placed = placed_links().filter(context__in=courses)
    return courses.filter(Q(pk__in=held.values("context_id")) | Q(pk__in=placed.values("context_id")))


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


def files_of(items: Iterable[ContentItem]) -> Mapping[UUID, ContentFile]:
    """The files of those items that have one, without what is in them; by the item's key."""
    items = [item for item in items if item.kind == FILE]
    rows = ContentFile.objects.filter(request__in={item.request_id for item in items}).defer("body")
    kept = {(row.request_id, row.position): row for row in rows}
    found = {item.pk: kept.get((item.request_id, item.position)) for item in items}
    return {key: file for key, file in found.items() if file}


def name_of(file: ContentFile, *, title: str) -> str:
    """What the file is called when it is saved: its title, with the ending of its media type."""
    plain = " ".join(re.sub(r"[^\w .,()+-]+", " ", title).split()).strip(".") or "file"
    ending = mimetypes.guess_extension(file.media_type) or ""
    return plain if ending and plain.lower().endswith(ending) else f"{plain}{ending}"


@transaction.atomic
def remove(item: ContentItem, *, now: datetime) -> None:
    """Takes the item off the course's page; its link goes with it, its line item and results stay in the records.

    A file that no copy of the course shows either is deleted.
    """
    ContentItem.objects.filter(pk=item.pk, removed_at=None).update(removed_at=now)
    same = {"request_id": item.request_id, "position": item.position}
    if not ContentItem.objects.filter(**same, removed_at=None).exists():
        ContentFile.objects.filter(**same).delete()
    if item.resource_link and item.resource_link.removed_at is None:
        type(item.resource_link).objects.filter(pk=item.resource_link.pk).update(removed_at=now)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One item on the course's page: with its file, and whether learners may not open it yet, or no more."""

    item: ContentItem
    file: ContentFile | None
    opens_at: datetime | None = None
    closed_at: datetime | None = None
    is_over: bool = False  # a file that we do not have, and the tool no longer serves


def shown_to(person: Person, items: Sequence[ContentItem], *, course: Context, now: datetime) -> list[Shown]:
    """The items of the course as the person sees them; learners alone are held to a link's hours."""
    files = files_of(items)
    place = access.place_of(person, course)
    rows = []
    for item in items:
        file = files.get(item.pk)
        opens_at, closed_at = hours_of(item, roles=place.roles if place else [], now=now)
        gone = file is None and is_over(item, now=now)
        rows.append(Shown(item=item, file=file, opens_at=opens_at, closed_at=closed_at, is_over=gone))
    return rows


def hours_of(
    item: ContentItem, *, roles: Iterable[str], now: datetime
) -> tuple[datetime | None, datetime | None]:
    """When the item opens, or when it closed, for who may not open it now; nothing for who may."""
    try:
        access.judge_open(item.resource_link, roles=roles, now=now)
    except LinkNotOpenYet as error:
        return error.at, None
    except LinkClosed as error:
        return None, error.at
    return None, None


def image_sources(items: Iterable[ContentItem]) -> str:
    """The sources of pictures that a page of these items needs: any https address where HTML may hold some."""
    items = list(items)
    if any(item.html for item in items):
        return "https:"
    pictures = {item.url for item in items if item.kind == IMAGE}
    pictures |= {item.details["thumbnail"]["url"] for item in items if "thumbnail" in item.details}
    return " ".join(sorted(map(origin, pictures)))


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
