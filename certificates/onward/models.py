"""Destinations, deliveries and every try at one."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from lti_platform.people.models import Organization, Person


class Destination(models.Model):
    """A receiver of certificate states over signed webhooks: a contractor portal, an HR system, a gate."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    url = models.URLField(_("address"), max_length=1000)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="destinations",
        verbose_name=_("only people of"),
    )
    sealed_secret = models.BinaryField()
    sends_score = models.BooleanField(_("send the score"), default=False)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One state of one certificate owed to one destination: its body stored once, sent byte for byte until accepted."""

    class State(models.TextChoices):
        DUE = "due", _("On its way")
        DELIVERED = "delivered", _("Arrived")
        PARKED = "parked", _("Parked")
        SUPERSEDED = "superseded", _("Overtaken")  # by a newer state, or by new rules of the destination

    id = models.UUIDField(
        primary_key=True, default=uuid.uuid4, editable=False
    )  # the webhook-id, same on every try
    destination = models.ForeignKey(Destination, models.PROTECT, related_name="deliveries")
    person = models.ForeignKey(Person, models.PROTECT, related_name="deliveries")
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="deliveries")
    certificate_version = models.PositiveIntegerField()
    number = models.BigIntegerField()  # order within destination and person
    event_type = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)  # tries that count against the budget
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    first_tried_at = models.DateTimeField(null=True)  # the age budget runs from here, anew after a replay
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["destination", "certificate", "certificate_version"],
                condition=~models.Q(state="superseded"),
                name="onward_delivery_once",
            ),
            models.UniqueConstraint(fields=["destination", "person", "number"], name="onward_order"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="onward_due", condition=models.Q(state="due")),
            models.Index(fields=["state", "-created_at"], name="onward_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} to {self.destination_id}: {self.state}"


class DeliveryTry(models.Model):
    """One try at a delivery, with what came back; no secrets and no bodies of ours."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=500, blank=True)
    elapsed_ms = models.PositiveIntegerField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.status or self.error} at {self.at}"
