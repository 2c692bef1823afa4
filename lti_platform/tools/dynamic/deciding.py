"""An admin decides what a tool that registered itself gets, and about the changes it asks for later."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lti_platform.journal.facts import Fact
from lti_platform.journal.recording import record
from lti_platform.people.models import Organization
from lti_platform.tools.errors import AlreadyDecided, RequestChanged
from lti_platform.tools.facts import ToolActivated, ToolChanged, ToolChangeSettled, ToolDeclined
from lti_platform.tools.models import Deployment, FetchedKeySet, Registration
from lti_platform.tools.registering import deploy
from lti_platform.tools.scopes import grantable

State = Registration.State


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What the admin gives of what was asked: scopes, message types, and how much of people."""

    scopes: Collection[str]
    messages: Collection[str]
    privacy: str


# What changes by itself, and is nothing to decide about.
UNSEEN = frozenset({"created_at", "tokens_void_before", "has_own_keys", "management_digest"})


def fingerprint(registration: Registration) -> str:
    """Changes whenever what an admin decides about does; the page carries it, so that nobody grants the unseen."""
    names = [field.name for field in Registration._meta.concrete_fields]
    shown = {name: str(getattr(registration, name)) for name in names if name not in UNSEEN}
    said = [shown, registration.asked, registration.proposed, registration.messages]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def activate(
    registration: Registration, *, seen: str, grant: Grant, organization: Organization | None, now: datetime
) -> Deployment:
    """The tool may be opened from here on, with what is granted and one deployment, which is returned.

    Raises AlreadyDecided, RequestChanged.
    """
    with transaction.atomic():
        row = _locked(registration, seen=seen)
        if row.state != State.PENDING:
            raise AlreadyDecided("somebody decided about this tool before")
        _give(row, grant=grant)
        row.state, row.is_enabled = State.ACTIVE, True
        row.save()
        fact = ToolActivated(registration_id=row.pk, scopes=" ".join(row.scopes), privacy=row.privacy)
        _record(fact, row, now=now)
        return deploy(row, organization=organization, now=now)


def decline(registration: Registration, *, now: datetime) -> None:
    """The tool gets nothing, and can no longer ask. Raises AlreadyDecided."""
    with transaction.atomic():
        pending = Registration.objects.filter(pk=registration.pk, state=State.PENDING)
        if not pending.update(state=State.DECLINED, management_digest=None):
            raise AlreadyDecided("somebody decided about this tool before")
        _record(ToolDeclined(registration_id=registration.pk), registration, now=now)


def accept_change(registration: Registration, *, seen: str, grant: Grant, now: datetime) -> list[str]:
    """Gives the tool the change it asks for, as far as granted; the names of the fields that changed.

    Raises AlreadyDecided, RequestChanged.
    """
    with transaction.atomic():
        row = _locked(registration, seen=seen)
        if row.proposed is None:
            raise AlreadyDecided("there is no change to decide about")
        values, before = row.proposed["values"], {**vars(row)}
        for name, value in values.items():
            setattr(row, name, value)
        row.asked, row.proposed = row.proposed["asked"], None
        _give(row, grant=grant)
        row.save()
        if row.jwks_uri != before["jwks_uri"]:
            FetchedKeySet.objects.filter(registration=row).delete()
        changed = sorted(name for name in {*values, "privacy"} if getattr(row, name) != before[name])
        _record(ToolChanged(registration_id=row.pk, fields=",".join(changed)), row, now=now)
        _record(ToolChangeSettled(registration_id=row.pk, outcome="accepted"), row, now=now)
    return changed


def decline_change(registration: Registration, *, now: datetime) -> None:
    """The tool stays as it is. Raises AlreadyDecided."""
    with transaction.atomic():
        asking = Registration.objects.filter(pk=registration.pk, proposed__isnull=False)
        if not asking.update(proposed=None):
            raise AlreadyDecided("there is no change to decide about")
        fact = ToolChangeSettled(registration_id=registration.pk, outcome="declined")
        _record(fact, registration, now=now)


def _locked(registration: Registration, *, seen: str) -> Registration:
    row = Registration.objects.select_for_update().get(pk=registration.pk)
    if fingerprint(row) != seen:
        is_settled = row.state != State.PENDING and row.proposed is None
        if is_settled:
            raise AlreadyDecided("somebody decided about this before")
        raise RequestChanged("the tool changed its request meanwhile")
    return row


def _give(row: Registration, *, grant: Grant) -> None:
    """Never more than was asked: a form that names more gives no more."""
    row.scopes = grantable(row.scopes, granted=grant.scopes)
    row.messages = [message for message in row.messages if message["type"] in grant.messages]
    row.privacy = str(Registration.Privacy(grant.privacy))


def _record(fact: Fact, registration: Registration, *, now: datetime) -> None:
    subject = f"tool:{registration.pk}"
    record(fact, now=now, subject=subject, organization_id=registration.organization_id)
