"""What the player and the check-in's pictures need: short-lived addresses, for whoever has said why."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lti_platform.journal import clock
from lti_platform.people.access import PersonRequest
from proctoring.desk import watching
from proctoring.desk.views.door import of_case
from proctoring.evidence.errors import AccessOver
from proctoring.models import ReviewCase

PRIVATE = {"Cache-Control": "private, no-store"}


@require_safe
@of_case
def playlist(request: PersonRequest, case: ReviewCase) -> JsonResponse:
    """The segments by stream, with places and addresses; 403 once the access is over."""
    try:
        found = watching.playlist(case.attempt, viewer=request.user, now=clock.now())
    except AccessOver as error:
        said = {"error": error.code, "message": _("Your hour of access is over.")}
        return JsonResponse(said, status=403, headers=PRIVATE)
    return JsonResponse(found, headers=PRIVATE)


@require_safe
@of_case
def photo(request: PersonRequest, case: ReviewCase, item_id: UUID) -> HttpResponse:
    """A picture of the check-in: on to where it is shown for some minutes."""
    item = get_object_or_404(watching.photos(case.attempt).select_related("session"), pk=item_id)
    try:
        address = watching.photo_address(item, viewer=request.user, now=clock.now())
    except AccessOver:
        return redirect("review-session", case.attempt.case_number)
    return HttpResponseRedirect(address, headers=PRIVATE)
