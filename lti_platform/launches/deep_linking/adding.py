"""What was picked becomes links and content of the course, all of it at once, and once."""

from datetime import datetime
from typing import Any

from django.db import transaction

from lti_platform.courses.models import ResourceLink
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
    context = request.launch.context
    fact = ContentAdded(request_id=request.pk, launch_id=request.launch_id, items=len(added))
    record(
        fact,
        now=now,
        subject=f"context:{request.launch.context_id}",
        organization_id=context.organization_id if context else None,
    )
    return added


def discard(request: ContentRequest, *, now: datetime) -> None:
    """Nothing of it is added. Raises AlreadySettled."""
    settle(request, state=State.DISCARDED, now=now)


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
        context_id=request.launch.context_id,
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
    """A new link, or the one that takes on what was picked: its title stays, as its exam's or course's name for it."""
    fields = link_fields(item)
    if request.link:
        return change_link(request.link, now=now, **fields)
    launch = request.launch
    if launch.context is None:
        raise LookupError("content is asked for in a course")
    title = item["title"] or launch.registration.name
    return place_link(
        launch.context, launch.deployment, title=title, description=item["text"], now=now, **fields
    )


def link_fields(item: Item) -> dict[str, Any]:
    """What the item says of its link. Without an address the tool's own is used (Deep Linking 2.0, 3.2)."""
    framed = "iframe" in item["details"] and "window" not in item["details"]
    target = ResourceLink.DocumentTarget
    return {
        "target_link_uri": item["url"],
        "custom_parameters": item["custom"],
        "document_target": target.IFRAME if framed else target.WINDOW,
    }
