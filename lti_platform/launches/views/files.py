"""Files that tools gave: for the people of the course, and for who looks at what was picked before it is added."""

from io import BytesIO
from uuid import UUID

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from lti_platform.launches.deep_linking import shelf
from lti_platform.launches.models import ContentFile
from lti_platform.launches.views.content import requests_of
from lti_platform.people.access import PersonRequest, permission_required


@require_safe
@permission_required("learn")
def course_file(request: PersonRequest, pk: UUID, item_id: UUID) -> FileResponse:
    """The file of an item that the course shows."""
    course = get_object_or_404(shelf.courses_with_content(request.user), pk=pk)
    item = get_object_or_404(shelf.content_of(course), pk=item_id)
    file = get_object_or_404(ContentFile, request_id=item.request_id, position=item.position)
    return sent(file, title=item.title)


@require_safe
@permission_required("manage_courses")
def picked_file(request: PersonRequest, pk: UUID, position: int) -> FileResponse:
    """The file of an item that was picked, added or not."""
    asked = get_object_or_404(requests_of(request), pk=pk)
    file = get_object_or_404(ContentFile, request=asked, position=position)
    return sent(file, title=asked.items[position]["title"])


def sent(file: ContentFile, *, title: str) -> FileResponse:
    """To be saved, not shown: what a tool gave never runs at our address."""
    name = shelf.name_of(file, title=title)
    body = BytesIO(bytes(file.body))
    return FileResponse(body, as_attachment=True, filename=name, content_type=file.media_type)
