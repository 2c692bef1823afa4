"""Opening the two tools of an exam, each in its place, and saying so when that cannot be."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lti_platform.journal.clock import now
from lti_platform.journal.recording import record_refusal
from lti_platform.launches.storing import PARENT, storage_for
from lti_platform.launches.views.posting import form_action
from lti_platform.launches.views.redirect import open_tool
from lti_platform.launches.vocabulary import END_ASSESSMENT, RESOURCE_LINK_REQUEST, START_PROCTORING
from lti_platform.people.access import PersonRequest
from lti_platform.tools.addresses import absolute
from lti_platform.web.headers import loosen
from proctoring.models import Attempt, Exam
from proctoring.moving import subject_of
from proctoring.words import Words, title_of


def open_proctoring(request: PersonRequest, attempt: Attempt, *, ends: bool = False) -> HttpResponse:
    """The proctoring tool in this window: to check in, or to be told that the exam is over.

    A tool that knows only ordinary links gets one; it is told of no end.
    """
    link, is_plain = attempt.exam.proctoring_link, attempt.exam.kind != Exam.Kind.TWO_TOOLS
    message_type = END_ASSESSMENT if ends else START_PROCTORING
    response = open_tool(
        request,
        deployment=link.deployment,
        message_type=RESOURCE_LINK_REQUEST if is_plain else message_type,
        resource_link=link,
        subject=subject_of(attempt.id),
        has_own_hours=True,
        storage_target=PARENT,
        return_url=absolute(reverse("attempt", args=[attempt.id])),
    )
    return keep_opener(response)


def open_assessment(request: PersonRequest, attempt: Attempt) -> HttpResponse:
    """The assessment tool in this frame."""
    link = attempt.exam.assessment_link
    response = open_tool(
        request,
        deployment=link.deployment,
        message_type=RESOURCE_LINK_REQUEST,
        resource_link=link,
        subject=subject_of(attempt.id),
        has_own_hours=True,
        document_target="iframe",
        storage_target=PARENT,
        return_url=absolute(reverse("attempt", args=[attempt.id])),
    )
    return loosen(response, csp={"frame-ancestors": "'self'"})


def keep_opener(response: HttpResponse) -> HttpResponse:
    """In the window that our page opened: the two must go on knowing each other by name, whoever's page it shows.

    Any other policy here would move the window to a group of its own (HTML, cross-origin opener policies).
    """
    response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def framing(response: HttpResponse, attempt: Attempt) -> HttpResponse:
    """The attempt page may frame the assessment tool, and post to where the proctoring tool's windows lead."""
    assessed = attempt.exam.assessment_link.deployment.registration
    proctored = attempt.exam.proctoring_link.deployment.registration
    frames = form_action(assessed, address=assessed.initiate_login_uri)
    posts = form_action(proctored, address=proctored.initiate_login_uri)
    response.headers["Cache-Control"] = "no-store"
    return loosen(response, csp={"frame-src": frames or "'self' https:", "form-action": posts})


def storage_of(request: PersonRequest, exam: Exam) -> dict[str, str]:
    """What the exam's pages need to keep values for its two tools."""
    tools = (link.deployment.registration for link in (exam.proctoring_link, exam.assessment_link))
    return storage_for(*tools, session_key=request.session.session_key or "")


def say(request: PersonRequest, exam: Exam, answer: Words, more: Words, *, rule: str = "") -> HttpResponse:
    """A page that says what was not done and why; kept as a refusal when a rule was broken."""
    reference = str(getattr(request, "id", ""))
    if rule:
        record_refusal(rule, now=now(), subject=f"exam:{exam.pk}", note=reference)
    values: dict[str, Any] = {
        "kind": "act",
        "subject": title_of(exam),
        "answer": answer,
        "more": more,
        "reference": reference if rule else "",
        "rule": rule,
        "back_url": reverse("exam-ready", args=[exam.pk]),
    }
    return render(request, "web/message.html", values, status=409 if rule else 400)
