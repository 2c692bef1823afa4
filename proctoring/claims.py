"""What proctoring adds to a launch: the proctoring messages' claims, and a closed door to exams not running."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from lti_platform.courses.models import ResourceLink
from lti_platform.launches.afterwards import MOST_OF_A_KIND, Call, tells_calls
from lti_platform.launches.contributing import (
    LaunchRefused,
    ToolReturn,
    contributes_claims,
    contributes_variables,
    keeps_links_back,
    on_content_item,
    on_tool_return,
)
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import END_ASSESSMENT, RESOURCE_LINK_REQUEST, START_PROCTORING
from lti_platform.tools import scopes
from lti_platform.tools.addresses import absolute
from lti_platform.tools.dynamic.advertising import advertise
from proctoring import check_in, picking, sessions, tool_launches
from proctoring.attempts import settings_of
from proctoring.control_messages import ACTIONS
from proctoring.errors import ExamUnderWay
from proctoring.models import Attempt, Exam, Incident, Session
from proctoring.transitions import UNDER_WAY, Event, State
from proctoring.words import happened

A = "https://purl.imsglobal.org/spec/lti-ap/claim/"
ACS_VARIABLE = "LtiLink.acs.url"
advertise(
    variables=["Attempt.number", ACS_VARIABLE, *(f"ProctoredExam.{name}" for name in tool_launches.ADDRESSES)]
)


def attempt_of(launch: Launch) -> Attempt | None:
    """The launching person's own attempt that the launch is about."""
    kind, _, text = launch.subject.partition(":")
    if kind != "attempt":
        return None
    try:
        return launch.person.attempts.select_related("exam").get(pk=UUID(text))
    except (ValueError, Attempt.DoesNotExist):
        return None


@contributes_claims
def proctoring_claims(launch: Launch, /, *, now: datetime) -> dict[str, Any]:
    """The claims of the message (Proctoring Services 1.0); none for others. Raises LaunchRefused."""
    if launch.message_type == START_PROCTORING:
        return start_claims(launch, _own(launch), now=now)
    if launch.message_type == END_ASSESSMENT:
        return end_claims(_own(launch))
    if launch.message_type == RESOURCE_LINK_REQUEST and not launch.is_test:
        return plain_claims(launch, now=now)
    return {}


@keeps_links_back
def links_of_questions() -> QuerySet[Exam, UUID]:
    """The links of exams' questions: an exam is opened from its own page."""
    return Exam.objects.values_list("assessment_link_id", flat=True)


@keeps_links_back
def links_of_proctoring_tools() -> QuerySet[Exam, UUID]:
    """The links of exams' proctoring tools."""
    return Exam.objects.values_list("proctoring_link_id", flat=True)


@contributes_variables
def attempt_variables(launch: Launch, /) -> dict[str, str]:
    """Attempt.number, for tools that keep attempts apart by a custom parameter; and what proctoring tools are told.

    LtiLink.acs.url is for tools that may control exams. All are empty where there is no attempt.
    """
    attempt = attempt_of(launch) if launch.subject else None
    told = {"Attempt.number": str(attempt.number) if attempt else ""}
    if scopes.ACS_CONTROL in launch.registration.scopes:
        proctors = attempt is not None and tool_launches.opens_proctoring(launch, attempt)
        told[ACS_VARIABLE] = control_url(launch.pk) if proctors else ""
    return {**told, **tool_launches.variables(launch, attempt)}


@on_tool_return
def hear_refusal(launch: Launch, /, *, words: ToolReturn, now: datetime) -> None:
    """A proctoring tool that comes back with an error refuses the candidate (Proctoring Services 1.0, 4.1)."""
    attempt = attempt_of(launch) if launch.subject else None
    if words.failed and attempt and tool_launches.opens_proctoring(launch, attempt):
        check_in.refuse(attempt.id, words=words.error or words.error_log, now=now)


@on_content_item
def hear_picked(link: ResourceLink, /, *, line_item: Mapping[str, Any] | None, now: datetime) -> None:
    """An exam's link becomes something else, but never under a person who is taking it. Raises LaunchRefused."""
    try:
        picking.hear_picked(link, now=now)
    except ExamUnderWay as error:
        raise LaunchRefused(error.code, "somebody is taking this exam") from error


def start_claims(launch: Launch, attempt: Attempt, *, now: datetime) -> dict[str, Any]:
    """LtiStartProctoring: a new session, with the session_data that only this message tells."""
    if attempt.exam.kind != Exam.Kind.TWO_TOOLS:
        raise LaunchRefused("access_denied", "this exam's proctoring tool is opened as an ordinary link")
    session = tool_launches.begin(launch, attempt, now=now)
    return {
        f"{A}start_assessment_url": absolute(reverse("start-assessment")),
        f"{A}session_data": sessions.new_session_data(session, now=now),
        **session_claims(launch, attempt, session),
    }


def plain_claims(launch: Launch, *, now: datetime) -> dict[str, Any]:
    """An ordinary launch: what a proctoring tool that knows no other is told, and the door of an exam's questions."""
    attempt = attempt_of(launch) if launch.subject else None
    if attempt is None or not tool_launches.is_plain(launch, exam=attempt.exam):
        require_running(launch, attempt)
        return {}
    session = tool_launches.begin(launch, attempt, now=now)
    return {**session_claims(launch, attempt, session), **tool_launches.exam_claim(launch, attempt)}


def session_claims(launch: Launch, attempt: Attempt, session: Session) -> dict[str, Any]:
    """What every proctoring tool is told: which attempt, where it controls it, and the exam's settings for it."""
    claims: dict[str, Any] = {f"{A}attempt_number": attempt.number, **settings_claim(attempt)}
    if scopes.ACS_CONTROL in launch.registration.scopes:
        claims[f"{A}acs"] = {"assessment_control_url": control_url(session.id), "actions": list(ACTIONS)}
    return claims


def settings_claim(attempt: Attempt) -> dict[str, Any]:
    """proctoring_settings as they stood when the attempt began: start and end say the same."""
    settings = attempt.policy.get("proctoring_settings")
    told = settings_of(attempt.exam) if settings is None else settings
    return {f"{A}proctoring_settings": told} if told else {}


def end_claims(attempt: Attempt) -> dict[str, Any]:
    """LtiEndAssessment: which attempt is over, and what went wrong if it did not end in the learner's own time."""
    if attempt.started_at is None or attempt.state in UNDER_WAY:
        raise LaunchRefused("access_denied", f"the attempt is {attempt.state}")
    claims: dict[str, Any] = {f"{A}attempt_number": attempt.number, **settings_claim(attempt)}
    if attempt.ended_by == Event.TERMINATE or not attempt.ended_by:
        claims |= error_claims(attempt)
    return claims


def error_claims(attempt: Attempt) -> dict[str, str]:
    """errormsg for the learner, in their language; errorlog for the tool's records, in stable codes."""
    last = attempt.transitions.filter(event=attempt.ended_by).last() or attempt.transitions.latest("version")
    with translation.override(attempt.person.locale):
        said = str(happened(last.event, reason_code=last.reason_code)[1])
    log = f"attempt {attempt.id} is {attempt.state}: {last.event} by {last.actor_kind or 'nobody'}"
    return {f"{A}errormsg": said, f"{A}errorlog": f"{log}, reason {last.reason_code or 'none'}"}


def require_running(launch: Launch, attempt: Attempt | None) -> None:
    """An exam's questions open only for a person whose attempt at it is running. Raises LaunchRefused."""
    if attempt is not None and attempt.exam.assessment_link_id == launch.resource_link_id:
        if attempt.state != State.RUNNING:
            raise LaunchRefused("access_denied", f"the attempt is {attempt.state}")
        return
    if _belongs_to_an_exam(launch):
        raise LaunchRefused("access_denied", "this exam is opened from its own page, once check-in is done")


def _belongs_to_an_exam(launch: Launch) -> bool:
    """The link of an exam's questions; or of its proctoring tool, where that is opened as an ordinary link."""
    proctors = Q(proctoring_link_id=launch.resource_link_id) & ~Q(kind=Exam.Kind.TWO_TOOLS)
    return Exam.objects.filter(proctors | Q(assessment_link_id=launch.resource_link_id)).exists()


def control_url(session_id: UUID) -> str:
    """Where the tool controls the attempt of this session, which has the id of its launch."""
    return absolute(reverse("assessment-control", args=[session_id]))


def _own(launch: Launch) -> Attempt:
    attempt = attempt_of(launch)
    if attempt is None:
        raise LaunchRefused("access_denied", "the launch is about no attempt of this person")
    return attempt


@tells_calls
def control_messages(launch: Launch, since: datetime, until: datetime) -> Iterator[Call]:
    """What the proctoring tool asked for by the Assessment Control Service, about the launch's attempt."""
    attempt = attempt_of(launch) if launch.subject else None
    if attempt is None:
        return
    rows = attempt.incidents.filter(source=Incident.Source.TOOL, received_at__range=(since, until))
    rows = rows.filter(session__deployment_id=launch.deployment_id)
    for row in rows.order_by("received_at", "id")[:MOST_OF_A_KIND]:
        text = f"{row.action} {row.reason_code}".strip()
        yield Call(at=row.received_at, title=gettext("Control message received."), text=text, of_launch=True)
