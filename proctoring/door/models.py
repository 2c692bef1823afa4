"""Platforms that launch us, who comes from them, and the results that go back."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lti_platform.people.models import Organization, Person
from proctoring.models import Attempt, Exam


class OtherPlatform(models.Model):
    """An organization's LMS that launches our exams: one issuer and the client id it gave us."""

    class NamedBy(models.TextChoices):
        """Where the other platform says the employee id, the one value both sides know a person by."""

        SOURCED_ID = "sourced_id", _("The lis claim: person_sourcedid")
        CUSTOM = "custom", _("A custom parameter: employee_id")
        SUBJECT = "subject", _("Its own user id: sub")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="other_platforms", verbose_name=_("organization")
    )
    issuer = models.CharField(_("issuer"), max_length=255)
    client_id = models.CharField(_("client id"), max_length=255)
    deployment_ids = models.JSONField(_("deployment ids"), default=list)
    authorization_endpoint = models.URLField(_("authorization endpoint"), max_length=1000)
    token_endpoint = models.URLField(_("token endpoint"), max_length=1000)
    token_audience = models.CharField(_("audience for tokens"), max_length=1000, blank=True)
    key_set_url = models.URLField(_("key set address"), max_length=1000)
    named_by = models.CharField(_("employee id"), max_length=10, choices=NamedBy, default=NamedBy.SOURCED_ID)
    makes_people = models.BooleanField(_("add people who are new to us"), default=False)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "client_id"], name="door_platform_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Visitor(models.Model):
    """A person as another platform knows them: bound once, by `sub` from then on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(OtherPlatform, models.PROTECT, related_name="visitors")
    subject = models.CharField(max_length=255)
    person = models.ForeignKey(Person, models.PROTECT, related_name="visits_as")
    created_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "subject"], name="door_subject_once"),
            models.UniqueConstraint(fields=["platform", "person"], name="door_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} of {self.platform_id}"


class ReturnAddress(models.Model):
    """Where the visitor's result of one exam is wanted: the line item of the last launch that named one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="return_addresses")
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="return_addresses")
    line_item_url = models.URLField(max_length=1000)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visitor", "exam"], name="door_address_once")]

    def __str__(self) -> str:
        return self.line_item_url


class ReturnedResult(models.Model):
    """A settled result owed to another platform; `percent` None takes back what was sent before."""

    class State(models.TextChoices):
        DUE = "due", _("On its way")
        SENT = "sent", _("Arrived")
        PARKED = "parked", _("Parked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.ForeignKey(Visitor, models.PROTECT, related_name="returned_results")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="returned_results")
    line_item_url = models.URLField(max_length=1000)
    percent = models.DecimalField(null=True, max_digits=7, decimal_places=2)
    settled_at = models.DateTimeField()  # the score's timestamp
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "settled_at"], name="door_result_once")]
        indexes = [models.Index(fields=["due_at"], name="door_due", condition=models.Q(state="due"))]

    def __str__(self) -> str:
        return f"{self.percent} of {self.attempt_id}: {self.state}"
