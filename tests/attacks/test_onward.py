"""Mallory and deliveries: steering them elsewhere, flooding, forging, holding them up."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from certificates.onward import deliveries, retrying, sending
from certificates.onward.models import Delivery, Destination
from tests.certificates.onward.staging import owed, portal, send
from tests.certificates.passing import make_certificate
from tests.factories import ada
from tests.services.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest/meta-data/", "/elsewhere", "//evil.example/", "file:///etc/passwd"],
)
def test_a_receiver_sends_us_nowhere_else(
    now: datetime, receiver: Receiver, status: int, location: str
) -> None:
    portal(receiver, now=now).answers(status, location=location)
    delivery = send(owed(now), now=now)
    assert delivery.state == "due"
    assert [asked.path for asked in receiver.asked] == ["/hook"]


def test_a_name_that_turns_private_after_it_was_accepted_gets_nothing(
    now: datetime, receiver: Receiver, settings: LazySettings
) -> None:
    there = portal(receiver, now=now)
    delivery = owed(now)
    settings.OUTBOUND_PLAIN_HTTP_HOSTS = []
    Destination.objects.update(url="https://localhost/hook")
    delivery = send(delivery, now=now)
    assert (delivery.state, there.heard) == ("parked", [])
    assert "outbound_address_not_public" in delivery.last_error


@pytest.mark.parametrize("header", ["99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "9" * 4000])
def test_nobody_holds_a_delivery_for_years(now: datetime, receiver: Receiver, header: str) -> None:
    portal(receiver, now=now).answers(429, retry_after=header)
    assert send(owed(now), now=now).due_at <= now + retrying.LONGEST_WAIT * 1.2


def test_who_throttles_for_ever_does_not_make_us_hammer(now: datetime, receiver: Receiver) -> None:
    portal(receiver, now=now).answers(429, retry_after="1")
    delivery = send(owed(now), now=now)
    assert delivery.due_at >= now + timedelta(minutes=1)
    Delivery.objects.update(first_tried_at=now - retrying.AGE_BUDGET, due_at=now)
    assert send(delivery, now=now).state == "parked"


def test_an_answer_without_end_is_cut(now: datetime, receiver: Receiver) -> None:
    portal(receiver, now=now).behaves(Answer(status=500, body=b"x" * 20_000_000))
    delivery = send(owed(now), now=now)
    assert len(delivery.last_error) <= 500
    assert len(delivery.tries.get().answer) <= 500


@pytest.mark.parametrize("headers", [{"retry-after": "5\x00"}, {"x-odd": "é" * 200}, {"retry-after": ""}])
def test_odd_headers_do_no_harm(now: datetime, receiver: Receiver, headers: dict[str, str]) -> None:
    portal(receiver, now=now).behaves(Answer(status=500, headers=headers))
    assert send(owed(now), now=now).state == "due"


def test_one_dead_receiver_does_not_starve_the_living(now: datetime, receiver: Receiver) -> None:
    dead, alive = portal(receiver, now=now), portal(receiver, now=now, name="Alive", path="/alive")
    dead.behaves(Answer(reset=True))
    for _ in range(5):
        deliveries.queue(make_certificate(now).pk, now=now)
    sending.send_due(now=now)
    assert (len(dead.heard), len(alive.heard)) == (1, 5)


def test_a_receivers_words_are_text_on_our_pages(client: Client, now: datetime, receiver: Receiver) -> None:
    portal(receiver, now=now).behaves(Answer(status=422, body=b"<script>alert(1)</script>"))
    send(owed(now), now=now)
    client.force_login(ada())
    assert "<script>alert" not in client.get("/admin/deliveries/").content.decode()


def test_a_name_in_a_body_forges_no_member(now: datetime, receiver: Receiver) -> None:
    there = portal(receiver, now=now)
    certificate = make_certificate(now)
    certificate.facts["given_name"] = '","status":"valid","x":"'
    certificate.save()
    (delivery,) = deliveries.queue(certificate.pk, now=now)
    send(delivery, now=now)
    assert there.verified(there.heard[0])["data"]["person"]["given_name"] == '","status":"valid","x":"'
