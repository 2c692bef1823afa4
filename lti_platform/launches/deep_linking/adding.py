"""What was picked becomes links and content of the course, all of it at once, and once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.courses.placing import change_link, place_link
from lti_platform.journal.recording import record
from lti_platform.launches.contributing import hear_content_item
from lti_platform.launches.deep_linking.errors import AlreadySettled
from lti_platform.launches.deep_linking.items import RESOURCE_LINK, Item
from lti_platform.launches.facts import ContentAdded
from lti_platform.launches.models import ContentItem, ContentRequest

State = ContentRequest.State


@transaction.atomic
def add(request: ContentRequest, *, now: datetime) -> list[ContentItem]:
    """Adds every item that waits. Raises AlreadySettled; LaunchRefused where a package to the right says no."""
    settle(request, state=State.ADDED, now=now)
    added = [
        add_item(request, item, position=position, now=now) for position, item in enumerate(request.items)
    ]
    context = context_of(request)
    fact = ContentAdded(request_id=request.pk, launch_id=request.launch_id, items=len(added))
    record(
        fact,
        now=now,
        subject=f"context:{context.pk}",
        organization_id=context.organization_id,
    )
    return added


@transaction.atomic
def discard(request: ContentRequest, *, now: datetime) -> None:
    """Nothing of it is added, and its files are not kept. Raises AlreadySettled."""
    settle(request, state=State.DISCARDED, now=now)
    request.files.all().delete()


def settle(request: ContentRequest, *, state: str, now: datetime) -> None:
    """Moves on from waiting by one conditional update, so that nothing is added twice."""
    waiting = ContentRequest.objects.filter(pk=request.pk, state=State.WAITING)
    if not waiting.update(state=state, settled_at=now):
        raise AlreadySettled
    request.state, request.settled_at = state, now


def add_item(request: ContentRequest, item: Item, *, position: int, now: datetime) -> ContentItem:
    """One item: with its link where it is one, and what packages to the right make of it."""
    link = link_for(request, item, now=now) if item["kind"] == RESOURCE_LINK else None
    added = ContentItem.objects.create(
        context=context_of(request),
        request=request,
        resource_link=link,
        position=position,
        kind=item["kind"],
        title=item["title"],
        text=item["text"],
        url=item.get("url", ""),
        html=item.get("html", ""),
        details=item.get("details", {}),
        expires_at=datetime.fromisoformat(item["expires_at"]) if item.get("expires_at") else None,
        created_at=now,
    )
    if link:
        hear_content_item(link, line_item=item.get("line_item") or None, now=now)
    return added


def link_for(request: ContentRequest, item: Item, *, now: datetime) -> ResourceLink:
    """A new link, or the one that takes on what was picked: its title and times stay, as its exam's."""
    if request.link:
        custom = {**unpicked_parameters(request.link), **item["custom"]}
        return change_link(request.link, now=now, **shown(item), custom_parameters=custom)
    launch, context = request.launch, context_of(request)
    fields = {**shown(item), **times(item), "custom_parameters": item["custom"], "description": item["text"]}
    title = item["title"] or launch.registration.name
    return place_link(context, launch.deployment, title=title, now=now, **fields)


def context_of(request: ContentRequest) -> Context:
    """The course that asked."""
    if request.launch.context is None:
        raise LookupError("content is asked for in a course")
    return request.launch.context


def unpicked_parameters(link: ResourceLink) -> dict[str, Any]:
    """The link's parameters without those that came with what it was picked to be before."""
    before = ContentItem.objects.filter(resource_link=link).select_related("request").last()
    picked = before.request.items[before.position]["custom"] if before else {}
    return {name: value for name, value in link.custom_parameters.items() if name not in picked}


def shown(item: Item) -> dict[str, Any]:
    """Where the link leads, and how it is shown. Without an address it is the tool's own (Deep Linking 2.0, 3.2)."""
    details, target = item["details"], ResourceLink.DocumentTarget
    framed = "iframe" in details and "window" not in details
    hint = details.get("iframe" if framed else "window", {})
    return {
        "target_link_uri": item["url"],
        "document_target": target.IFRAME if framed else target.WINDOW,
        "width": pixels(hint.get("width")),
        "height": pixels(hint.get("height")),
    }


def pixels(length: float | None) -> int | None:
    """The length in whole pixels; None where it is not told."""
    return round(length) or None if length else None


def times(item: Item) -> dict[str, Any]:
    """From when and until when it is open, and taken in."""
    ends = {"start": "from", "end": "until"}
    return {
        f"{member}_{ends[end]}": datetime.fromisoformat(written)
        for member in ("available", "submission")
        for end, written in item[member].items()
    }
