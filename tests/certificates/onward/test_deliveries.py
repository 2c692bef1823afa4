"""What is owed to whom, and in which order."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from certificates import revoking
from certificates.onward import deliveries, destinations, payloads, sending
from certificates.onward.errors import NotParked
from certificates.onward.models import Delivery
from lti_platform.journal.models import Entry, Reaction
from tests.certificates.onward.staging import Portal, owed, portal, revoked, send, state
from tests.certificates.passing import make_certificate
from tests.factories import lena, make_organization, make_person
from tests.services.receiver import Answer, Receiver
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(receiver: Receiver, now: datetime) -> Portal:
    """A portal that hears of everybody."""
    return portal(receiver, now=now)


def test_hearing_of_an_issue_twice_owes_one_delivery(
    there: Portal, now: datetime, settle: Callable[..., int]
) -> None:
    certificate = make_certificate(now)
    settle()
    Reaction.objects.update(state="due", attempts=0, due_at=now)
    settle()
    deliveries.queue(certificate.pk, now=now)
    assert Delivery.objects.count() == 1
    assert Entry.objects.filter(fact_type="onward.delivery_queued").count() == 1


@pytest.mark.django_db(transaction=True)
def test_hearing_of_it_at_the_same_moment_owes_one(now: datetime, receiver: Receiver) -> None:
    portal(receiver, now=now)
    certificate = make_certificate(now)
    together(*[lambda: deliveries.queue(certificate.pk, now=now)] * 3)
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_persons_deliveries_are_numbered_without_doubles(now: datetime, receiver: Receiver) -> None:
    portal(receiver, now=now)
    person = lena()
    earned = [make_certificate(now, person=person) for _ in range(3)]
    together(*[lambda pk=one.pk: deliveries.queue(pk, now=now) for one in earned])
    assert sorted(Delivery.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_only_destinations_of_the_persons_organization_hear_of_it(
    there: Portal, receiver: Receiver, now: datetime
) -> None:
    mine, other = make_organization("Gulf Scaffolding"), make_organization("Harbor Lift")
    portal(receiver, now=now, name="Mine", organization=mine, path="/mine")
    portal(receiver, now=now, name="Other", organization=other, path="/other")
    made = deliveries.queue(make_certificate(now, person=make_person(organization=mine)).pk, now=now)
    assert sorted(delivery.destination.name for delivery in made) == ["Mine", "Portal"]
    made = deliveries.queue(make_certificate(now, person=make_person(organization=None)).pk, now=now)
    assert [delivery.destination.name for delivery in made] == ["Portal"]


def test_a_person_hears_in_order_and_the_first_holds_up_the_second(there: Portal, now: datetime) -> None:
    person = lena()
    first, second = owed(now, person=person), owed(now, person=person)
    assert sending.send(second.pk, now=now) is None
    there.answers(500)
    sending.send_due(now=now)
    assert len(there.heard) == 1
    assert sending.send(second.pk, now=now + timedelta(hours=1)) is None
    there.answers(200)
    assert sending.send_due(now=now + timedelta(hours=1)) == 2
    assert [asked.headers["webhook-id"] for asked in there.heard[1:]] == [str(first.pk), str(second.pk)]


def test_a_parked_one_lets_the_next_go(there: Portal, now: datetime) -> None:
    person = lena()
    first, second = owed(now, person=person), owed(now, person=person)
    there.behaves(Answer(status=422))
    send(first, now=now)
    there.answers(200)
    assert send(second, now=now).state == "delivered"


def test_other_people_are_not_held_up(there: Portal, now: datetime) -> None:
    first, second = owed(now), owed(now)
    there.answers(500)
    send(first, now=now)
    there.answers(200)
    assert send(second, now=now).state == "delivered"


def test_a_newer_state_overtakes_one_that_waits(there: Portal, now: datetime) -> None:
    there.answers(500)
    old = send(owed(now), now=now)
    new = revoked(old.certificate, now=now)
    assert (state(old), state(new)) == ("superseded", "due")
    there.answers(200)
    sending.send_due(now=now)
    assert [body["data"]["certificate"]["status"] for body in there.bodies] == ["valid", "revoked"]


def test_a_newer_state_overtakes_one_that_is_parked(there: Portal, now: datetime) -> None:
    there.behaves(Answer(status=422))
    old = send(owed(now), now=now)
    revoked(old.certificate, now=now)
    assert state(old) == "superseded"
    with pytest.raises(NotParked):
        deliveries.replay(old.pk, now=now)


def test_one_that_is_being_sent_is_overtaken_when_it_fails(there: Portal, now: datetime) -> None:
    """The revocation waits for the answer under way, and for no retry of what it replaces."""
    old = owed(now)
    new: list[Delivery] = []

    def fail(asked: object) -> Answer:
        return Answer(status=500)

    there.receiver.answers[there.path] = fail
    Delivery.objects.update(leased_until=now + sending.LEASE)
    new.append(revoked(old.certificate, now=now))
    assert state(old) == "due"
    assert sending.send(new[0].pk, now=now) is None
    later = now + sending.LEASE
    there.answers(200)
    sending.send_due(now=later)
    assert state(old) == "superseded"
    assert [body["data"]["certificate"]["status"] for body in there.bodies] == ["revoked"]


def test_an_issue_heard_of_after_the_revocation_says_revoked(there: Portal, now: datetime) -> None:
    certificate = make_certificate(now)
    revoking.revoke(certificate.pk, reason="Rejected.", now=now)
    (delivery,) = deliveries.queue(certificate.pk, now=now)
    assert delivery.event_type == "certificate.revoked"
    assert json.loads(delivery.body)["data"]["certificate"]["status"] == "revoked"
    assert deliveries.queue(certificate.pk, now=now) == []


def test_a_replay_sends_the_same_bytes_under_the_same_id(there: Portal, now: datetime) -> None:
    there.behaves(Answer(status=422))
    delivery = send(owed(now), now=now)
    there.answers(200)
    later = now + timedelta(days=60)
    deliveries.replay(delivery.pk, now=later)
    assert send(delivery, now=later).state == "delivered"
    first, second = there.heard
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    assert Delivery.objects.get().created_at == now
    assert Entry.objects.filter(fact_type="onward.delivery_replayed").count() == 1


def test_a_replay_has_the_whole_budget_again(there: Portal, now: datetime) -> None:
    there.behaves(Answer(status=422))
    delivery = send(owed(now), now=now)
    there.answers(500)
    later = now + timedelta(days=60)
    deliveries.replay(delivery.pk, now=later)
    assert send(delivery, now=later).state == "due"


def test_only_parked_ones_are_replayed(there: Portal, now: datetime) -> None:
    delivery = owed(now)
    with pytest.raises(NotParked):
        deliveries.replay(delivery.pk, now=now)
    send(delivery, now=now)
    with pytest.raises(NotParked):
        deliveries.replay(delivery.pk, now=now)


def test_the_score_goes_only_where_it_may(there: Portal, receiver: Receiver, now: datetime) -> None:
    portal(receiver, now=now, name="HR", sends_score=True, path="/hr")
    made = deliveries.queue(make_certificate(now).pk, now=now)
    told = {one.destination.name: json.loads(one.body)["data"] for one in made}
    assert "score_percent" not in told["Portal"]
    assert told["HR"]["score_percent"] == 84


def rule(there: Portal, *, now: datetime, **fields: object) -> None:
    """Ada changes what the destination gets."""
    for name, value in fields.items():
        setattr(there.destination, name, value)
    destinations.save(there.destination, now=now)


@pytest.mark.parametrize("sends_score", [True, False])
def test_what_is_owed_when_the_score_is_switched_goes_out_by_the_new_rule(
    there: Portal, now: datetime, sends_score: bool
) -> None:
    rule(there, now=now, sends_score=not sends_score)
    old = owed(now)
    rule(there, now=now, sends_score=sends_score)
    assert sending.send_due(now=now) == 1
    (body,) = there.bodies
    assert ("score_percent" in body["data"]) == sends_score
    assert state(old) == "superseded"


def test_a_message_that_was_tried_before_the_rule_changed_is_another_message_after(
    there: Portal, now: datetime
) -> None:
    """The receiver may have taken the first and its answer been lost: an id means the same bytes for ever."""
    rule(there, now=now, sends_score=True)
    there.answers(500)
    old = send(owed(now), now=now)
    rule(there, now=now, sends_score=False)
    there.answers(200)
    sending.send_due(now=old.due_at)
    first, second = there.heard
    assert first.headers["webhook-id"] != second.headers["webhook-id"]
    assert "score_percent" not in there.verified(second)["data"]
    said = [body["data"]["certificate"]["version"] for body in there.bodies]
    assert said == [1, 1]


def test_a_parked_message_is_replayed_by_the_new_rule(there: Portal, now: datetime) -> None:
    rule(there, now=now, sends_score=True)
    there.behaves(Answer(status=422))
    parked = send(owed(now), now=now)
    rule(there, now=now, sends_score=False)
    there.answers(200)
    deliveries.replay(parked.pk, now=now)
    sending.send_due(now=now)
    assert [("score_percent" in body["data"]) for body in there.bodies] == [True, False]
    assert state(parked) == "superseded"


def test_nothing_more_is_told_of_people_whom_the_destination_is_not_to_hear_of(
    there: Portal, now: datetime
) -> None:
    delivery = owed(now, person=lena(organization=make_organization("Gulf Scaffolding")))
    rule(there, now=now, organization=make_organization("Harbor Lift"))
    assert sending.send_due(now=now) == 0
    assert (there.heard, state(delivery)) == ([], "superseded")
    rule(there, now=now, organization=None)
    (again,) = deliveries.queue(delivery.certificate_id, now=now)
    assert send(again, now=now).state == "delivered"


def test_a_state_owed_by_the_old_rule_does_not_come_after_a_newer_one(there: Portal, now: datetime) -> None:
    old = owed(now)
    Delivery.objects.update(leased_until=now + sending.LEASE)  # its worker dies
    revoked(old.certificate, now=now)
    rule(there, now=now, sends_score=True)
    sending.send(old.pk, now=now + sending.LEASE)
    sending.send_due(now=now + sending.LEASE)
    assert [body["type"] for body in there.bodies] == ["certificate.revoked"]


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_renew_it_once(there: Portal, now: datetime) -> None:
    old = owed(now)
    rule(there, now=now, sends_score=True)
    together(*[lambda: sending.send(old.pk, now=now)] * 3)
    assert list(Delivery.objects.order_by("number").values_list("state", flat=True)) == ["superseded", "due"]


def test_the_snapshot_says_what_the_contract_promises(there: Portal, now: datetime) -> None:
    certificate = make_certificate(now, code="CSE")
    (delivery,) = deliveries.queue(certificate.pk, now=now)
    body = json.loads(delivery.body)
    assert (body["type"], body["version"], body["timestamp"]) == (
        "certificate.issued",
        1,
        "2026-03-02T15:00:00Z",
    )
    said = body["data"]["certificate"]
    assert (said["serial"], said["version"], said["status"]) == ("CSE-2026-000001", 1, "valid")
    assert (said["issued_at"], said["expires_on"]) == ("2026-03-02T15:00:00Z", "2029-03-02")
    assert said["proof_url"].endswith(f"/proof/{certificate.proof_token}/")
    assert said["pdf_url"].endswith(f"/paper/{certificate.pdf_token}/certificate.pdf")
    assert len(delivery.body.encode()) < 20_000


def test_the_reason_of_a_revocation_stays_with_us(there: Portal, now: datetime) -> None:
    delivery = revoked(make_certificate(now), now=now)
    assert "Rejected." not in delivery.body
    assert delivery.event_type == payloads.REVOKED


def test_facts_of_deliveries_hold_no_personal_data(there: Portal, now: datetime) -> None:
    there.behaves(Answer(status=422, body=b"Lena Ruiz is unknown"))
    send(owed(now), now=now)
    kept = str(list(Entry.objects.filter(fact_type__startswith="onward.").values_list("payload", flat=True)))
    assert "Lena" not in kept
    assert there.destination.url not in kept
