"""Whether this platform works, for whoever watches it: yes or no, and which half; nothing more."""

from datetime import timedelta

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lti_platform.journal import clock, schedule
from lti_platform.journal.sweeping import SWEEP

# A sweep that takes as long as it may, its last try with it, is busy and not broken; nor is one that is tried again.
SWEPT_WITHIN = 2 * SWEEP + timedelta(seconds=30)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and the reactions and the clocks of exams were swept lately, else 503."""
    try:
        last = schedule.last_run()
    except Error:
        return JsonResponse({"database": False, "worker": False}, status=503)
    is_working = last is not None and clock.now() - last <= SWEPT_WITHIN
    return JsonResponse({"database": True, "worker": is_working}, status=200 if is_working else 503)
