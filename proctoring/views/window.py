"""What the attempt page's script and buttons ask: how it stands, continue, hand in, open the tools."""

from contextlib import suppress
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lti_platform.journal.clock import now
from lti_platform.people.access import PersonRequest, permission_required
from proctoring import attempts, check_in, clock, connection, deadlines, sessions
from proctoring.errors import IllegalMove
from proctoring.models import Attempt, Exam
from proctoring.views.attempt_page import end_of, page_key
from proctoring.views.learner import own_attempt
from proctoring.views.opening import open_assessment, open_proctoring


@permission_required("learn")
@require_safe
def status(request: PersonRequest, pk: UUID) -> HttpResponse:
    """{"state", "key", "seconds_left", "is_running"}: the truth of this moment, never cached."""
    own_attempt(request, pk)
    return as_json(deadlines.time_out_if_due(pk, now=now()))


@permission_required("learn")
@require_POST
def heartbeat(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The page is there. `lost=1`: it was cut off meanwhile, and a running exam pauses."""
    own_attempt(request, pk)
    deadlines.time_out_if_due(pk, now=now())
    return as_json(connection.seen(pk, was_lost=bool(request.POST.get("lost")), now=now()))


@permission_required("learn")
@require_POST
def go_on(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The learner continues after a lost connection."""
    own_attempt(request, pk)
    connection.go_on(pk, now=now())
    return back_to(pk)


@permission_required("learn")
@require_POST
def hand_in(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The learner is done. Where there is nothing to hand in any more, the page says how it stands."""
    own_attempt(request, pk)
    with suppress(IllegalMove):
        attempts.hand_in(pk, now=now())
    return back_to(pk)


@permission_required("learn")
@require_POST
def open_check_in(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The proctoring tool again for the same attempt, in the window posted to: a new session."""
    own_attempt(request, pk)
    return open_proctoring(request, check_in.retry(pk, now=now()))


@permission_required("learn")
@require_safe
def open_exam(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The assessment tool in our frame; its launch is refused unless the attempt is running.

    One tool that does everything is in its own window, never here.
    """
    attempt = own_attempt(request, pk)
    if attempt.exam.kind == Exam.Kind.ONE_TOOL:
        raise Http404
    return open_assessment(request, attempt)


@permission_required("learn")
@require_POST
def end_assessment(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Tells the proctoring tool that the exam is over, if it asked to be told (Proctoring Services 1.0)."""
    attempt = own_attempt(request, pk)
    if not end_of(attempt, list(attempt.sessions.all()))["wants"]:
        raise Http404
    return open_proctoring(request, attempt, ends=True)


def as_json(attempt: Attempt) -> HttpResponse:
    """How the attempt stands, for the page's script."""
    moment = now()
    watch = sessions.watch_of(attempt, now=moment)
    body = {
        "state": attempt.state,
        "key": page_key(attempt, watch=watch),
        "seconds_left": clock.seconds_left(attempt, now=moment),
        "is_running": attempt.state == Attempt.State.RUNNING,
    }
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


def back_to(pk: UUID) -> HttpResponse:
    """To the attempt page."""
    return HttpResponseRedirect(reverse("attempt", args=[pk]), status=303)
