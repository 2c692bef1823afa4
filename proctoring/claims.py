"""What proctoring adds to a launch: the proctoring messages' claims, and a closed door to exams not running."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from lti_platform.launches.contributing import (
    LaunchRefused,
    ToolReturn,
    contributes_claims,
    contributes_variables,
    on_tool_return,
)
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import END_ASSESSMENT, RESOURCE_LINK_REQUEST, START_PROCTORING
from lti_platform.tools import scopes
from lti_platform.tools.addresses import absolute
from proctoring import check_in, sessions
from proctoring.control_messages import ACTIONS
from proctoring.models import Attempt, Exam, Session
from proctoring.transitions import Event, State

A = "https://purl.imsglobal.org/spec/lti-ap/claim/"


def attempt_of(launch: Launch) -> Attempt | None:
    """The launching person's own attempt that the launch is about."""
    kind, _, text = launch.subject.partition(":")
    try:
        attempt_id = UUID(text)
    except ValueError:
        return None
    if kind != "attempt":
        return None
    found = Attempt.objects.select_related("exam__proctoring_link", "person")
    return found.filter(pk=attempt_id, person_id=launch.person_id).first()


@contributes_claims
def proctoring_claims(launch: Launch, /, *, now: datetime) -> dict[str, Any]:
    """The claims of the message (Proctoring Services 1.0); none for others. Raises LaunchRefused."""
    if launch.message_type == START_PROCTORING:
        return start_claims(launch, _own(launch), now=now)
    if launch.message_type == END_ASSESSMENT:
        return end_claims(_own(launch))
    if launch.message_type == RESOURCE_LINK_REQUEST:
        require_running(launch)
    return {}


@contributes_variables
def attempt_variables(launch: Launch, /) -> dict[str, str]:
    """Attempt.number, for tools that keep attempts apart by a custom parameter."""
    attempt = attempt_of(launch) if launch.subject else None
    return {"Attempt.number": str(attempt.number)} if attempt else {}


@on_tool_return
def hear_refusal(launch: Launch, /, *, words: ToolReturn, now: datetime) -> None:
    """A proctoring tool that comes back with an error refuses the candidate (Proctoring Services 1.0, 4.1)."""
    if launch.message_type == START_PROCTORING and words.failed:
        check_in.refuse(_own(launch).id, words=words.error or words.error_log, now=now)


def start_claims(launch: Launch, attempt: Attempt, *, now: datetime) -> dict[str, Any]:
    """LtiStartProctoring: a new session, with the session_data that only this message tells."""
    if attempt.state not in (State.CHECKING_IN, State.RUNNING, State.PAUSED):
        raise LaunchRefused("access_denied", f"the attempt is {attempt.state}")
    session = sessions.of_launch(launch, attempt, now=now)
    claims: dict[str, Any] = {
        f"{A}attempt_number": attempt.number,
        f"{A}start_assessment_url": absolute(reverse("start-assessment")),
        f"{A}session_data": sessions.new_session_data(session, now=now),
    }
    if scopes.ACS_CONTROL in launch.registration.scopes:
        claims[f"{A}acs"] = {"assessment_control_url": control_url(session), "actions": list(ACTIONS)}
    if data := attempt.exam.proctoring_settings:
        claims[f"{A}proctoring_settings"] = {"data": data}
    return claims


def end_claims(attempt: Attempt) -> dict[str, Any]:
    """LtiEndAssessment: which attempt is over, and what went wrong if it did not end in the learner's own time."""
    if attempt.started_at is None or attempt.state in (State.RUNNING, State.PAUSED, State.INTERRUPTED):
        raise LaunchRefused("access_denied", f"the attempt is {attempt.state}")
    claims: dict[str, Any] = {f"{A}attempt_number": attempt.number}
    if data := attempt.exam.proctoring_settings:
        claims[f"{A}proctoring_settings"] = {"data": data}
    if attempt.ended_by == Event.TERMINATE or not attempt.ended_by:
        claims[f"{A}errormsg"] = "The exam was ended before it was finished."
        claims[f"{A}errorlog"] = (
            f"attempt {attempt.id} is {attempt.state}, ended by {attempt.ended_by or 'staff'}"
        )
    return claims


def require_running(launch: Launch) -> None:
    """An exam's questions open only for a person whose attempt at it is running. Raises LaunchRefused."""
    attempt = attempt_of(launch) if launch.subject else None
    if attempt is not None and attempt.exam.assessment_link_id == launch.resource_link_id:
        if attempt.state != State.RUNNING:
            raise LaunchRefused("access_denied", f"the attempt is {attempt.state}")
        return
    if Exam.objects.filter(assessment_link_id=launch.resource_link_id).exists():
        raise LaunchRefused("access_denied", "this exam is opened from its own page, once check-in is done")


def control_url(session: Session) -> str:
    """Where the tool controls this session's attempt."""
    return absolute(reverse("assessment-control", args=[session.id]))


def _own(launch: Launch) -> Attempt:
    attempt = attempt_of(launch)
    if attempt is None:
        raise LaunchRefused("access_denied", "the launch is about no attempt of this person")
    return attempt
