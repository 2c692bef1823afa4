"""What goes back to the other LMS: the settled result alone, until it arrives, and its withdrawal."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from keys.models import SigningKey
from keys.publishing import published_key_set
from keys.signing import forget_cached_keys
from lti_platform.journal.recording import record
from lti_platform.people.models import Person
from proctoring.door import returning
from proctoring.door.models import ReturnedResult
from proctoring.facts import AttemptReleased
from proctoring.models import Attempt
from tests.clocks import stopped, walking
from tests.factories import ada, lena, make_exam
from tests.proctoring.door.other_lms import OtherLms
from tests.services.receiver import Receiver

pytestmark = pytest.mark.django_db
State = ReturnedResult.State


@pytest.fixture
def lms(receiver: Receiver) -> OtherLms:
    return OtherLms(receiver, make_exam())


@pytest.fixture
def visitor(lms: OtherLms) -> Person:
    """Lena, who came from the other LMS."""
    person = lena(employee_id="E-1001", organization=lms.exam.context.organization)
    lms.known_as()
    lms.launch(Client())
    return person


def attempt_of(person: Person, lms: OtherLms, *, state: str, now: datetime, **fields: object) -> Attempt:
    numbers = {"case_number": 4821 + Attempt.objects.count(), "number": 1 + Attempt.objects.count()}
    given = {"percent": Decimal("84.00"), "passed": True, "created_at": now, "settled_at": now, **fields}
    return Attempt.objects.create(exam=lms.exam, person=person, state=state, **numbers, **given)


def test_a_released_result_goes_back_in_per_cent(visitor: Person, lms: OtherLms, now: datetime) -> None:
    attempt = attempt_of(visitor, lms, state="released", now=now)
    returning.owe(attempt.pk, now=now)
    returning.owe(attempt.pk, now=now)
    assert returning.send_due(now=now) == 1
    assert lms.scores() == [
        {
            "userId": "moodle-77",
            "scoreGiven": 84.0,
            "scoreMaximum": 100,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": "2026-03-02T15:00:00.000Z",
        }
    ]
    [assertion] = lms.assertions()
    assert (assertion["iss"], assertion["aud"]) == (lms.client_id, lms.receiver.url("/token"))
    assert ReturnedResult.objects.get().state == State.SENT


@pytest.mark.parametrize(
    "state", ["running", "paused", "interrupted", "submitted", "terminated", "invalidated", "voided"]
)
def test_what_is_not_settled_or_not_valid_never_goes_back(
    visitor: Person, lms: OtherLms, now: datetime, state: str
) -> None:
    attempt = attempt_of(visitor, lms, state=state, now=now)
    assert returning.owe(attempt.pk, now=now) is None
    assert returning.send_due(now=now) == 0
    assert lms.scores() == []


def test_a_rejection_after_the_release_takes_the_result_back(
    visitor: Person, lms: OtherLms, now: datetime
) -> None:
    attempt = attempt_of(visitor, lms, state="released", now=now)
    returning.owe(attempt.pk, now=now)
    returning.send_due(now=now)
    later = now + timedelta(days=1)
    Attempt.objects.filter(pk=attempt.pk).update(state="invalidated", settled_at=later)
    returning.owe(attempt.pk, now=later)
    assert returning.send_due(now=later) == 1
    last = lms.scores()[-1]
    assert "scoreGiven" not in last
    assert (last["gradingProgress"], last["timestamp"]) == ("NotReady", "2026-03-03T15:00:00.000Z")


def test_a_late_rejection_takes_nothing_back_where_a_newer_result_stands(
    visitor: Person, lms: OtherLms, now: datetime
) -> None:
    later = now + timedelta(days=1)
    first = attempt_of(visitor, lms, state="released", now=now, percent=Decimal("40"), passed=False)
    second = attempt_of(visitor, lms, state="released", now=later)
    for attempt in (first, second):
        returning.owe(attempt.pk, now=later)
    assert returning.send_due(now=later) == 2
    Attempt.objects.filter(pk=first.pk).update(state="invalidated", settled_at=later + timedelta(days=1))
    assert returning.owe(first.pk, now=later) is None
    assert [score["scoreGiven"] for score in lms.scores()] == [40.0, 84.0]


def test_a_parked_result_that_a_newer_one_replaced_is_not_sent_again(
    visitor: Person, lms: OtherLms, now: datetime
) -> None:
    later = now + timedelta(days=1)
    lms.status = 404
    owed = returning.owe(attempt_of(visitor, lms, state="released", now=now).pk, now=now)
    returning.send_due(now=now)
    lms.status = 200
    returning.owe(attempt_of(visitor, lms, state="released", now=later).pk, now=later)
    assert returning.send_due(now=later) == 1
    assert owed
    assert not returning.send_again(owed.pk, now=later)


def test_who_came_from_nowhere_has_no_result_to_return(lms: OtherLms, now: datetime) -> None:
    attempt = attempt_of(lena(), lms, state="released", now=now)
    assert returning.owe(attempt.pk, now=now) is None


def test_an_lms_that_is_away_gets_it_when_it_is_back(visitor: Person, lms: OtherLms, now: datetime) -> None:
    returning.owe(attempt_of(visitor, lms, state="released", now=now).pk, now=now)
    lms.status = 503
    assert returning.send_due(now=now, clock=stopped(now)) == 0
    lms.status = 200
    assert returning.send_due(now=now + timedelta(seconds=9)) == 0
    assert returning.send_due(now=now + timedelta(seconds=10)) == 1


def test_a_refusal_is_parked_shown_and_sent_again_by_a_person(
    client: Client, visitor: Person, lms: OtherLms, now: datetime
) -> None:
    lms.status = 404
    owed = returning.owe(attempt_of(visitor, lms, state="released", now=now).pk, now=now)
    assert owed
    returning.send_due(now=now)
    client.force_login(ada())
    address = f"/admin/other-platforms/{owed.visitor.platform_id}/"
    assert "the other platform answered 404" in client.get(address).content.decode()
    lms.status = 200
    client.post(f"{address}results/{owed.pk}/send")
    assert returning.send_due(now=now + timedelta(days=300)) == 1


def test_of_two_workers_one_sends(visitor: Person, lms: OtherLms, now: datetime) -> None:
    owed = returning.owe(attempt_of(visitor, lms, state="released", now=now).pk, now=now)
    assert owed
    ReturnedResult.objects.update(leased_until=now + returning.LEASE)
    assert returning.send_due(now=now) == 0
    assert returning.send_due(now=now + returning.LEASE) == 1


def two_owed(visitor: Person, lms: OtherLms, *, now: datetime) -> list[ReturnedResult]:
    """Results for two line items of the same LMS."""
    made = [returning.owe(attempt_of(visitor, lms, state="released", now=now).pk, now=now) for _ in range(2)]
    owed = [result for result in made if result]
    ReturnedResult.objects.filter(pk=owed[1].pk).update(line_item_url=lms.receiver.url("/items/8"))
    lms.receiver.answers["/items/8/scores"] = lms.receiver.answers["/items/7/scores"]
    return owed


def test_an_lms_that_is_away_is_asked_once_in_a_sweep(visitor: Person, lms: OtherLms, now: datetime) -> None:
    two_owed(visitor, lms, now=now)
    lms.status = 503
    assert returning.send_due(now=now) == 0
    assert len(lms.assertions()) == 1
    assert sorted(ReturnedResult.objects.values_list("tries", flat=True)) == [0, 1]


def test_each_result_of_a_sweep_arrives_at_its_own_moment(
    visitor: Person, lms: OtherLms, now: datetime
) -> None:
    two_owed(visitor, lms, now=now)
    assert returning.send_due(now=now, clock=walking(now, seconds=5)) == 2
    arrived = ReturnedResult.objects.order_by("arrived_at").values_list("arrived_at", flat=True)
    assert len(set(arrived)) == 2


def test_a_result_that_cannot_be_signed_says_so_waits_and_is_parked_in_the_end(
    visitor: Person, lms: OtherLms, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    owed = returning.owe(attempt_of(visitor, lms, state="released", now=now).pk, now=now)
    assert owed
    SigningKey.objects.filter(purpose="tool").delete()
    forget_cached_keys()
    moments: list[datetime] = []
    with caplog.at_level("CRITICAL"):
        while owed.state == State.DUE and len(moments) < 20:
            moments.append(owed.due_at)
            assert returning.send_due(now=owed.due_at) == 0
            owed.refresh_from_db()
    assert (owed.state, owed.last_error) == (State.PARKED, "unexpected: NoActiveKey")
    assert len(moments) == len(returning.BACK_OFF_SECONDS) + 1


def test_a_result_that_kills_its_workers_is_parked_unsent(
    visitor: Person, lms: OtherLms, now: datetime
) -> None:
    owed = returning.owe(attempt_of(visitor, lms, state="released", now=now).pk, now=now)
    assert owed
    ReturnedResult.objects.update(tries=len(returning.BACK_OFF_SECONDS) + 1, leased_until=now)
    assert returning.send_due(now=now) == 0
    owed.refresh_from_db()
    assert (owed.state, lms.scores()) == (State.PARKED, [])


def test_we_sign_with_a_key_that_signs_nothing_else(visitor: Person, lms: OtherLms, now: datetime) -> None:
    returning.owe(attempt_of(visitor, lms, state="released", now=now).pk, now=now)
    returning.send_due(now=now)
    kid = lms.kids()[0]
    assert kid in [key["kid"] for key in published_key_set(now=now)["keys"]]
    assert lms.purpose_of(kid) == "tool"


def test_the_release_brings_it_on_its_way(
    visitor: Person, lms: OtherLms, now: datetime, settle: Callable[..., int]
) -> None:
    attempt = attempt_of(visitor, lms, state="released", now=now)
    fact = AttemptReleased(attempt_id=attempt.pk, passed=True)
    with transaction.atomic():
        record(fact, now=now, subject=f"attempt:{attempt.pk}")
    settle(now=now)
    assert ReturnedResult.objects.get().percent == Decimal("84.00")
