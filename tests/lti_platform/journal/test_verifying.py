from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from lti_platform.journal import sealing
from lti_platform.journal.models import Entry, Reaction, Seal
from lti_platform.journal.recording import record
from lti_platform.journal.verifying import verify_record
from tests.lti_platform.journal.probe.facts import Probed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(now: datetime) -> None:
    """Six entries under three seals, and one that waits."""
    for minute in range(7):
        with transaction.atomic():
            record(Probed(name=f"entry {minute}"), now=now + timedelta(minutes=minute))
        if minute % 2 and minute < 6:
            sealing.seal_pending(now=now + timedelta(minutes=minute))


def change() -> None:
    Entry.objects.filter(number=3).update(subject="attempt:another")


def take_out() -> None:
    Entry.objects.filter(number=3).update(number=None)


def cut_off() -> None:
    Reaction.objects.all().delete()
    Entry.objects.filter(number__gt=4).delete()


def write_anew() -> None:
    """Mallory changes an entry and works out every hash again, but cannot sign."""
    previous = sealing.FIRST_HASH
    for number in range(1, 7):
        entry = Entry.objects.get(number=number)
        entry.subject, entry.previous_hash = "attempt:another", previous
        entry.hash = previous = sealing.hash_of(sealing.chained_form(entry))
        entry.save()
        Seal.objects.filter(number=number).update(hash=entry.hash)


@pytest.mark.usefixtures("sealed")
def test_a_record_nobody_touched_holds(now: datetime) -> None:
    verdict = verify_record(now=now)
    assert (verdict.entries, verdict.seals, verdict.unsealed, verdict.found) == (6, 3, 1, None)


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    ("tamper", "rule", "number"),
    [(change, "hash", 3), (take_out, "gap", 3), (cut_off, "cut", 6), (write_anew, "signature", 2)],
)
def test_each_way_of_tampering_is_found(
    tamper: Callable[[], None], rule: str, number: int, now: datetime
) -> None:
    tamper()
    assert verify_record(now=now).found == sealing.Break(number, rule)


@pytest.mark.usefixtures("sealed")
def test_the_command_says_that_it_holds_or_where_it_does_not() -> None:
    out = StringIO()
    call_command("verify_record", stdout=out)
    assert out.getvalue() == "The record holds: 6 entries under 3 seals; 1 wait for the next one.\n"
    change()
    with pytest.raises(CommandError, match=r"at number 3: hash"):
        call_command("verify_record", stdout=out)
