"""Where a proctoring tool posts LtiStartAssessment, through the candidate's browser."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lti_platform.journal.clock import now
from lti_platform.journal.recording import record_refusal
from lti_platform.launches.steps import plain
from lti_platform.launches.views.posting import post_again
from lti_platform.people.models import Person
from lti_platform.tools.errors import ToolsError
from proctoring import words
from proctoring.errors import AttemptOver, ProctoringError
from proctoring.messages import Visitor, start_assessment
from proctoring.moving import subject_of

FIELD = "JWT"


@csrf_exempt
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Starts the attempt and goes on to its page, in the window that the tool posted to; else a page that says why."""
    token = request.POST.get(FIELD, "")
    if not isinstance(request.user, Person):
        return find_session(request, token=token)
    visitor = Visitor(person=request.user, session_key=request.session.session_key or "")
    try:
        attempt = start_assessment(token, visitor=visitor, now=now())
    except AttemptOver as error:
        return over(error)
    except (ProctoringError, ToolsError) as error:
        return refused(request, code=error.code, said=str(error))
    return HttpResponseRedirect(reverse("attempt", args=[attempt.id]), status=303)


def find_session(request: HttpRequest, *, token: str) -> HttpResponse:
    """A post from another site comes without the Lax cookie: our own page posts it again, once; then sign-in."""
    if token and "repost" not in request.POST:
        again = post_again(request, fields=[(FIELD, token)])
        # This is the attempt page's window: another opener policy than that page's would lose the proctoring window.
        again.headers["Cross-Origin-Opener-Policy"] = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
        return again
    record_refusal("start_nobody_signed_in", now=now())
    return redirect_to_login(reverse(settings.LOGIN_REDIRECT_URL))


def refused(request: HttpRequest, *, code: str, said: str = "", status: int = 400) -> HttpResponse:
    """What happened, that nothing was started, and a reference, by which an admin finds what was `said`."""
    reference = str(getattr(request, "id", ""))
    organization_id = request.user.organization_id if isinstance(request.user, Person) else None
    note = f"{reference} {plain(said or code)}"
    record_refusal(code, now=now(), organization_id=organization_id, note=note)
    values = {
        "kind": "act",
        "answer": _("The exam was not started."),
        "more": words.start_refused(code),
        "reference": reference,
        "rule": code,
        "next_steps": [_("The clock has not started and no attempt was used up.")],
        "back_url": reverse("home"),
        "back_words": _("Back to the start"),
    }
    response = render(request, "web/message.html", values, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def over(error: AttemptOver) -> HttpResponse:
    """The attempt can no longer run: its page says how it stands."""
    record_refusal(error.code, now=now(), subject=subject_of(error.attempt_id))
    return HttpResponseRedirect(reverse("attempt", args=[error.attempt_id]), status=303)
