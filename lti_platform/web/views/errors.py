"""Pages that say what happened, that nothing was lost, and by which reference it can be found."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_platform.web.context import platform


@dataclass(frozen=True)
class Answer:
    """What a page says about an error: in one sentence, and what comes next."""

    answer: str | Promise
    more: str | Promise
    kind: str = "act"


BAD_REQUEST = Answer(
    answer=_("We could not read what your browser sent."),
    more=_("Nothing was changed. Go back, and try once more."),
)
FORBIDDEN = Answer(
    answer=_("You may not open this page."),
    more=_("Your role does not include it. If you need it, ask your administrator."),
)
NOT_FOUND = Answer(
    answer=_("There is no page at this address."),
    more=_("It may have moved, or it may not be meant for you."),
    kind="ended",
)
SERVER_ERROR = Answer(
    answer=_("This page failed, and it is our fault."),
    more=_("What was saved before is kept. Wait a minute, then try again."),
)
STALE_FORM = Answer(
    answer=_("This form was open too long, or was sent from another place."),
    more=_("Nothing was changed. Go back, reload the page, and send it again."),
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return say(request, BAD_REQUEST, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return say(request, FORBIDDEN, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words whether nothing is there or it belongs to others."""
    return say(request, NOT_FOUND, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token; the reason stays in the log."""
    return say(request, STALE_FORM, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, drawn without the person or the database, which may be what failed."""
    values = {**page_of(request, SERVER_ERROR, status=500), "house": platform()}
    return HttpResponse(render_to_string("web/error.html", values), status=500)


def say(request: HttpRequest, answer: Answer, *, status: int) -> HttpResponse:
    """The answer as a page; without masthead and person where those cannot be had."""
    values = page_of(request, answer, status=status)
    if hasattr(request, "user"):
        return HttpResponse(render_to_string("web/error.html", values, request), status=status)
    return HttpResponse(render_to_string("web/error.html", {**values, "house": platform()}), status=status)


def page_of(request: HttpRequest, answer: Answer, *, status: int) -> dict[str, Any]:
    """The values of the error page; never the exception's own words."""
    reference = getattr(request, "id", "")
    values = {"kind": answer.kind, "answer": answer.answer, "more": answer.more}
    return {**values, "reference": reference, "status": status}
