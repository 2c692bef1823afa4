"""Scores: a tool may send them and not read them (AGS 3.4)."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse

from gradebook import line_items, scoring, trying
from gradebook.addresses import result_url
from gradebook.ags import media_types, parsing
from gradebook.ags.bindings import binding_of
from gradebook.ags.statuses import STATUSES
from gradebook.errors import PersonNotGradable
from lti_platform.journal import clock
from lti_platform.tools.resource_server import Caller, ServiceRequest, service
from lti_platform.tools.scopes import SCORE


@service(methods={"POST": {SCORE}}, produces=media_types.SCORE, consumes=media_types.SCORE, errors=STATUSES)
def scores(request: ServiceRequest, tool: Caller, *, context_id: UUID, line_item_id: UUID) -> HttpResponse:
    """Takes a score in and answers with the address of the result it made."""
    submission = parsing.score(request.json)
    item = line_items.find(tool, context_id=context_id, line_item_id=line_item_id)
    try:
        result = scoring.accept(item, submission, binding=binding_of(request), now=clock.now())
    except PersonNotGradable:
        if not trying.hear(item, submission, tool=tool, now=clock.now()):
            raise
        return JsonResponse({}, content_type=media_types.SCORE)  # of a test launch: shown there, kept nowhere
    return JsonResponse({"resultUrl": result_url(item, result=result)}, content_type=media_types.SCORE)
