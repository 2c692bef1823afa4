"""Judging LtiStartAssessment, the message with which a proctoring tool starts an exam (Proctoring Services 1.0)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lti_platform.launches.vocabulary import START_PROCTORING
from lti_platform.people.models import Person
from lti_platform.tools import key_sets, messages
from lti_platform.tools.errors import JwtReplayed
from lti_platform.tools.models import Deployment, Registration
from proctoring import sessions
from proctoring.errors import (
    AttemptNumberDiffers,
    DeploymentDiffers,
    NotAProctoringTool,
    OtherBrowser,
    OtherPerson,
    ResourceLinkDiffers,
    SessionDataExpired,
    SessionDataUnknown,
    SessionDataUsed,
    TokenMissing,
)
from proctoring.models import Attempt, Session
from proctoring.starting import set_going

START_ASSESSMENT = "LtiStartAssessment"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
A = "https://purl.imsglobal.org/spec/lti-ap/claim/"
# What a tool may say that it verified; never who the person is (`sub`, `iss`).
IDENTITY = ("given_name", "family_name", "middle_name", "name", "full_name", "picture", "email", "locale")
LONGEST_VERIFIED = 1000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visitor:
    """Whose browser posts the message: the person signed in, and the key of their session."""

    person: Person
    session_key: str


def start_assessment(token: str, *, visitor: Visitor, now: datetime) -> Attempt:
    """Starts the attempt that the message is for, or lets a paused one go on; returns it as it now is.

    The same message posted again by the same person (a browser refresh) starts nothing and returns the attempt.
    Raises tools.errors.ToolsError, StartRefused.
    """
    registration = signer_of(token)
    claims = key_sets.verify(token, registration=registration, now=now)
    if known := already_started(token, visitor=visitor):
        return known
    try:
        with transaction.atomic():
            deployment = messages.judge_tool_jwt(
                claims, registration=registration, message_type=START_ASSESSMENT, now=now
            )
            session = judge(claims, deployment=deployment, visitor=visitor, now=now)
            return start(session, claims=claims, token=token, now=now)
    except JwtReplayed:
        if known := already_started(token, visitor=visitor):  # the first of two at once has won meanwhile
            return known
        raise


def signer_of(token: str) -> Registration:
    """The enabled tool that the message says it comes from; not proven yet. Raises TokenMissing, ToolsError."""
    if not token:
        raise TokenMissing
    return messages.signer_of(token)


def already_started(token: str, *, visitor: Visitor) -> Attempt | None:
    """The visitor's attempt that this very message started."""
    sent = Session.objects.filter(start_token_digest=sessions.digest(token), attempt__person=visitor.person)
    session = sent.select_related("attempt").first()
    return session.attempt if session else None


def judge(claims: Mapping[str, Any], *, deployment: Deployment, visitor: Visitor, now: datetime) -> Session:
    """The session that the message may start, found by its session_data. Raises the StartRefused that applies."""
    session = _session(claims)
    if not deployment.registration.supports(START_PROCTORING):
        raise NotAProctoringTool
    if session.deployment_id != deployment.pk:
        raise DeploymentDiffers
    if session.attempt.person_id != visitor.person.pk:
        raise OtherPerson
    if session.browser_digest != sessions.digest(visitor.session_key):
        raise OtherBrowser
    _require_unaltered(claims, attempt=session.attempt)
    if session.session_data_used_at is not None:
        raise SessionDataUsed
    if session.session_data_expires_at <= now:
        raise SessionDataExpired
    return session


def _session(claims: Mapping[str, Any]) -> Session:
    data = claims.get(f"{A}session_data")
    if not isinstance(data, str) or not data:
        raise SessionDataUnknown
    rows = Session.objects.select_related("attempt__exam", "attempt__person")
    session = rows.filter(session_data_digest=sessions.digest(data)).first()
    if session is None:
        raise SessionDataUnknown
    return session


def _require_unaltered(claims: Mapping[str, Any], *, attempt: Attempt) -> None:
    """attempt_number and resource_link come back as they were sent: a number is not its text, nor true a 1."""
    number, link = claims.get(f"{A}attempt_number"), claims.get(f"{LTI}resource_link")
    if type(number) is not int or number != attempt.number:
        raise AttemptNumberDiffers
    if not isinstance(link, dict) or link.get("id") != str(attempt.exam.proctoring_link_id):
        raise ResourceLinkDiffers


def start(session: Session, *, claims: Mapping[str, Any], token: str, now: datetime) -> Attempt:
    """Spends the session_data and sets the attempt going.

    Raises AttemptOver where it can no longer run, SessionDataUsed for a session that began or ended before.
    """
    kept = {
        "start_token_digest": sessions.digest(token),
        "end_assessment_return": wants_end(claims),
        "verified_user": verified(claims.get(f"{A}verified_user")),
    }
    return set_going(session, now=now, reason_code="checked_in", kept=kept)


def wants_end(claims: Mapping[str, Any]) -> bool:
    """Whether the tool asks for LtiEndAssessment; anything but true is no, and does not stop the exam."""
    value = claims.get(f"{A}end_assessment_return", False)
    if not isinstance(value, bool):
        log.warning("end_assessment_return is no boolean; taken as false")
    return value is True


def verified(value: object) -> dict[str, str]:
    """What the tool says it verified about the candidate: known claims as short text, everything else left out."""
    if not isinstance(value, dict):
        return {}
    return {
        name: value[name]
        for name in IDENTITY
        if isinstance(value.get(name), str)
        and len(value[name]) <= LONGEST_VERIFIED
        and value[name].isprintable()
    }
