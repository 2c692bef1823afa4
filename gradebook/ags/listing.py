"""A page of things as a response, with its Link to the next (AGS 3.2.4, 3.3.6)."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpResponse, JsonResponse

from lti_platform.tools import paging
from lti_platform.tools.paging import Asked
from lti_platform.tools.resource_server import ServiceRequest

Item = TypeVar("Item", bound=Model)


def listed(
    request: ServiceRequest,
    found: QuerySet[Item],
    *,
    asked: Asked,
    render: Callable[[Item], dict[str, Any]],
    media_type: str,
) -> HttpResponse:
    """The page `asked` for, as a JSON array; the next page's address carries the filters and the limit."""
    page = paging.page(found, limit=asked.limit, cursor=asked.cursor)
    body = [render(item) for item in page.items]
    response = JsonResponse(body, safe=False, content_type=media_type)
    params = {**asked.filters, "limit": asked.limit}
    address = f"{settings.PLATFORM_URL}{request.path}"
    following = paging.link_header(address, params=params, next_cursor=page.next_cursor)
    if following or asked.cursor:
        links = (following, paging.first_header(address, params=params))
        response["Link"] = ", ".join(filter(None, links))
    return response
