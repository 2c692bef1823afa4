"""Where tools post what was picked in them (Deep Linking 2.0, 4.5), through the browser of the person who picked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lti_platform.journal.clock import now
from lti_platform.journal.recording import record_refusal
from lti_platform.launches.deep_linking import answering, words
from lti_platform.launches.deep_linking.errors import (
    ItemsRefused,
    NoOneSignedIn,
    ResponseRefused,
    TokenMissing,
)
from lti_platform.launches.errors import LaunchError
from lti_platform.launches.models import ContentRequest
from lti_platform.launches.views.failing import back_url
from lti_platform.launches.views.learner import onward
from lti_platform.launches.views.posting import draw, in_passing, post_again
from lti_platform.launches.views.reading import visitor_of
from lti_platform.people.models import Person
from lti_platform.tools.errors import ToolsError

FIELD = "JWT"


@csrf_exempt
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Takes the answer, and goes on to the page that shows it; else a page that says which rule stopped it."""
    sent = request.POST.getlist(FIELD)
    token = sent[0] if len(sent) == 1 else ""
    # A post from another site comes without the Lax cookie: our own page posts it again, once.
    if token and not isinstance(request.user, Person) and "repost" not in request.POST:
        return post_again(request, fields=[(FIELD, token)])
    try:
        if not token:
            raise TokenMissing
        if not isinstance(request.user, Person):
            raise NoOneSignedIn
        taken = answering.take(token, visitor=visitor_of(request), now=now())
    except (LaunchError, ToolsError) as error:
        return refused(request, error=error)
    return in_passing(HttpResponseRedirect(address_after(request, taken), status=303))


def address_after(request: HttpRequest, taken: ContentRequest) -> str:
    """Where the person goes on: to the look at what was picked, or back to what it was picked for."""
    if taken.state == ContentRequest.State.ADDED and (on := onward(taken.launch)):
        messages.success(request, _("Picked. It is used from now on."))
        return on
    return reverse("content-review", args=[taken.pk])


def refused(request: HttpRequest, *, error: LaunchError | ToolsError) -> HttpResponse:
    """What happened, rule by rule, that nothing was added, and a reference."""
    reference = str(getattr(request, "id", ""))
    record_refusal(error.code, now=now(), note=reference)
    problems = error.problems if isinstance(error, ItemsRefused) else []
    values = {
        "kind": "act",
        "answer": _("Nothing was added."),
        "more": words.refused(error.code),
        "reference": reference,
        "rule": error.code,
        "problems": problems,
        "details": "" if problems else str(error),
        "back_url": back_url(),
    }
    status = error.status if isinstance(error, ResponseRefused) else 400
    return draw(request, "launches/admin/content_refused.html", values, status=status)
