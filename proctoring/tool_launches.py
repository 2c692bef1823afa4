"""Ordinary launches (LtiResourceLinkRequest) that open a proctoring tool: what they start, and what they say.

Tools that know only resource links are told where their flags go, and where the exam opens, in a claim of ours and by
variables for their custom parameters. A tool that asks the questions too has set the exam going when it opens.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from lti_platform.launches.contributing import LaunchRefused
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import RESOURCE_LINK_REQUEST, START_PROCTORING
from lti_platform.tools.addresses import absolute
from lti_platform.tools.models import Registration
from lti_platform.tools.scopes import ACS_CONTROL, FLAGS, VENDOR
from proctoring import linked, sessions
from proctoring.errors import ProctoringError
from proctoring.models import Attempt, Exam, Session
from proctoring.starting import MAY_START, set_going

CLAIM = f"{VENDOR}/claim/exam"
ADDRESSES = ("startUrl", "flagsUrl", "endUrl")
# What the link of such a tool carries as custom parameters: names to read, with values that differ by launch.
CUSTOM_PARAMETERS = {
    "exam_start_url": "$ProctoredExam.startUrl",
    "exam_flags_url": "$ProctoredExam.flagsUrl",
    "exam_end_url": "$ProctoredExam.endUrl",
    "exam_attempt_number": "$Attempt.number",
}


def opens_proctoring(launch: Launch, attempt: Attempt) -> bool:
    """Whether the launch opens the tool that proctors the attempt, by whichever message it knows."""
    if launch.message_type == START_PROCTORING:
        return True
    return is_plain(launch, exam=attempt.exam)


def is_plain(launch: Launch, *, exam: Exam) -> bool:
    """Whether it is an ordinary launch of the exam's proctoring tool."""
    if launch.message_type != RESOURCE_LINK_REQUEST or exam.kind == Exam.Kind.TWO_TOOLS:
        return False
    return launch.resource_link_id == exam.proctoring_link_id


def begin(launch: Launch, attempt: Attempt, *, now: datetime) -> Session:
    """The launch's session; where one tool does both, the exam is set going with it. Raises LaunchRefused."""
    if attempt.state not in MAY_START:
        raise LaunchRefused("access_denied", f"the attempt is {attempt.state}")
    session = sessions.of_launch(launch, attempt, now=now)
    if attempt.exam.kind != Exam.Kind.ONE_TOOL:
        return session
    try:
        set_going(session, now=now, reason_code="opened", kept={})
    except ProctoringError as error:
        raise LaunchRefused("access_denied", str(error) or error.code) from error
    return session


def exam_claim(launch: Launch, attempt: Attempt) -> dict[str, Any]:
    """Our claim: the attempt, and where flags, the end and, for a tool that starts it, the exam itself are."""
    said = {
        "flags_url": flags_url(launch),
        "end_url": end_url(launch),
        "start_url": start_url(launch, attempt),
    }
    scopes = [scope for scope in (FLAGS, ACS_CONTROL) if scope in launch.registration.scopes]
    told = {name: url for name, url in said.items() if url}
    return {CLAIM: {"attempt_number": attempt.number, "scope": scopes, **told}} if told else {}


def variables(launch: Launch, attempt: Attempt | None) -> dict[str, str]:
    """ProctoredExam.startUrl, .flagsUrl and .endUrl, for an ordinary launch of a proctoring tool; else empty."""
    if attempt is None or not is_plain(launch, exam=attempt.exam):
        return {f"ProctoredExam.{name}": "" for name in ADDRESSES}
    values = (start_url(launch, attempt), flags_url(launch), end_url(launch))
    return {f"ProctoredExam.{name}": value for name, value in zip(ADDRESSES, values, strict=True)}


def start_url(launch: Launch, attempt: Attempt) -> str:
    """Where the tool opens the exam, good once and for this launch; empty where the tool does not start it."""
    if attempt.exam.kind != Exam.Kind.LINKED or attempt.policy.get("started_by") == Exam.StartedBy.LEARNER:
        return ""
    return absolute(reverse("linked-start", args=[launch.pk, linked.start_token(launch.pk)]))


def flags_url(launch: Launch) -> str:
    """Where flags of the launch's session go; empty without a scope for it."""
    return _service("proctoring-flags", launch)


def end_url(launch: Launch) -> str:
    """Where the end of the launch's session is told; empty without a scope for it."""
    return _service("proctoring-end", launch)


def may_flag(registration: Registration) -> bool:
    """Whether the tool has a scope by which it can raise flags."""
    return bool({FLAGS, ACS_CONTROL} & set(registration.scopes))


def _service(name: str, launch: Launch) -> str:
    if not may_flag(launch.registration):
        return ""
    return f"{settings.PLATFORM_URL}{reverse(f'api-1:{name}', kwargs={'session_id': launch.pk})}"
