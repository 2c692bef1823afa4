from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from keys.models import SigningKey
from keys.purposes import Purpose
from lti_platform.journal.models import Entry
from lti_platform.tools import own_keys, signing_keys
from tests.factories import make_registration

pytestmark = pytest.mark.django_db
State = SigningKey.State


def kid_of(state: str, *, purpose: Purpose = Purpose.SEAL) -> str:
    return SigningKey.objects.get(purpose=purpose, state=state).kid


def recorded(fact_type: str) -> list[dict[str, str]]:
    return [dict(entry.payload) for entry in Entry.objects.filter(fact_type=fact_type)]


def command(**options: object) -> list[str]:
    out = StringIO()
    call_command("rotate_keys", stdout=out, **options)
    return out.getvalue().splitlines()


def test_the_command_rotates_one_purpose_says_so_and_writes_it_down() -> None:
    active, upcoming = kid_of(State.ACTIVE), kid_of(State.UPCOMING)
    [line] = command(purpose="seal")
    assert line.startswith(f"seal: {upcoming} signs; {active} published until ")
    made = kid_of(State.UPCOMING)
    keys = {"activated_kid": upcoming, "retired_kid": active, "upcoming_kid": made}
    assert recorded("tools.key_rotated") == [{"purpose": "seal", **keys}]


def test_the_command_revokes_says_who_signs_instead_and_writes_it_down() -> None:
    active, upcoming = kid_of(State.ACTIVE), kid_of(State.UPCOMING)
    assert command(revoke=active) == [f"seal: {active} revoked", f"seal: {upcoming} signs"]
    assert recorded("tools.key_revoked") == [{"purpose": "seal", "kid": active, "activated_kid": upcoming}]
    assert recorded("tools.key_made") == [
        {"kid": kid_of(State.UPCOMING), "purpose": "seal", "state": State.UPCOMING}
    ]


def test_what_changed_and_what_was_written_down_stand_or_fall_together(now: datetime) -> None:
    active = kid_of(State.ACTIVE)
    with transaction.atomic():
        signing_keys.rotate(Purpose.SEAL, now=now)
        transaction.set_rollback(True)
    assert kid_of(State.ACTIVE) == active
    assert recorded("tools.key_rotated") == []


def test_the_command_makes_what_is_missing_and_nothing_else() -> None:
    SigningKey.objects.filter(purpose=Purpose.SEAL).delete()
    made = command(missing=True)
    assert made == [f"{kid_of(State.ACTIVE)}: made", f"{kid_of(State.UPCOMING)}: made"]
    assert command(missing=True) == ["No key is missing."]
    assert len(recorded("tools.key_made")) == 2


def test_the_command_names_what_is_wrong_and_writes_nothing() -> None:
    with pytest.raises(CommandError, match="signing_key_unknown"):
        command(revoke="nobody")
    assert not Entry.objects.filter(fact_type__startswith="tools.key_").exists()


def test_a_private_half_destroyed_after_its_overlap_is_written_down(now: datetime) -> None:
    retired = signing_keys.rotate(Purpose.SEAL, now=now).retired_kid
    assert signing_keys.destroy_overdue(now=now + timedelta(days=6)) == ()
    assert signing_keys.destroy_overdue(now=now + timedelta(days=8)) == (retired,)
    assert recorded("tools.key_destroyed") == [{"kid": retired}]


def test_the_keys_of_one_tool_are_rotated_alone(now: datetime) -> None:
    tool = make_registration()
    own_keys.give(tool, now=now)
    everybodys = kid_of(State.ACTIVE)
    [line] = command(tool=tool.client_id)
    assert line.startswith("id_token: ")
    assert kid_of(State.ACTIVE) == everybodys
    assert SigningKey.objects.get(owner=tool.client_id, state=State.ACTIVE).kid in line


def test_a_tool_without_keys_of_its_own_has_none_to_rotate() -> None:
    with pytest.raises(CommandError, match="has keys of its own"):
        command(tool=make_registration().client_id)
