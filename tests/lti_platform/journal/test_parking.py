from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from lti_platform.journal import parking, working
from lti_platform.journal.models import Entry, Reaction
from lti_platform.journal.recording import record
from tests.lti_platform.journal.probe import reactions  # noqa: F401  (registers the reaction)
from tests.lti_platform.journal.probe.facts import Probed

pytestmark = pytest.mark.django_db


@pytest.fixture
def parked(now: datetime) -> Reaction:
    """A reaction that failed until nobody tried again."""
    with transaction.atomic():
        entry = record(Probed(name="effect", fails=True), now=now, subject="attempt:7")
    for day in range(len(working.BACK_OFF_SECONDS) + 2):
        working.run_due(now=now + timedelta(days=day))
    return entry.reactions.get()


def command(**options: object) -> str:
    out = StringIO()
    call_command("parked_reactions", stdout=out, **options)
    return out.getvalue()


def test_the_list_says_what_is_parked_about_what_and_why(parked: Reaction) -> None:
    said = command()
    assert str(parked.pk) in said
    assert "attempt:7" in said
    assert "told to fail" in said


def test_an_empty_list_says_so() -> None:
    assert command() == "Nothing is parked.\n"


@pytest.mark.parametrize("which", ["all", "id"])
def test_one_set_going_again_is_due_with_all_its_tries(parked: Reaction, which: str) -> None:
    assert command(retry="all" if which == "all" else str(parked.pk)).startswith("1 due again")
    parked.refresh_from_db()
    assert (parked.state, parked.attempts) == (Reaction.State.DUE, 0)
    entry = Entry.objects.get(fact_type="journal.reaction_retried")
    assert (entry.subject, entry.payload["reaction_id"]) == ("attempt:7", parked.pk)


@pytest.mark.parametrize("which", ["0", "nobody", "-1"])
def test_an_id_that_names_nothing_parked_is_refused(parked: Reaction, which: str) -> None:
    with pytest.raises(CommandError, match="No parked reaction"):
        command(retry=which)


def test_one_set_going_twice_at_once_is_written_down_once(parked: Reaction, now: datetime) -> None:
    assert [parking.retry([parked], now=now) for _ in range(2)] == [1, 0]
    assert Entry.objects.filter(fact_type="journal.reaction_retried").count() == 1
