"""What was picked, as who decides about it looks at it."""

from dataclasses import dataclass
from datetime import datetime

from lti_platform.launches.deep_linking.items import Item
from lti_platform.launches.models import ContentFile, ContentRequest


@dataclass(frozen=True, kw_only=True)
class Picked:
    """One item, with its file where it is one, and the times that come with it."""

    item: Item
    file: ContentFile | None
    opens_at: datetime | None
    closes_at: datetime | None
    due_from: datetime | None
    due_until: datetime | None


def picked_in(request: ContentRequest) -> list[Picked]:
    """Every item of the answer, in its order."""
    files = {file.position: file for file in request.files.defer("body")}
    return [
        Picked(
            item=item,
            file=files.get(position),
            opens_at=moment(item, "available", "start"),
            closes_at=moment(item, "available", "end"),
            due_from=moment(item, "submission", "start"),
            due_until=moment(item, "submission", "end"),
        )
        for position, item in enumerate(request.items)
    ]


def moment(item: Item, window: str, edge: str) -> datetime | None:
    """When the window of time begins or ends; None where the tool named no such time."""
    written = (item.get(window) or {}).get(edge)
    return datetime.fromisoformat(written) if written else None
