"""Keys that sign for one tool alone, and keys that change by the clock."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from django.conf import LazySettings

from keys.models import SigningKey
from keys.publishing import key_set_of, published_key_set
from keys.purposes import Purpose
from lti_platform.journal.models import Entry
from lti_platform.tools import own_keys, signing_keys
from tests.factories import make_registration

pytestmark = pytest.mark.django_db
State = SigningKey.State
QUARTER = timedelta(days=90)


def signs(tool: object) -> str:
    """The key id over a message to the tool."""
    token = own_keys.sign_message({"sub": "lena"}, registration=tool)  # type: ignore[arg-type]
    return str(jwt.get_unverified_header(token)["kid"])


def kids(key_set: dict[str, list[dict[str, str]]]) -> set[str]:
    return {key["kid"] for key in key_set["keys"]}


def made_long_ago(now: datetime) -> None:
    """Every key there is began a quarter ago."""
    SigningKey.objects.update(created_at=now - QUARTER)
    SigningKey.objects.filter(state=State.ACTIVE).update(activated_at=now - QUARTER)


def test_a_tool_with_keys_of_its_own_is_signed_for_by_no_key_of_others(now: datetime) -> None:
    first, second, shared = make_registration(), make_registration(), make_registration()
    own_keys.give(first, now=now)
    own_keys.give(second, now=now)
    assert len({signs(first), signs(second), signs(shared)}) == 3
    owners = dict(SigningKey.objects.values_list("kid", "owner"))
    assert (owners[signs(first)], owners[signs(shared)]) == (first.client_id, "")


def test_its_own_address_has_its_keys_alone_and_the_common_one_has_them_too(now: datetime) -> None:
    tool = make_registration()
    common = kids(published_key_set(now=now))
    own_keys.give(tool, now=now)
    own = kids(key_set_of(tool.client_id, is_alone=True, now=now))
    assert len(own) == 2
    assert not own & common
    assert own <= kids(published_key_set(now=now))


def test_before_it_has_keys_of_its_own_its_address_has_those_that_sign_launches(now: datetime) -> None:
    tool = make_registration()
    served = kids(key_set_of(tool.client_id, is_alone=False, now=now))
    launches = SigningKey.objects.filter(purpose=Purpose.ID_TOKEN)
    assert served == set(launches.values_list("kid", flat=True))


def test_own_keys_that_were_taken_stay_published_for_the_overlap(now: datetime) -> None:
    tool = make_registration()
    own_keys.give(tool, now=now)
    before = signs(tool)
    assert own_keys.take(tool, now=now)
    assert signs(tool) != before
    assert before in kids(published_key_set(now=now + timedelta(days=6)))
    assert before not in kids(published_key_set(now=now + timedelta(days=8)))


def test_giving_and_taking_is_written_down_once(now: datetime) -> None:
    tool = make_registration()
    assert [own_keys.give(tool, now=now), own_keys.give(tool, now=now)] == [True, False]
    assert [own_keys.take(tool, now=now), own_keys.take(tool, now=now)] == [True, False]
    facts = Entry.objects.filter(subject=f"tool:{tool.pk}").order_by("fact_type")
    assert list(facts.values_list("fact_type", flat=True)) == ["tools.keys_owned", "tools.keys_shared"]


def test_a_revoked_key_of_one_tool_is_followed_by_another_of_its_own(now: datetime) -> None:
    tool = make_registration()
    own_keys.give(tool, now=now)
    before = signs(tool)
    signing_keys.revoke(before, now=now)
    assert signs(tool) != before
    assert SigningKey.objects.get(kid=signs(tool)).owner == tool.client_id
    assert before not in kids(key_set_of(tool.client_id, is_alone=True, now=now))


def test_keys_change_by_the_clock_and_the_successor_was_published_before(now: datetime) -> None:
    made_long_ago(now)
    announced = kids(published_key_set(now=now))
    done = signing_keys.rotate_due(now=now)
    assert {outcome.purpose for outcome in done} == set(signing_keys.BY_THE_CLOCK)
    assert all(outcome.activated_kid in announced for outcome in done)
    assert all(outcome.published_until == now + timedelta(days=7) for outcome in done)
    assert signing_keys.rotate_due(now=now) == ()


def test_keys_of_one_tool_change_by_the_clock_too(now: datetime) -> None:
    tool = make_registration()
    own_keys.give(tool, now=now - QUARTER)
    SigningKey.objects.filter(owner="").update(activated_at=now)
    [done] = signing_keys.rotate_due(now=now)
    assert (done.owner, signs(tool)) == (tool.client_id, done.activated_kid)


def test_seals_and_certificates_keep_their_keys_until_somebody_decides(now: datetime) -> None:
    made_long_ago(now)
    lasting = SigningKey.objects.filter(purpose__in=[Purpose.SEAL, Purpose.CREDENTIAL]).order_by("kid")
    before = list(lasting.values_list("kid", "state"))
    signing_keys.rotate_due(now=now)
    assert list(lasting.values_list("kid", "state")) == before


def test_a_successor_nobody_has_seen_yet_waits(now: datetime) -> None:
    made_long_ago(now)
    SigningKey.objects.filter(state=State.UPCOMING).update(created_at=now - timedelta(days=6))
    assert signing_keys.rotate_due(now=now) == ()
    assert signing_keys.rotate_due(now=now + timedelta(days=1)) != ()


def test_days_are_a_setting_and_none_leaves_it_to_people(now: datetime, settings: LazySettings) -> None:
    made_long_ago(now)
    settings.KEY_ROTATION_DAYS = 0
    assert signing_keys.rotate_due(now=now) == ()
    settings.KEY_ROTATION_DAYS, settings.KEY_OVERLAP_DAYS = 91, 2
    assert signing_keys.rotate_due(now=now) == ()
    [first, *_] = signing_keys.rotate_due(now=now + timedelta(days=1))
    assert first.published_until == now + timedelta(days=3)


def test_a_revoked_key_is_served_no_more_and_its_successor_signs_at_once() -> None:
    tool, moment = make_registration(), datetime.now(UTC)
    before = signs(tool)
    done = signing_keys.revoke(before, now=moment, reason="its machine was stolen")
    assert signs(tool) == done.activated_kid
    assert before not in kids(published_key_set(now=moment))
    entry = Entry.objects.get(fact_type="tools.key_revoked")
    assert entry.details.note == "its machine was stolen"
