"""Results: what the scores amount to, read only (AGS 3.3)."""

from functools import partial
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse

from gradebook import line_items
from gradebook import results as gradebook_results
from gradebook.ags import media_types
from gradebook.ags.bindings import binding_of
from gradebook.ags.listing import listed
from gradebook.ags.rendering import as_result
from gradebook.ags.statuses import STATUSES
from gradebook.errors import ResultUnknown
from gradebook.models import Result
from gradebook.results import SHOWN
from lti_platform.tools import paging
from lti_platform.tools.resource_server import Caller, ServiceRequest, service
from lti_platform.tools.scopes import RESULT_READONLY


@service(methods={"GET": {RESULT_READONLY}}, produces=media_types.RESULTS, errors=STATUSES)
def collection(
    request: ServiceRequest, tool: Caller, *, context_id: UUID, line_item_id: UUID
) -> HttpResponse:
    """The item's results, one a person; `user_id` and `limit` narrow it."""
    binding = binding_of(request)
    found = line_items.find(tool, context_id=context_id, line_item_id=line_item_id)
    asked = paging.asked(request.GET)
    results = _of_user(
        gradebook_results.of_line_item(found, binding=binding), asked.filters.get("user_id", "")
    )
    render = partial(as_result, binding=binding)
    return listed(request, results, asked=asked, render=render, media_type=media_types.RESULTS)


@service(methods={"GET": {RESULT_READONLY}}, produces=media_types.RESULT, errors=STATUSES)
def item(
    request: ServiceRequest, tool: Caller, *, context_id: UUID, line_item_id: UUID, result_id: UUID
) -> HttpResponse:
    """One result, at the address that the score was answered with."""
    found = line_items.find(tool, context_id=context_id, line_item_id=line_item_id)
    result = Result.objects.filter(line_item=found, pk=result_id).select_related(*SHOWN).first()
    if result is None:
        raise ResultUnknown("there is no such result")
    return JsonResponse(as_result(result, binding=result.binding), content_type=media_types.RESULT)


def _of_user(results: QuerySet[Result], user_id: str) -> QuerySet[Result]:
    """All, or at most one; nobody for an id that cannot be ours."""
    if not user_id:
        return results
    try:
        return results.filter(person_id=UUID(user_id))
    except ValueError:
        return results.none()
