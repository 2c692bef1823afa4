"""Ada's pages about deliveries and destinations."""

from datetime import datetime

import pytest
from django.test import Client

from certificates.onward import deliveries, destinations
from certificates.onward.models import Delivery, Destination
from lti_platform.journal.models import Entry
from lti_platform.people.models import Person
from tests.certificates.onward.staging import owed, portal, revoked, send
from tests.certificates.passing import make_certificate
from tests.counting import counted
from tests.factories import ada, cora, lena, make_organization, mallory, pia
from tests.services.receiver import Answer, Receiver

pytestmark = pytest.mark.django_db


def page(client: Client, person: Person, address: str = "/admin/deliveries/") -> str:
    client.force_login(person)
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def parked(receiver: Receiver, now: datetime) -> Delivery:
    """A delivery that the portal refused."""
    portal(receiver, now=now).behaves(Answer(status=422, body=b"unknown worker <b>"))
    return send(owed(now), now=now)


def test_a_parked_delivery_is_shown_with_what_came_back_and_sent_again(
    client: Client, receiver: Receiver, now: datetime
) -> None:
    delivery = parked(receiver, now)
    shown = page(client, ada())
    assert "1 delivery is parked and needs you." in shown
    assert "Portal did not take" in shown
    assert "unknown worker &lt;b&gt;" in shown
    assert client.post(f"/admin/deliveries/{delivery.pk}/replay/").status_code == 302
    assert Delivery.objects.get().state == "due"
    again = client.post(f"/admin/deliveries/{delivery.pk}/replay/", follow=True)
    assert "It is not parked any more." in again.content.decode()
    entry = Entry.objects.get(fact_type="onward.delivery_replayed")
    assert entry.actor_kind == "person"


def test_every_state_has_its_words(client: Client, receiver: Receiver, now: datetime) -> None:
    there, viewer = portal(receiver, now=now), ada()
    assert "Nothing to deliver yet." in page(client, viewer)
    delivery = owed(now)
    assert "1 delivery is on its way." in page(client, viewer)
    send(delivery, now=now)
    assert "Everything has arrived." in page(client, viewer)
    there.answers(500)
    failing = send(owed(now), now=now)
    assert "Next try" in page(client, viewer)
    revoked(failing.certificate, now=now)
    assert "Overtaken" in page(client, viewer)
    Destination.objects.update(is_enabled=False)
    assert "Off" in page(client, viewer)
    assert "Switched off" in page(client, viewer, f"/admin/destinations/{there.destination.pk}/")


def test_in_spanish_many_deliveries_are_told_from_one(
    client: Client, receiver: Receiver, now: datetime
) -> None:
    delivery, viewer = parked(receiver, now), ada()
    viewer.locale = "es"
    viewer.save(update_fields=["locale"])
    shown = page(client, viewer)
    assert "1 envío está detenido y te necesita." in shown
    for words in ("Detenidos", "Llegaron", "Detenido"):
        assert f">{words}<" in shown, words
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.DELIVERED)
    shown = page(client, viewer)
    for words in ("Llegaron", "Llegó"):
        assert f">{words}<" in shown, words


def test_the_secret_is_shown_once(client: Client, local_hosts: list[str]) -> None:
    client.force_login(ada())
    made = client.post(
        "/admin/destinations/new/", {"name": "HR", "url": "http://127.0.0.1:9/hook", "organization": ""}
    )
    destination = Destination.objects.get()
    secret = destinations.shown_secret(destination)
    assert secret in made.content.decode()
    assert made["cache-control"] == "no-store"
    for address in ("/admin/deliveries/", f"/admin/destinations/{destination.pk}/"):
        shown = client.get(address).content.decode()
        assert secret not in shown
        assert secret.removeprefix("whsec_") not in shown
    assert secret not in str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example/hook",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "ftp://x/",
        "https://localhost:22/",
        "https://[::1]/",
        "https://user:pw@example.com/",
    ],
)
def test_an_address_we_may_not_send_to_is_refused_at_the_door(client: Client, url: str) -> None:
    client.force_login(ada())
    response = client.post("/admin/destinations/new/", {"name": "HR", "url": url, "organization": ""})
    assert response.status_code == 200
    assert not Destination.objects.exists()
    assert "whsec_" not in response.content.decode()


def test_a_destination_is_changed_without_a_new_secret(
    client: Client, receiver: Receiver, now: datetime
) -> None:
    there = portal(receiver, now=now)
    client.force_login(ada())
    body = {"name": "Renamed", "url": there.destination.url, "organization": "", "sends_score": "on"}
    assert client.post(f"/admin/destinations/{there.destination.pk}/", body).status_code == 302
    changed = Destination.objects.get()
    assert (changed.name, changed.sends_score, changed.is_enabled) == ("Renamed", True, False)
    assert destinations.shown_secret(changed) == there.secret


def test_admins_of_an_organization_keep_to_their_own(
    client: Client, receiver: Receiver, now: datetime
) -> None:
    gulf, harbor = make_organization("Gulf Scaffolding"), make_organization("Harbor Lift")
    others = portal(receiver, now=now, name="Harbor portal", organization=harbor)
    everyone = portal(receiver, now=now, name="Everyones", path="/all")
    mine = portal(receiver, now=now, name="Gulf portal", organization=gulf, path="/gulf")
    deliveries.queue(make_certificate(now, person=lena(organization=harbor)).pk, now=now)
    Delivery.objects.update(state="parked")
    viewer = ada(gulf)
    shown = page(client, viewer)
    assert "Gulf portal" in shown
    assert "Harbor portal" not in shown
    assert "Everyones" not in shown
    for foreign in (others, everyone):
        assert client.get(f"/admin/destinations/{foreign.destination.pk}/").status_code == 404
    for delivery in Delivery.objects.all():
        assert client.post(f"/admin/deliveries/{delivery.pk}/replay/").status_code == 404
    body = {"name": "New", "url": mine.destination.url, "organization": ""}
    client.post("/admin/destinations/new/", body)
    client.post("/admin/destinations/new/", body | {"organization": str(harbor.pk)})
    client.post(f"/admin/destinations/{mine.destination.pk}/", body | {"organization": str(harbor.pk)})
    assert Destination.objects.count() == 3
    assert Destination.objects.get(pk=mine.destination.pk).organization == gulf


@pytest.mark.parametrize("person", [lena, pia, cora, mallory])
def test_others_see_nothing(client: Client, person: type, receiver: Receiver, now: datetime) -> None:
    delivery = parked(receiver, now)
    client.force_login(person())
    for address in (
        "/admin/deliveries/",
        "/admin/destinations/new/",
        f"/admin/destinations/{delivery.destination_id}/",
    ):
        assert client.get(address).status_code == 403
    assert client.post(f"/admin/deliveries/{delivery.pk}/replay/").status_code == 403
    assert Delivery.objects.get().state == "parked"


def test_queries_do_not_grow_with_deliveries(client: Client, receiver: Receiver, now: datetime) -> None:
    portal(receiver, now=now)
    viewer = ada()

    def cost() -> int:
        client.force_login(viewer)
        with counted() as queries:
            client.get("/admin/deliveries/")
        return len(queries)

    for _ in range(2):
        owed(now)
    Delivery.objects.update(state="parked")
    few = cost()
    for _ in range(8):
        owed(now)
    Delivery.objects.update(state="parked")
    assert cost() == few
