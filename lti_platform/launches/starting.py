"""Starting a launch: third-party-initiated login (LTI Security Framework 5.1.1.1)."""

from datetime import datetime, timedelta
from typing import Any, Required, TypedDict, Unpack
from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError, transaction

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.launches import access, hints, steps, trying
from lti_platform.launches.errors import (
    ForUserMissing,
    LinkMissing,
    LinkOfAnotherTool,
    LinkRemoved,
    LinkUnwanted,
    MessageNotDeclared,
    NotAMember,
    ToolNotEnabled,
    ToolNotOfCourse,
)
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import (
    DECLARED_ONLY,
    RESOURCE_LINK_REQUEST,
    SUBMISSION_REVIEW_REQUEST,
    WITHOUT_LINK,
)
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment

REFERENCE_TRIES = 5


class Opening(TypedDict, total=False):
    """What to open. `context` defaults to the link's, `target_link_uri` to the link's or the tool's own.

    `subject` says what the launch is about ("attempt:<uuid>"); `return_url` is the page of ours to go back to.
    `has_own_hours` says that this, such as an attempt, has times of its own, and the link's do not hold for it.
    `for_person` is whose work the message is about, `custom_parameters` are of this launch alone, and `pretends`
    makes it a test launch ("learner" or "instructor").
    `storage_target` is `storing.PARENT` where the page above or behind the tool keeps values for it.
    """

    deployment: Required[Deployment]
    message_type: Required[str]
    resource_link: ResourceLink | None
    context: Context | None
    target_link_uri: str | None
    subject: str
    has_own_hours: bool
    return_url: str
    document_target: str
    storage_target: str
    for_person: Person | None
    custom_parameters: dict[str, str]
    pretends: str


def start(
    *, person: Person, session_key: str, now: datetime, **opening: Unpack[Opening]
) -> tuple[Launch, str]:
    """Keeps a launch bound to person, session, client, deployment and message; returns it with its raw hint.

    The hint is 256 random bits, kept as a digest, good once and for LTI_LAUNCH_SECONDS. Raises LaunchNotStarted.
    """
    link = opening.get("resource_link")
    context = opening.get("context") or (link.context if link else None)
    judge(opening, person=person, context=context, now=now)
    hint = hints.new_hint()
    launch = Launch(
        hint_digest=hints.digest(hint),
        session_digest=hints.digest(session_key),
        person=person,
        registration=opening["deployment"].registration,
        deployment=opening["deployment"],
        context=context,
        resource_link=link,
        message_type=opening["message_type"],
        target_link_uri=target_of(opening),
        document_target=opening.get("document_target", "window"),
        storage_target=opening.get("storage_target", ""),
        return_url=opening.get("return_url", ""),
        subject=opening.get("subject", ""),
        for_person=opening.get("for_person"),
        custom_parameters=opening.get("custom_parameters", {}),
        **pretence(opening, person=person),
        created_at=now,
        expires_at=now + timedelta(seconds=settings.LTI_LAUNCH_SECONDS),
    )
    keep(launch, now=now)
    return launch, hint


def judge(opening: Opening, *, person: Person, context: Context | None, now: datetime) -> None:
    """Raises the LaunchNotStarted that applies."""
    deployment, link = opening["deployment"], opening.get("resource_link")
    if not access.is_on(deployment):
        raise ToolNotEnabled
    if not access.is_for(deployment, context):
        raise ToolNotOfCourse
    message_type = opening["message_type"]
    judge_message(opening)
    judge_link(link, deployment=deployment, message_type=message_type)
    if pretends := opening.get("pretends"):
        trying.judge(person, context=context, message_type=message_type, pretends=pretends, now=now)
        return
    if not access.is_in_standing(person, now=now):
        raise NotAMember
    if context is None:
        return
    roles = access.roles_for(person, context, message_type=message_type, now=now)
    if roles is None or (person.learns_only and not (roles and access.is_only_learner(roles))):
        raise NotAMember
    if not opening.get("has_own_hours"):
        access.judge_open(link, roles=roles, now=now)


def judge_message(opening: Opening) -> None:
    """The newer messages go to tools that declared them; a review is about somebody, and some speak of no link."""
    message_type = opening["message_type"]
    declared = opening["deployment"].registration.supports(message_type)
    if message_type in DECLARED_ONLY and not declared:
        raise MessageNotDeclared
    if message_type == SUBMISSION_REVIEW_REQUEST and opening.get("for_person") is None:
        raise ForUserMissing
    if message_type in WITHOUT_LINK and opening.get("resource_link"):
        raise LinkUnwanted


def pretence(opening: Opening, *, person: Person) -> dict[str, Any]:
    """The fields of a launch that tell a test from others; none for others."""
    pretends = opening.get("pretends", "")
    if not pretends:
        return {}
    told = trying.pretended_id(person, pretends=pretends)
    return {"is_test": True, "pretends": pretends, "pretended_id": told}


def judge_link(link: ResourceLink | None, *, deployment: Deployment, message_type: str) -> None:
    """A resource link launch opens a link of its own deployment; other messages may speak about another tool's."""
    if not access.is_present(link):
        raise LinkRemoved
    if message_type != RESOURCE_LINK_REQUEST:
        return
    if link is None:
        raise LinkMissing
    if link.deployment_id != deployment.pk:
        raise LinkOfAnotherTool


def target_of(opening: Opening) -> str:
    """The address the message is for: as told, else the link's own, else the tool's for this message."""
    deployment, link = opening["deployment"], opening.get("resource_link")
    if told := opening.get("target_link_uri"):
        return told
    own = link.target_link_uri if link and link.deployment_id == deployment.pk else ""
    return own or deployment.registration.target_for(opening["message_type"])


def keep(launch: Launch, *, now: datetime) -> None:
    """Saves the launch under a reference nobody has, with its first step."""
    for tried in range(1, REFERENCE_TRIES + 1):
        launch.reference = hints.new_reference()
        try:
            with transaction.atomic():
                launch.save(force_insert=True)
                steps.login_started(launch, now=now).save()
        except IntegrityError:
            if tried == REFERENCE_TRIES:
                raise
        else:
            return


def login_hint(launch: Launch) -> str:
    """Says which launch, and so which person, to us alone: a random id, no personal data."""
    return str(launch.pk)


def login_initiation(launch: Launch, *, hint: str) -> tuple[str, dict[str, str]]:
    """The tool's login address and the parameters to send there, by GET or POST."""
    return launch.registration.initiate_login_uri, {
        "iss": settings.PLATFORM_URL,
        "login_hint": login_hint(launch),
        "target_link_uri": launch.target_link_uri,
        "lti_message_hint": hint,
        "lti_deployment_id": launch.deployment.deployment_id,
        "client_id": launch.registration.client_id,
        **storage_fields(launch),
    }


def storage_fields(launch: Launch) -> dict[str, str]:
    """Says, with the login and again with the token, that a page of ours keeps values (postMessage Storage 0.1)."""
    return {"lti_storage_target": launch.storage_target} if launch.storage_target else {}


def as_address(url: str, *, parameters: dict[str, str]) -> str:
    """The address with the parameters added, keeping the query it has."""
    address, _, fragment = url.partition("#")
    joined = f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"
    return f"{joined}#{fragment}" if fragment else joined
