from datetime import datetime, timedelta

import pytest
from django.db import transaction

from keys.signing import Purpose, verify_jwt
from lti_platform.journal import sealing
from lti_platform.journal.models import Entry, Seal
from lti_platform.journal.recording import record
from tests.lti_platform.journal.probe.facts import Probed

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(now: datetime) -> list[Entry]:
    for number in range(5):
        with transaction.atomic():
            record(Probed(name=f"fact {number}"), now=now + timedelta(seconds=number), note="words")
    sealing.seal_pending(now=now)
    return list(Entry.objects.order_by("number"))


def test_entries_are_chained_in_the_order_of_recording(chain: list[Entry]) -> None:
    assert [entry.payload["name"] for entry in chain] == [f"fact {number}" for number in range(5)]
    assert sealing.verify(chain) is None


def test_sealing_again_continues_the_chain(chain: list[Entry], now: datetime) -> None:
    with transaction.atomic():
        record(Probed(name="late"), now=now + timedelta(minutes=1))
    assert sealing.seal_pending(now=now + timedelta(minutes=2)) == 1
    assert sealing.seal_pending(now=now + timedelta(minutes=3)) == 0
    assert sealing.verify(Entry.objects.order_by("number")) is None


def test_the_head_is_signed(chain: list[Entry], now: datetime) -> None:
    seal = Seal.objects.get()
    claims = verify_jwt(seal.signature, purpose=Purpose.SEAL, audience=None, now=now)
    assert claims["hash"] == chain[-1].hash


def test_a_changed_fact_breaks_the_chain_at_its_place(chain: list[Entry]) -> None:
    chain[2].payload = {"name": "another"}
    assert sealing.verify(chain) == sealing.Break(3, "hash")


def test_a_removed_entry_shows_as_a_gap(chain: list[Entry]) -> None:
    assert sealing.verify(chain[:2] + chain[3:]) == sealing.Break(3, "gap")


def test_a_rewritten_tail_does_not_link(chain: list[Entry]) -> None:
    chain[3].payload = {"name": "another"}
    chain[3].hash = sealing.hash_of(sealing.chained_form(chain[3]))
    assert sealing.verify(chain) == sealing.Break(5, "link")


def test_erasing_personal_words_breaks_nothing(chain: list[Entry]) -> None:
    chain[1].details.delete()
    assert sealing.verify(Entry.objects.order_by("number")) is None
