"""Judging an authentication request and answering it with a signed id_token (LTI Security Framework 5.1.1)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lti_platform.journal.recording import record
from lti_platform.launches import access, hints, id_token, steps, trying
from lti_platform.launches.authentication_request import Asked, judge_answerable, judge_form
from lti_platform.launches.errors import (
    AccessLost,
    ClientMissing,
    ClientUnknown,
    LoginHintOfAnother,
    MessageHintExpired,
    MessageHintOfAnotherClient,
    MessageHintSpent,
    MessageHintUnknown,
    NoSession,
    RedirectMissing,
    RedirectNotRegistered,
    SessionOfAnother,
    ToolSwitchedOff,
)
from lti_platform.launches.facts import LaunchSent
from lti_platform.launches.models import Launch, LaunchStep
from lti_platform.launches.roles import institution_roles, role_uris
from lti_platform.launches.starting import login_hint
from lti_platform.people.models import Person
from lti_platform.tools.models import Registration
from lti_platform.tools.own_keys import sign_message

MAX_CLIENT_ID = 100


@dataclass(frozen=True)
class Visitor:
    """Whose browser this is: nobody's when `person` is None."""

    person: Person | None = None
    session_digest: str = ""


@dataclass(frozen=True)
class Request:
    """What was asked, the launch its hint names, the tool its client_id names; what was not found is None."""

    asked: Asked
    method: str
    launch: Launch | None = None
    registration: Registration | None = None


def look_up(asked: Asked, *, method: str) -> Request:
    """Finds the launch and the tool, with one query when they belong together. Judges nothing."""
    launch = launch_of(asked.value("lti_message_hint"))
    client_id = asked.value("client_id")
    if launch and launch.registration.client_id == client_id:
        return Request(asked=asked, method=method, launch=launch, registration=launch.registration)
    return Request(asked=asked, method=method, launch=launch, registration=registration_of(client_id))


def launch_of(hint: str) -> Launch | None:
    """The launch with this hint, spent or not, with its tool and its place; its person comes with the visitor."""
    if not hint:
        return None
    related = ("registration", "deployment", "deployment__of_course", "context", "resource_link")
    found = Launch.objects.select_related(*related).filter(hint_digest=hints.digest(hint))
    launch = next(iter(found), None)  # an order, as first() wants one, costs more than the look-up
    if launch:
        launch.deployment.registration = launch.registration
    return launch


def registration_of(client_id: str) -> Registration | None:
    """The tool, switched on or off. A text that could be nobody's client_id is not looked up."""
    if not client_id or len(client_id) > MAX_CLIENT_ID or not client_id.isprintable():
        return None
    return Registration.objects.filter(client_id=client_id).first()


def validated_redirect(request: Request) -> str:
    """The address to answer to: one the tool registered, equal character by character. Raises RequestUnanswerable."""
    judge_answerable(request.asked)
    if not request.asked.value("client_id"):
        raise ClientMissing
    if request.registration is None:
        raise ClientUnknown
    if not (redirect := request.asked.value("redirect_uri")):
        raise RedirectMissing
    if redirect not in request.registration.redirect_uris:
        raise RedirectNotRegistered
    return redirect


def authorize(request: Request, *, visitor: Visitor, now: datetime) -> str:
    """Judges the request, consumes its hint and signs the id_token, all or nothing.

    Raises RequestRefused; keys.errors.KeysError when nothing can sign. `validated_redirect` comes first.
    """
    launch, roles = judge(request, visitor=visitor, now=now)
    with transaction.atomic():
        consume(launch, now=now)
        claims = id_token.claims(launch, nonce=request.asked.value("nonce"), roles=roles, now=now)
        token = sign_message(claims, registration=launch.registration)
        received = steps.request_received(
            launch, parameters=request.asked.known, method=request.method, now=now
        )
        signed = steps.token_signed(launch, claims=claims, now=now)
        LaunchStep.objects.bulk_create([received, steps.checks_passed(launch, now=now), signed])
        record_sent(launch, now=now)
    return token


def judge(request: Request, *, visitor: Visitor, now: datetime) -> tuple[Launch, list[str]]:
    """The launch and the person's roles in its context, once every check has passed in order."""
    judge_form(request.asked)
    launch = judge_hint(request, now=now)
    judge_session(launch, asked=request.asked, visitor=visitor)
    if not access.is_on(launch.deployment) or not access.is_for(launch.deployment, launch.context):
        raise ToolSwitchedOff
    return launch, judge_access(launch, now=now)


def judge_hint(request: Request, *, now: datetime) -> Launch:
    """The launch, if its hint is known, this client's, unspent and in time."""
    launch = request.launch
    if launch is None:
        raise MessageHintUnknown
    if request.registration is None or launch.registration_id != request.registration.pk:
        raise MessageHintOfAnotherClient
    if launch.consumed_at is not None:
        raise MessageHintSpent
    if launch.expires_at <= now:
        raise MessageHintExpired
    return launch


def judge_session(launch: Launch, *, asked: Asked, visitor: Visitor) -> None:
    """The person of `login_hint`, in the session that started the launch (LTI Security Framework 5.1.1.3).

    The launch then has the person as this request read them.
    """
    if visitor.person is None:
        raise NoSession
    if asked.value("login_hint") != login_hint(launch):
        raise LoginHintOfAnother
    if visitor.person.pk != launch.person_id or visitor.session_digest != launch.session_digest:
        raise SessionOfAnother
    launch.person = visitor.person


def judge_access(launch: Launch, *, now: datetime) -> list[str]:
    """The person's roles in the launch's context. Raises AccessLost."""
    if not access.is_in_standing(launch.person, now=now) or not access.is_present(launch.resource_link):
        raise AccessLost
    if launch.context is None:
        return []
    if launch.is_test:
        if not trying.may_try(launch.person, context=launch.context, now=now):
            raise AccessLost
        return trying.roles(launch)
    roles = access.roles_for(launch.person, launch.context, message_type=launch.message_type, now=now)
    if roles is None:
        raise AccessLost
    return [*role_uris(roles), *institution_roles(launch.person, context=launch.context, roles=roles)]


def consume(launch: Launch, *, now: datetime) -> None:
    """Spends the hint by one conditional update; of two at once, one raises MessageHintSpent."""
    unspent = Launch.objects.filter(pk=launch.pk, consumed_at=None, expires_at__gt=now)
    if not unspent.update(consumed_at=now, state=Launch.State.SENT, refusal=""):
        raise MessageHintSpent


def record_sent(launch: Launch, *, now: datetime) -> None:
    """The fact, under what the launch is about."""
    fact = LaunchSent(
        launch_id=launch.pk,
        person_id=launch.person_id,
        deployment_id=launch.deployment_id,
        message_type=launch.message_type,
    )
    subject = launch.subject or f"launch:{launch.pk}"
    record(fact, now=now, subject=subject, organization_id=launch.person.organization_id)
