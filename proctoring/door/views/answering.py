"""Pages for people who came from another platform."""

import logging
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lti_platform.journal import clock
from lti_platform.launches.steps import plain
from lti_platform.launches.views.posting import draw
from lti_platform.web.headers import loosen
from proctoring.door import refusals
from proctoring.door.errors import DoorError, StaffStaysOut

log = logging.getLogger(__name__)
# A platform anywhere may frame it, and what was picked goes back to that platform from the frame.
ANYWHERE = {"frame-ancestors": None, "form-action": None}


def window_page(request: HttpRequest, *, fields: Sequence[tuple[str, str]]) -> HttpResponse:
    """For a frame: a button that begins the same login in a window of its own. It holds no session and no secret."""
    values = {"fields": fields, "action": reverse("door-login")}
    page = draw(request, "door/window.html", values)
    return loosen(page, csp=ANYWHERE)


def refused(request: HttpRequest, error: DoorError) -> HttpResponse:
    """What happened in words, a reference, and nothing started; the rule is recorded, with the library's own words."""
    reference = str(getattr(request, "id", ""))
    reason = plain(f"{reference} {str(error) or error.code}", limit=300)
    log.info("not let in: %s", reason)
    refusals.keep(error, note=reason, now=clock.now())
    values = {
        "kind": "act",
        "subject": _("Exam from your learning system"),
        "answer": _("The exam could not open."),
        "more": error.message,
        "reference": reference,
        "rule": error.code,
    }
    if isinstance(error, StaffStaysOut):
        values |= {"action_url": reverse("account_login"), "action_words": _("Sign in")}
    return draw(request, "web/message.html", values, status=400)
