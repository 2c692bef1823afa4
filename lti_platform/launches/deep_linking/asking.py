"""What a tool is told that we accept, in the claim of the request (Deep Linking 2.0, 4.4)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from lti_platform.courses.models import ResourceLink
from lti_platform.launches import hints
from lti_platform.launches.deep_linking.items import FILE, HTML, IMAGE, LINK, RESOURCE_LINK
from lti_platform.launches.errors import LaunchRefused
from lti_platform.launches.models import ContentRequest, Launch
from lti_platform.launches.vocabulary import DEEP_LINKING_CLAIM, DEEP_LINKING_REQUEST
from lti_platform.tools.addresses import absolute

CLAIM = f"{DEEP_LINKING_CLAIM}deep_linking_settings"
GOOD_FOR = timedelta(hours=2)
# What such a launch is about, where what is picked becomes a link that there is: with its line item, or without.
SCORED, UNSCORED = "link", "unscored-link"
TYPES = (RESOURCE_LINK, LINK, FILE, HTML, IMAGE)
MEDIA_TYPES = "application/pdf,image/*,audio/*,video/*,text/plain"
TARGETS = ("iframe", "window", "embed")


def subject_for(link: ResourceLink, *, scored: bool) -> str:
    """The `subject` of a launch that picks what this link shall be; `scored` says whether line items are welcome."""
    return f"{SCORED if scored else UNSCORED}:{link.pk}"


def settings_claim(launch: Launch, *, now: datetime) -> dict[str, Any]:
    """The claim, with new one-time `data`, for a deep linking request; nothing for other messages.

    Raises LaunchRefused where the link that should take on what is picked is gone, or is another tool's.
    """
    if launch.message_type != DEEP_LINKING_REQUEST:
        return {}
    link = link_of(launch)
    accepted = accepted_for_link(launch) if link else accepted_for_course()
    data = hints.new_hint()
    ContentRequest.objects.create(
        launch=launch,
        link=link,
        data_digest=hints.digest(data),
        settings=accepted,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    return_url = absolute(reverse("deep-linking-return"))
    return {CLAIM: {"deep_link_return_url": return_url, **accepted, "data": data}}


def accepted_for_course() -> dict[str, Any]:
    """Everything, several at once."""
    return {
        "accept_types": [*TYPES, *settings.LTI_CONTENT_TYPES],
        "accept_media_types": MEDIA_TYPES,
        "accept_presentation_document_targets": list(TARGETS),
        "accept_multiple": True,
        "accept_lineitem": True,
        "auto_create": False,
    }


def accepted_for_link(launch: Launch) -> dict[str, Any]:
    """One link of the tool, taken over at once."""
    return {
        "accept_types": [RESOURCE_LINK],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": False,
        "accept_lineitem": launch.subject.startswith(f"{SCORED}:"),
        "auto_create": True,
    }


def link_of(launch: Launch) -> ResourceLink | None:
    """The link that takes on what is picked; None where new ones are placed. Raises LaunchRefused."""
    kind, _, written = launch.subject.partition(":")
    if kind not in (SCORED, UNSCORED):
        return None
    places = ResourceLink.objects.filter(
        context=launch.context, deployment_id=launch.deployment_id, removed_at=None
    )
    try:
        return places.get(pk=UUID(written))
    except (ValueError, ResourceLink.DoesNotExist) as error:
        raise LaunchRefused("access_denied", "the link is not there any more") from error
