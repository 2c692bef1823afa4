import time
from datetime import datetime

from django.db import transaction

from lti_platform.journal.reactions import reacts_to
from lti_platform.people.models import Organization
from tests.lti_platform.journal.probe.facts import Probed, ProbedAtLength


@reacts_to(Probed)
def write_the_name(fact: Probed, *, now: datetime) -> None:
    """The effect shows how often it happened: each run appends a stroke."""
    if fact.fails:
        raise RuntimeError("the reaction was told to fail")
    row, _created = Organization.objects.get_or_create(name=fact.name, defaults={"kind": "host"})
    Organization.objects.filter(pk=row.pk).update(name=f"{fact.name}|")
    time.sleep(fact.seconds)


@reacts_to(ProbedAtLength, takes_long=True)
def work_at_length(fact: ProbedAtLength, *, now: datetime) -> None:
    """Says in a row whether it ran inside a transaction of the journal's."""
    inside = len(transaction.get_connection().savepoint_ids)
    Organization.objects.create(name=f"{fact.name} at depth {inside}", kind="host")
    if fact.fails:
        raise RuntimeError("the reaction was told to fail")
