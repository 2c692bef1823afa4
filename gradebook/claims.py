"""What the gradebook adds to a launch: where to send scores (AGS 3.1)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gradebook import coupling, reviewing
from gradebook.addresses import line_item_url, line_items_url, scores_url
from gradebook.errors import Malformed
from gradebook.models import LineItem, Score
from lti_platform.courses.models import ResourceLink
from lti_platform.launches.afterwards import MOST_OF_A_KIND, Call, tells_calls
from lti_platform.launches.contributing import (
    LaunchRefused,
    contributes_claims,
    contributes_variables,
    on_content_item,
)
from lti_platform.launches.models import Launch
from lti_platform.roster.placements import is_placed
from lti_platform.tools import scopes
from lti_platform.tools.dynamic.advertising import advertise

CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
AGS_SCOPES = (scopes.LINEITEM, scopes.LINEITEM_READONLY, scopes.RESULT_READONLY, scopes.SCORE)
LISTING_SCOPES = frozenset({scopes.LINEITEM, scopes.LINEITEM_READONLY})
ATTEMPT = "attempt:"
advertise(variables=["LineItems.url", "LineItem.url", "Scores.url"])


@contributes_claims
def assignment_and_grade_services(launch: Launch, /, *, now: datetime) -> dict[str, Any]:
    """The endpoint claim, for a tool with any of the scopes and a link in the course."""
    granted = [scope for scope in AGS_SCOPES if scope in launch.registration.scopes]
    if launch.context_id is None or not granted or not is_placed(launch):
        return {}
    endpoint: dict[str, Any] = {"scope": granted}
    if LISTING_SCOPES & set(granted):
        endpoint["lineitems"] = line_items_url(launch.context_id)
    if address := _line_item_address(launch):
        endpoint["lineitem"] = address
    return {CLAIM: endpoint}


@contributes_variables
def line_item_variables(launch: Launch, /) -> dict[str, str]:
    """LineItems.url and LineItem.url (AGS 4.4), and Scores.url as others have it, for tools that may use them.

    Empty where the launch has none, as where no item or several stand for its link.
    """
    endpoint = assignment_and_grade_services(launch, now=launch.created_at).get(CLAIM, {})
    item = endpoint.get("lineitem", "")
    told = {
        "LineItems.url": (endpoint.get("lineitems", ""), LISTING_SCOPES),
        "LineItem.url": (item, frozenset(AGS_SCOPES)),
        "Scores.url": (item and scores_url(item), frozenset({scopes.SCORE})),
    }
    granted = frozenset(launch.registration.scopes)
    return {name: url for name, (url, needed) in told.items() if needed & granted}


@on_content_item
def couple_line_item(link: ResourceLink, /, *, line_item: Mapping[str, Any] | None, now: datetime) -> None:
    """The line item that came with a link picked in its tool (Deep Linking 2.0, 3.2). Raises LaunchRefused."""
    if line_item is None:
        return
    try:
        coupling.couple(link, wanted=line_item, now=now)
    except Malformed as error:
        raise LaunchRefused("line_item_malformed", str(error)) from error


def _line_item_address(launch: Launch) -> str:
    """The item under review; else only when exactly one stands for the link. It carries the attempt it is about."""
    if under_review := reviewing.reviewed(launch.subject):
        item, reviewed_attempt = under_review
        return line_item_url(item, binding=reviewed_attempt)
    if launch.resource_link_id is None:
        return ""
    items = LineItem.objects.only("context_id").filter(
        resource_link_id=launch.resource_link_id, deployment_id=launch.deployment_id, deleted_at=None
    )[:2]
    binding = launch.subject.removeprefix(ATTEMPT) if launch.subject.startswith(ATTEMPT) else ""
    return line_item_url(items[0], binding=binding) if len(items) == 1 else ""


@tells_calls
def scores_sent(launch: Launch, since: datetime, until: datetime) -> Iterator[Call]:
    """Scores of the launch's person, or of whom it was about, in its course."""
    if launch.context_id is None:
        return
    people = [launch.person_id, *([launch.for_person_id] if launch.for_person_id else [])]
    rows = Score.objects.select_related("line_item").filter(
        person_id__in=people,
        line_item__context_id=launch.context_id,
        line_item__deployment_id=launch.deployment_id,
        received_at__range=(since, until),
    )
    for row in rows.order_by("received_at", "id")[:MOST_OF_A_KIND]:
        points = "" if row.score_given is None else f" {row.score_given.normalize():f}"
        words = f"{row.line_item.label}:{points} {row.activity_progress}, {row.grading_progress}"
        yield Call(at=row.received_at, title=_("Score received."), text=words, of_launch=True)
