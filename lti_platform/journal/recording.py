"""Recording: a fact and the reactions it owes, in the transaction that made it true; refusals on their own."""

import hashlib
import json
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from lti_platform.journal import actors, reactions, ringing
from lti_platform.journal.actors import Actor
from lti_platform.journal.facts import Fact
from lti_platform.journal.models import Entry, EntryDetails, Reaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Refused(Fact):
    """Something was asked that a rule forbids; `rule` is the error's stable code."""

    fact_type: ClassVar[str] = "security.refused"
    rule: str


def details_digest(*, salt: str, address: str, note: str) -> str:
    """Salted SHA-256 (hex) over the erasable words, as the chain covers them."""
    return hashlib.sha256(json.dumps([salt, address, note]).encode()).hexdigest()


def record(
    fact: Fact,
    *,
    now: datetime,
    subject: str = "",
    organization_id: UUID | None = None,
    actor: Actor | None = None,
    note: str = "",
    address: str = "",
) -> Entry:
    """Appends `fact` to the journal and owes its reactions; call it inside the transaction of the change.

    `subject` is "<kind>:<id>", `note` and `address` are erasable words. Raises TransactionManagementError outside
    a transaction: a fact without its change, or a change without its fact, must not be possible.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "A fact is recorded in the transaction that makes it true."
        )
    actor = actor or actors.current()
    salt = secrets.token_hex(16) if note or address else ""
    entry = Entry(
        fact_type=fact.fact_type,
        version=fact.version,
        payload=fact.as_payload(),
        subject=subject,
        organization_id=organization_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        recorded_at=now,
        details_digest=details_digest(salt=salt, address=address, note=note) if salt else "",
    )
    entry.save(force_insert=True)
    if salt:
        EntryDetails.objects.create(entry=entry, salt=salt, address=address, note=note)
    _owe_reactions(entry, fact, now=now)
    return entry


def _owe_reactions(entry: Entry, fact: Fact, *, now: datetime) -> None:
    names = reactions.names_for(type(fact))
    if not names:
        return
    Reaction.objects.bulk_create([Reaction(entry=entry, name=name, due_at=now) for name in names])
    transaction.on_commit(lambda: ringing.ring(str(entry.id)))


def record_refusal(
    rule: str,
    *,
    now: datetime,
    subject: str = "",
    organization_id: UUID | None = None,
    actor: Actor | None = None,
    note: str = "",
) -> None:
    """Appends a security entry in a transaction of its own; call it after the refused change was rolled back."""
    actor = actor or actors.current()
    log.warning("refused %s (%s %s) %s", rule, actor.kind, actor.id, subject)
    with transaction.atomic():
        record(
            Refused(rule=rule),
            now=now,
            subject=subject,
            organization_id=organization_id,
            actor=actor,
            note=note[:2000],
            address=actors.current_address(),
        )
