"""Judging LtiDeepLinkingResponse, the message in which a tool sends what was picked (Deep Linking 2.0, 4.5)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from lti_platform.launches import access, hints, steps
from lti_platform.launches.authorization import Visitor
from lti_platform.launches.deep_linking import adding, fetching
from lti_platform.launches.deep_linking import items as content_items
from lti_platform.launches.deep_linking.errors import (
    DataExpired,
    DataMissing,
    DataOfAnotherBrowser,
    DataOfAnotherPerson,
    DataOfAnotherTool,
    DataUnknown,
    DataUsed,
    NotAPicker,
    RightsLost,
    TokenMissing,
)
from lti_platform.launches.models import ContentRequest, LaunchStep
from lti_platform.launches.vocabulary import DEEP_LINKING_CLAIM, DEEP_LINKING_REQUEST, DEEP_LINKING_RESPONSE
from lti_platform.tools import key_sets, messages
from lti_platform.tools.models import Deployment, Registration

MAX_DATA = 255
MAX_WORDS = 1000
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the tool sent: items as they will be kept, and its words, plain text."""

    items: list[content_items.Item] = field(default_factory=list)
    message: str = ""
    error: str = ""
    log: str = ""
    error_log: str = ""


def take(token: str, *, visitor: Visitor, now: datetime) -> ContentRequest:
    """The request that the answer is for, now used up; what was picked waits for a look, or becomes the link asked for.

    All or nothing: after a refusal the nonce and the data are as unused as before.
    Raises ResponseRefused, LaunchRefused, tools.errors.ToolsError.
    """
    if not token:
        raise TokenMissing
    registration = messages.signer_of(token)
    claims = key_sets.verify(token, registration=registration, now=now)
    files = fetched_files(claims, registration=registration, visitor=visitor, now=now)
    with transaction.atomic():
        request, answer = considered(claims, registration=registration, visitor=visitor, now=now)
        keep(request, answer=answer, now=now)
        fetching.keep_files(request, files)
        if request.link_id and answer.items:
            adding.add(request, now=now)
    return request


def fetched_files(
    claims: Mapping[str, Any], *, registration: Registration, visitor: Visitor, now: datetime
) -> list[fetching.Fetched]:
    """The files of an answer that is good otherwise, fetched while no transaction is open. Raises as `take` does."""
    if not fetching.names_files(claims.get(f"{DEEP_LINKING_CLAIM}content_items")):
        return []
    with transaction.atomic():
        request, answer = considered(claims, registration=registration, visitor=visitor, now=now)
        transaction.set_rollback(True)  # only a look: nonce and data are as unused as before
    return fetching.fetch_files(answer.items, accepted=request.settings["accept_media_types"])


def considered(
    claims: Mapping[str, Any], *, registration: Registration, visitor: Visitor, now: datetime
) -> tuple[ContentRequest, Answer]:
    """The request that is answered, and what is answered, all of it judged. Raises as `take` does."""
    deployment = messages.judge_tool_jwt(
        claims, registration=registration, message_type=DEEP_LINKING_RESPONSE, now=now
    )
    request = judge(claims, deployment=deployment, visitor=visitor, now=now)
    return request, read(claims, request=request, now=now)


def judge(
    claims: Mapping[str, Any], *, deployment: Deployment, visitor: Visitor, now: datetime
) -> ContentRequest:
    """The request whose `data` came back, to the one it was made for, in time. Raises ResponseRefused."""
    request = request_of(claims)
    launch = request.launch
    if not launch.registration.supports(DEEP_LINKING_REQUEST):
        raise NotAPicker
    if launch.deployment_id != deployment.pk:
        raise DataOfAnotherTool
    if launch.person != visitor.person:
        raise DataOfAnotherPerson
    if launch.session_digest != visitor.session_digest:
        raise DataOfAnotherBrowser
    if request.used_at is not None:
        raise DataUsed
    if request.expires_at <= now:
        raise DataExpired
    if launch.context is None or not access.may_author(launch.person, launch.context, now=now):
        raise RightsLost
    return request


def request_of(claims: Mapping[str, Any]) -> ContentRequest:
    """The request with this data, used or not. Raises DataMissing, DataUnknown."""
    data = claims.get(f"{DEEP_LINKING_CLAIM}data")
    if not isinstance(data, str) or not 0 < len(data) <= MAX_DATA:
        raise DataMissing
    related = ("registration", "deployment", "person", "context")
    rows = ContentRequest.objects.select_related("link", *(f"launch__{name}" for name in related))
    found = rows.filter(data_digest=hints.digest(data)).first()
    if found is None:
        raise DataUnknown
    return found


def read(claims: Mapping[str, Any], *, request: ContentRequest, now: datetime) -> Answer:
    """The items, every one of them good, and the tool's words. Raises ResponseRefused."""
    wanted = content_items.Wanted(
        settings=request.settings, registration=request.launch.registration, now=now
    )
    return Answer(
        items=content_items.read(claims.get(f"{DEEP_LINKING_CLAIM}content_items"), wanted=wanted),
        message=words(claims, "msg"),
        error=words(claims, "errormsg"),
        log=words(claims, "log"),
        error_log=words(claims, "errorlog"),
    )


def words(claims: Mapping[str, Any], name: str) -> str:
    """Untrusted plain text; anything else is nothing."""
    value = claims.get(f"{DEEP_LINKING_CLAIM}{name}")
    return steps.plain(value.strip(), limit=MAX_WORDS) if isinstance(value, str) else ""


def keep(request: ContentRequest, *, answer: Answer, now: datetime) -> None:
    """Uses the data up by one conditional update; of several at once, all but one raise DataUsed."""
    state = ContentRequest.State.WAITING if answer.items else ContentRequest.State.EMPTY
    told = {
        "items": answer.items,
        "message": answer.message,
        "error": answer.error,
        "state": state,
        "used_at": now,
        "settled_at": None if answer.items else now,
    }
    if not ContentRequest.objects.filter(pk=request.pk, used_at=None).update(**told):
        raise DataUsed
    for name, value in told.items():
        setattr(request, name, value)
    note_in_launch(request, answer=answer, now=now)


def note_in_launch(request: ContentRequest, *, answer: Answer, now: datetime) -> None:
    """What came back, as a step of the launch; the tool's log words also in our log."""
    said = {"msg": answer.message, "errormsg": answer.error, "log": answer.log, "errorlog": answer.error_log}
    if answer.log or answer.error_log:
        log.warning("launch %s, the tool's log: %s", request.launch.reference, answer.log or answer.error_log)
    LaunchStep.objects.create(
        launch=request.launch,
        name=steps.CONTENT_RETURNED,
        succeeded=not (answer.error or answer.error_log),
        details={"items": len(answer.items), **{name: value for name, value in said.items() if value}},
        at=now,
    )
