"""What tools gave a course goes along when it is copied."""

from datetime import datetime

from lti_platform.courses.copying import CourseCopy, on_course_copied
from lti_platform.launches.deep_linking.shelf import content_of
from lti_platform.launches.models import ContentItem

KEPT = ("request_id", "position", "kind", "title", "text", "url", "html", "details", "expires_at")


@on_course_copied
def copy_content(copied: CourseCopy, /, *, now: datetime) -> None:
    """Shows in the copy what the course shows, with the copies of its links; a link that stays behind is left out."""
    shown = [
        item
        for item in content_of(copied.origin)
        if item.resource_link_id is None or item.resource_link_id in copied.links
    ]
    ContentItem.objects.bulk_create(
        ContentItem(
            context=copied.course,
            resource_link=copied.links[item.resource_link_id] if item.resource_link_id else None,
            created_at=now,
            **{name: getattr(item, name) for name in KEPT},
        )
        for item in shown
    )
