"""Reactions that kept failing wait here for a person, who looks at why and sets them going again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.db.models import QuerySet

from lti_platform.journal.facts import Fact
from lti_platform.journal.models import Reaction
from lti_platform.journal.recording import record


@dataclass(frozen=True, kw_only=True)
class ReactionRetried(Fact):
    """A person set a parked reaction going again."""

    fact_type: ClassVar[str] = "journal.reaction_retried"
    reaction_id: int
    name: str


def parked() -> QuerySet[Reaction]:
    """Every parked reaction with its entry, oldest fact first."""
    rows = Reaction.objects.filter(state=Reaction.State.PARKED).select_related("entry")
    return rows.order_by("entry__recorded_at", "id")


def retry(reactions: Iterable[Reaction], *, now: datetime) -> int:
    """Makes each due again, its attempts counted anew; how many. One no longer parked is left alone."""
    return sum(_retry(reaction, now=now) for reaction in reactions)


@transaction.atomic
def _retry(reaction: Reaction, *, now: datetime) -> bool:
    still_parked = Reaction.objects.filter(pk=reaction.pk, state=Reaction.State.PARKED)
    if not still_parked.update(state=Reaction.State.DUE, attempts=0, due_at=now):
        return False
    entry = reaction.entry
    record(
        ReactionRetried(reaction_id=reaction.pk, name=reaction.name),
        now=now,
        subject=entry.subject,
        organization_id=entry.organization_id,
    )
    return True
