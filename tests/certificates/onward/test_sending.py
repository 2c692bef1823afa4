"""Deliveries against receivers of every kind, good and bad."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db.models import F

from certificates.onward import deliveries, destinations, retrying, sending
from certificates.onward.models import Delivery, DeliveryTry, Destination
from keys.errors import SealBroken
from lti_platform.journal.models import Entry
from tests.certificates.onward.staging import owed, portal, send, state
from tests.certificates.passing import announce, make_attempt, make_certificate, make_credential
from tests.factories import make_person
from tests.services.receiver import Answer, Receiver
from tests.together import together

pytestmark = pytest.mark.django_db


def test_a_release_reaches_the_portal(now: datetime, receiver: Receiver, settle: Callable[..., int]) -> None:
    there = portal(receiver, now=now)
    attempt = make_attempt(now)
    make_credential(attempt.exam)
    announce(attempt, now=now)
    settle()
    sending.send_due(now=now)
    (asked,) = there.heard
    body = there.verified(asked)
    assert (asked.method, asked.headers["content-type"]) == ("POST", "application/json")
    assert body["type"] == "certificate.issued"
    assert body["data"]["person"]["external_id"] == attempt.person.employee_id
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("delivered", 1)
    assert Entry.objects.filter(
        fact_type="onward.delivery_arrived", subject__startswith="certificate:"
    ).exists()


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_success_is_arrival(now: datetime, receiver: Receiver, status: int) -> None:
    there = portal(receiver, now=now)
    there.answers(status)
    assert send(owed(now), now=now).state == "delivered"
    assert sending.send_due(now=now + timedelta(days=30)) == 0
    assert len(there.heard) == 1


@pytest.mark.parametrize("status", [400, 409, 410, 413, 422])
def test_a_refusal_that_time_cannot_mend_is_parked_with_what_came_back(
    now: datetime, receiver: Receiver, status: int
) -> None:
    there = portal(receiver, now=now)
    there.behaves(Answer(status=status, body=b"unknown worker"))
    delivery = send(owed(now), now=now)
    assert (delivery.state, delivery.last_error) == ("parked", f"{status} unknown worker")
    assert delivery.tries.get().answer == "unknown worker"
    assert Entry.objects.filter(fact_type="onward.delivery_parked").count() == 1


@pytest.mark.parametrize("status", [301, 302, 401, 403, 404, 500, 502, 503])
def test_what_time_may_mend_is_tried_again(now: datetime, receiver: Receiver, status: int) -> None:
    there = portal(receiver, now=now)
    there.answers(status)
    delivery = send(owed(now), now=now)
    assert (delivery.state, delivery.attempts, delivery.lease) == ("due", 1, None)
    assert delivery.due_at >= now + timedelta(seconds=retrying.SCHEDULE_SECONDS[0])
    assert str(status) in delivery.last_error


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "120", 120),
        (429, "Mon, 02 Mar 2026 15:10:00 GMT", 595),
        (503, "120", 120),
        (429, "never", 300),
        (429, "-1", 300),
    ],
)
def test_throttling_is_heeded_and_counts_for_nothing(
    now: datetime, receiver: Receiver, status: int, header: str, seconds: int
) -> None:
    there = portal(receiver, now=now)
    there.answers(status, retry_after=header)
    delivery = owed(now)
    for round_number in range(retrying.MOST_TRIES + 2):
        delivery = send(delivery, now=now + timedelta(microseconds=round_number))
        assert (delivery.state, delivery.attempts) == ("due", 0)
        assert delivery.due_at >= now + timedelta(seconds=seconds)
        Delivery.objects.update(due_at=now)
    there.answers(200)
    assert send(delivery, now=now + timedelta(seconds=1)).state == "delivered"


@pytest.mark.parametrize("header", ["3600", "Mon, 02 Mar 2026 16:00:00 GMT"])
def test_a_failure_that_names_a_later_time_waits_for_it(
    now: datetime, receiver: Receiver, header: str
) -> None:
    there = portal(receiver, now=now)
    there.answers(500, retry_after=header)
    delivery = send(owed(now), now=now)
    assert delivery.due_at >= now + timedelta(seconds=3595)
    assert delivery.attempts == 1


def test_a_redirect_is_not_followed_not_even_to_the_metadata_service(
    now: datetime, receiver: Receiver
) -> None:
    there = portal(receiver, now=now)
    there.answers(302, location="http://169.254.169.254/latest/meta-data/")
    assert send(owed(now), now=now).last_error.startswith("302")
    assert len(receiver.asked) == 1


def test_a_receiver_that_hangs_up_is_tried_again(now: datetime, receiver: Receiver) -> None:
    there = portal(receiver, now=now)
    there.behaves(Answer(reset=True))
    delivery = send(owed(now), now=now)
    assert (delivery.state, delivery.attempts) == ("due", 1)
    assert delivery.last_error.startswith("outbound_failed")
    assert delivery.tries.get().status is None


def test_a_slow_receiver_is_given_up_and_tried_again(now: datetime, receiver: Receiver) -> None:
    there = portal(receiver, now=now)
    there.behaves(Answer(body=b"x" * 100, pause_seconds=0.1))
    sending.send(owed(now).pk, now=now, timeout_seconds=0.4)
    delivery = Delivery.objects.get()
    assert delivery.last_error.startswith("outbound_timeout")
    assert delivery.due_at >= now + timedelta(seconds=retrying.SCHEDULE_SECONDS[0] + 0.4)


def test_a_huge_answer_is_not_read_and_its_status_counts(now: datetime, receiver: Receiver) -> None:
    there = portal(receiver, now=now)
    there.behaves(Answer(body=b"x" * 5_000_000))
    delivery = send(owed(now), now=now)
    assert delivery.state == "delivered"
    assert len(delivery.tries.get().answer) == 500


def test_an_answer_of_odd_bytes_is_kept_readable(now: datetime, receiver: Receiver) -> None:
    portal(receiver, now=now).behaves(Answer(status=400, body=b"\xff\x00<script>"))
    assert send(owed(now), now=now).last_error == "400 �<script>"


def test_an_address_that_became_private_is_parked_unasked(
    now: datetime, receiver: Receiver, settings: LazySettings
) -> None:
    there = portal(receiver, now=now)
    delivery = owed(now)
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = []
    delivery = send(delivery, now=now)
    assert (delivery.state, there.heard) == ("parked", [])
    assert delivery.last_error.startswith("outbound_scheme_refused")


def test_the_id_and_every_byte_stay_the_timestamp_is_the_trys_own(now: datetime, receiver: Receiver) -> None:
    there = portal(receiver, now=now)
    there.answers(500)
    delivery = owed(now, person=make_person("Zoë", "Núñez"))
    for number in range(3):
        send(delivery, now=now + timedelta(days=number, seconds=number))
    assert len({asked.headers["webhook-id"] for asked in there.heard}) == 1
    assert len({asked.body for asked in there.heard}) == 1
    assert len({asked.headers["webhook-timestamp"] for asked in there.heard}) == 3
    for asked in there.heard:
        assert there.verified(asked)["data"]["person"]["given_name"] == "Zoë"


def test_after_the_last_try_it_is_parked_and_nothing_is_lost(now: datetime, receiver: Receiver) -> None:
    there = portal(receiver, now=now)
    there.answers(500)
    delivery, moment = owed(now), now
    while state(delivery) == "due":
        moment = Delivery.objects.get().due_at
        sending.send_due(now=moment)
    assert len(there.heard) == retrying.MOST_TRIES
    assert timedelta(days=3) < moment - now < retrying.AGE_BUDGET
    assert state(delivery) == "parked"
    assert delivery.tries.count() == retrying.MOST_TRIES


def test_nothing_goes_to_a_destination_that_is_off_until_it_is_on(now: datetime, receiver: Receiver) -> None:
    there = portal(receiver, now=now)
    delivery = owed(now)
    Destination.objects.update(is_enabled=False)
    assert sending.send(delivery.pk, now=now) is None
    sending.send_due(now=now)
    assert there.heard == []
    Destination.objects.update(is_enabled=True)
    there.answers(500)
    later = now + timedelta(days=30)
    sending.send_due(now=later)
    assert state(delivery) == "due"  # the days it was off are not held against it
    there.answers(200)
    assert sending.send_due(now=later + timedelta(days=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_send_it_once(now: datetime, receiver: Receiver) -> None:
    there = portal(receiver, now=now)
    delivery = owed(now)
    together(*[lambda: sending.send(delivery.pk, now=now)] * 4)
    assert len(there.heard) == 1
    assert (state(delivery), Delivery.objects.get().attempts) == ("delivered", 1)


def test_a_worker_killed_after_sending_leads_to_a_second_copy_with_the_same_id(
    now: datetime, receiver: Receiver
) -> None:
    there = portal(receiver, now=now)
    delivery = owed(now)

    claimed = sending._claim(delivery.pk, now=now)
    assert claimed is not None
    sending._try(claimed, timeout_seconds=5, now=now)  # and here the worker dies: nothing is marked
    assert sending.send(delivery.pk, now=now + timedelta(seconds=30)) is None
    assert sending.send(delivery.pk, now=now + sending.LEASE) == retrying.Outcome.ARRIVED
    first, second = there.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_a_delivery_that_kills_its_workers_is_parked_in_the_end(now: datetime, receiver: Receiver) -> None:
    there = portal(receiver, now=now)
    delivery = owed(now)
    Delivery.objects.update(attempts=retrying.MOST_TRIES, leased_until=now, first_tried_at=now)
    assert send(delivery, now=now).state == "parked"
    assert there.heard == []


def test_a_destination_that_cannot_be_signed_for_does_not_stop_the_others(
    now: datetime, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = portal(receiver, now=now), portal(receiver, now=now, name="Sound", path="/sound")
    Destination.objects.filter(pk=broken.destination.pk).update(sealed_secret=b"nonsense")
    deliveries.queue(make_certificate(now).pk, now=now)
    with caplog.at_level(logging.CRITICAL):
        assert sending.send_due(now=now) == 1
    assert (len(broken.heard), len(sound.heard)) == (0, 1)
    left = Delivery.objects.get(destination=broken.destination)
    assert (left.state, left.attempts) == ("due", 1)
    assert left.last_error.startswith("unexpected")


def test_a_destination_that_fails_does_not_keep_the_others_waiting(now: datetime, receiver: Receiver) -> None:
    failing, sound = portal(receiver, now=now), portal(receiver, now=now, name="Sound", path="/sound")
    failing.answers(500)
    for _ in range(4):
        deliveries.queue(make_certificate(now).pk, now=now)
    Delivery.objects.filter(destination=failing.destination).update(due_at=F("due_at") - timedelta(hours=1))
    assert sending.send_due(now=now, most=2) == 4
    assert (len(failing.heard), len(sound.heard)) == (1, 4)


def test_secrets_are_sealed_at_rest_and_never_kept_in_words(
    now: datetime, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    there = portal(receiver, now=now)
    there.answers(500)
    with caplog.at_level(logging.DEBUG):
        send(owed(now), now=now)
    destination = Destination.objects.get()
    raw = destinations.raw_secret(there.secret)
    assert raw not in bytes(destination.sealed_secret)
    assert there.secret.encode() not in bytes(destination.sealed_secret)
    assert destinations.secret_of(destination) == raw
    kept = caplog.text + str(list(Entry.objects.values())) + str(list(DeliveryTry.objects.values()))
    assert there.secret not in kept
    assert there.secret.removeprefix("whsec_") not in kept


def test_a_sealed_secret_of_another_destination_does_not_open(now: datetime, receiver: Receiver) -> None:
    first, second = portal(receiver, now=now), portal(receiver, now=now, name="Second", path="/second")
    stolen = Destination(pk=second.destination.pk, sealed_secret=first.destination.sealed_secret)
    with pytest.raises(SealBroken):
        destinations.secret_of(stolen)
