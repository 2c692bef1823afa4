"""A sweep gives each row one try, ends after a minute, and waits for no host that fails."""

from datetime import datetime
from uuid import UUID

import pytest
from django.db.models import QuerySet

from lti_platform.journal.clock import Clock
from lti_platform.journal.sweeping import sweep
from lti_platform.people.models import Organization
from tests.clocks import stopped, walking

pytestmark = pytest.mark.django_db


class Post:
    """Letters owed to hosts: organizations stand in for both, the kind of each for its host."""

    def __init__(self, *letters: str) -> None:
        for letter in letters:
            Organization.objects.create(name=letter, kind=letter.split()[0])
        self.tried: list[str] = []

    def due(self, _now: datetime) -> QuerySet[Organization]:
        return Organization.objects.order_by("name")

    def attempt(self, key: UUID) -> int | None:
        letter = Organization.objects.get(pk=key)
        self.tried.append(letter.name)
        if letter.kind == "cursed":
            raise KeyError("no key to sign with")
        return None if letter.kind == "away" else 1

    def swept(self, clock: Clock, *, most: int = 2) -> int:
        return sweep(self.due, attempt=self.attempt, place="kind", clock=clock, most=most)


def test_every_row_has_one_try(now: datetime) -> None:
    post = Post("host 1", "host 2", "host 3")
    assert post.swept(stopped(now)) == 3
    assert post.tried == ["host 1", "host 2", "host 3"]


def test_a_host_that_fails_is_left_alone_and_the_others_have_their_turn(now: datetime) -> None:
    post = Post("away 1", "away 2", "away 3", "host 1")
    assert post.swept(stopped(now)) == 1
    assert post.tried == ["away 1", "host 1"]


def test_what_goes_wrong_with_us_stops_nobody_else(now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")
    post = Post("cursed 1", "cursed 2", "host 1")
    assert post.swept(stopped(now)) == 1
    assert post.tried == ["cursed 1", "host 1"]


def test_slow_hosts_have_a_minute_between_them(now: datetime) -> None:
    post = Post(*(f"host{number} 1" for number in range(30)))
    assert 0 < post.swept(walking(now, seconds=10), most=100) < 7
