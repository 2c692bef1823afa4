"""The learner's pages: getting ready, and the attempt from check-in to its result."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lti_platform.journal.clock import now
from lti_platform.people.access import PersonRequest, permission_required
from proctoring import attempts, check_in, connection, deadlines, words
from proctoring.errors import AttemptUnknown, NotEligible
from proctoring.models import Attempt, Exam
from proctoring.views import attempt_page, ready_page
from proctoring.views.opening import framing, open_proctoring, say, storage_of

HOME = {"section": "learner-home"}


@permission_required("learn")
@require_safe
def exam_ready(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Rules, device, consent, start; or the one rule that stands in the way."""
    exam = own_exam(request, pk)
    values = (
        ready_page.values_of(request.user, exam, now=now()) | HOME | {"storage": storage_of(request, exam)}
    )
    return render(request, "proctoring/learner/exam_ready.html", values)


@permission_required("learn")
@require_POST
def begin(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Begins the attempt, or goes on with the open one, and opens the proctoring tool in the window posted to."""
    exam = own_exam(request, pk)
    if not request.POST.get("agree"):
        return say(
            request,
            exam,
            _("Nothing was started."),
            _("Agree to the recording first, then press Start exam."),
        )
    try:
        attempt = attempts.begin(request.user, exam, now=now())
    except NotEligible as error:
        return say(request, exam, *words.not_eligible(error.code), rule=error.code)
    if attempt.state == Attempt.State.INTERRUPTED:
        return HttpResponseRedirect(reverse("attempt", args=[attempt.id]), status=303)
    return open_proctoring(request, check_in.retry(attempt.id, now=now()))


@permission_required("learn")
@require_safe
def open_attempt(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Where the person's open attempt is, for the window that waits for it: {"url": address or null}."""
    found = attempts.open_attempt(request.user, own_exam(request, pk))
    return JsonResponse({"url": reverse("attempt", args=[found.id]) if found else None})


@permission_required("learn")
@require_safe
def attempt_detail(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The attempt from check-in to its result. A clock that has run out is noticed here, not a sweep later."""
    found, moment = own_attempt(request, pk), now()
    if found.state == Attempt.State.RUNNING:
        deadlines.time_out_if_due(found.id, now=moment)
        connection.lose_if_silent(found.id, now=moment)
        found = own_attempt(request, pk)
    values = attempt_page.values_of(found, now=moment) | HOME | {"storage": storage_of(request, found.exam)}
    return framing(render(request, "proctoring/learner/attempt.html", values), found)


@permission_required("learn")
@require_POST
def add_note(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Keeps what the candidate wants the reviewer to read."""
    found = own_attempt(request, pk)
    attempts.add_note(found.id, request.POST.get("note", ""), now=now())
    return HttpResponseRedirect(f"{reverse('attempt', args=[pk])}#note", status=303)


def own_exam(request: PersonRequest, pk: UUID) -> Exam:
    """An exam of a course that the person is or was in; others do not exist for them."""
    exams = Exam.objects.select_related("context", "proctoring_link__deployment__registration")
    return get_object_or_404(exams.filter(context__memberships__person=request.user), pk=pk)


def own_attempt(request: PersonRequest, pk: UUID) -> Attempt:
    """The person's own attempt; anyone else's does not exist for them."""
    try:
        return attempts.own_attempt(request.user, pk)
    except AttemptUnknown:
        raise Http404 from None
