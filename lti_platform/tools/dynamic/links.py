"""Links by which one tool may register itself: made by an admin, good once and for a time, known by a digest alone."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from lti_platform.journal.recording import record
from lti_platform.people.models import Organization, Person
from lti_platform.people.roles import may
from lti_platform.people.standing import may_act
from lti_platform.tools import overseeing
from lti_platform.tools.dynamic import addresses
from lti_platform.tools.errors import Problem, RegistrationTokenRefused
from lti_platform.tools.facts import RegistrationLinkMade, RegistrationLinkWithdrawn
from lti_platform.tools.models import RegistrationLink

SHORT = timedelta(hours=1)
LONG = timedelta(days=7)  # for a link that waits in somebody's mail
MAX_FIELD, MAX_PROBLEMS = 100, 20


def digest(token: str) -> str:
    """What is kept of a token: SHA-256, hex."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_token() -> str:
    """256 bits nobody can guess."""
    return secrets.token_urlsafe(32)


def make(
    *,
    by: Person,
    organization: Organization | None,
    now: datetime,
    tool_url: str = "",
    note: str = "",
    lifetime: timedelta = SHORT,
) -> tuple[RegistrationLink, str]:
    """A new link and its token, which is nowhere else and cannot be shown again."""
    token = new_token()
    with transaction.atomic():
        link = RegistrationLink.objects.create(
            token_digest=digest(token),
            tool_url=tool_url,
            note=note,
            created_by=by,
            organization=organization,
            created_at=now,
            expires_at=now + lifetime,
        )
        _record_made(link, now=now)
    return link, token


def renew(link: RegistrationLink, *, now: datetime) -> str:
    """A new token for a link that was not used, good for an hour; the one before is void.

    Raises RegistrationTokenRefused when a tool came first.
    """
    token = new_token()
    with transaction.atomic():
        unused = RegistrationLink.objects.filter(pk=link.pk, used_at=None)
        fresh = {"token_digest": digest(token), "expires_at": now + SHORT, "refused_at": None, "refusal": []}
        if not unused.update(**fresh):
            raise RegistrationTokenRefused("the link was used")
        link.refresh_from_db()
        _record_made(link, now=now)
    return token


def withdraw(link: RegistrationLink, *, now: datetime) -> bool:
    """Nobody can use the link from here on; False when somebody did, or its time was over."""
    with transaction.atomic():
        unused = RegistrationLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now)
        if not unused.update(token_digest=None, expires_at=now):
            return False
        fact = RegistrationLinkWithdrawn(link_id=link.pk)
        record(fact, now=now, subject=_subject(link.pk), organization_id=link.organization_id)
    return True


def open_link(token: str, *, now: datetime) -> RegistrationLink:
    """The link of this token, if a tool may still use it. Raises RegistrationTokenRefused."""
    links = RegistrationLink.objects.select_related("created_by", "organization")
    link = links.filter(token_digest=digest(token)).first()
    if link is None:
        raise RegistrationTokenRefused("the registration token is not one of ours")
    if link.used_at:
        raise RegistrationTokenRefused("the registration token was used")
    if link.expires_at <= now:
        raise RegistrationTokenRefused("the registration token has expired")
    if not is_backed(link, now=now):
        raise RegistrationTokenRefused("whoever gave the registration token may not register tools any more")
    return link


def claim(link: RegistrationLink, *, now: datetime) -> None:
    """Uses the link up; undone with the caller's transaction. Raises RegistrationTokenRefused if another came first."""
    same = RegistrationLink.objects.filter(pk=link.pk, token_digest=link.token_digest)
    if not same.filter(used_at=None, expires_at__gt=now).update(used_at=now):
        raise RegistrationTokenRefused("the registration token was used")


def note_refusal(link: RegistrationLink, problems: Iterable[Problem], *, now: datetime) -> None:
    """Keeps why the tool's registration was refused, for the admin who waits; the link stays as good as it was."""
    kept = [
        {
            "field": problem.field[:MAX_FIELD],
            "code": problem.code,
            "message": str(problem.message),
            "troubles": problem.troubles[:MAX_PROBLEMS],
        }
        for problem in problems
    ]
    unused = RegistrationLink.objects.filter(pk=link.pk, used_at=None)
    unused.update(refused_at=now, refusal=kept[:MAX_PROBLEMS])


def is_backed(link: RegistrationLink, *, now: datetime) -> bool:
    """Whether the admin who made it may still register tools for whom it is."""
    by = link.created_by
    if not may_act(by, on=timezone.localdate(now)):
        return False
    if link.organization_id is None:
        return overseeing.is_for_whole_platform(by)
    return may(by, overseeing.PERMISSION, organization_id=link.organization_id)


def initiation(tool_url: str, *, token: str) -> str:
    """The tool's registration address with what it must know (Dynamic Registration, registration initiation)."""
    parts = urlsplit(tool_url)
    ours = urlencode({"openid_configuration": addresses.configuration(), "registration_token": token})
    query = f"{parts.query}&{ours}" if parts.query else ours
    return urlunsplit(parts._replace(query=query))


def _record_made(link: RegistrationLink, *, now: datetime) -> None:
    fact = RegistrationLinkMade(link_id=link.pk, expires_at=link.expires_at.isoformat())
    record(fact, now=now, subject=_subject(link.pk), organization_id=link.organization_id)


def _subject(link_id: UUID) -> str:
    return f"registration_link:{link_id}"
