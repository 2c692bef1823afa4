from datetime import datetime, timedelta

import pytest

from keys.models import OneTimeUse, SigningKey
from keys.replay import use_once
from lti_platform.journal import schedule
from lti_platform.tools import tasks

pytestmark = pytest.mark.django_db


def test_what_could_no_longer_be_presented_is_forgotten(now: datetime) -> None:
    for minutes in (5, 60):
        use_once("value", namespace=f"n{minutes}", expires_at=now + timedelta(minutes=minutes), now=now)
    tasks.forget_used_values(now=now + timedelta(minutes=30))
    assert list(OneTimeUse.objects.values_list("namespace", flat=True)) == ["n60"]


def test_the_private_half_of_a_retired_key_goes_when_its_overlap_is_over(now: datetime) -> None:
    key = SigningKey.objects.filter(state="active")[0]
    SigningKey.objects.filter(pk=key.pk).update(state="retired", published_until=now)
    tasks.destroy_retired_keys(now=now)
    key.refresh_from_db()
    assert key.sealed_private is None


def test_both_run_by_themselves() -> None:
    assert {"lti_platform.tools:forget_used_values", "lti_platform.tools:destroy_retired_keys"} <= set(
        schedule.jobs()
    )
