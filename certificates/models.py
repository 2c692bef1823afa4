"""Credentials (what can be earned) and certificates (what was earned)."""

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lti_platform.people.models import Organization, Person
from proctoring.models import Attempt, Exam


def new_token() -> str:
    """128 random bits for an address."""
    return secrets.token_urlsafe(16)


class Credential(models.Model):
    """What can be earned by passing an exam, and for how long it holds."""

    class Validity(models.TextChoices):
        NONE = "none", _("No expiry")
        MONTHS = "months", _("Months from issue")
        FIXED_DATE = "fixed_date", _("Fixed date")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(
        Organization, models.PROTECT, related_name="credentials", verbose_name=_("issuer")
    )
    code = models.CharField(_("code"), max_length=20, unique=True)  # begins every serial: "CSE"
    course_id = models.CharField(_("course id"), max_length=100)
    title = models.CharField(_("title"), max_length=200)
    title_es = models.CharField(_("title in Spanish"), max_length=200, blank=True)
    exam = models.OneToOneField(
        Exam, models.PROTECT, related_name="credential", verbose_name=_("exam required")
    )
    validity = models.CharField(_("validity"), max_length=10, choices=Validity, default=Validity.NONE)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    fixed_date = models.DateField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # A rule without its number would read as "never ends".
            models.CheckConstraint(
                condition=Q(validity="none")
                | Q(validity="months", months__isnull=False, months__gt=0)
                | Q(validity="fixed_date", fixed_date__isnull=False),
                name="certificates_whole_rule",
            )
        ]

    def __str__(self) -> str:
        return self.title


class SerialCounter(models.Model):
    """The last number given out for a credential's code and year."""

    code = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="certificates_counter_once")]

    def __str__(self) -> str:
        return f"{self.code}-{self.year}: {self.last}"


class Certificate(models.Model):
    """What one person earned by one released attempt. Expiry is derived from `expires_on`, never a stored flag."""

    class Status(models.TextChoices):
        ISSUED = "issued", _("Issued")
        REVOKED = "revoked", _("Revoked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial = models.CharField(max_length=60, unique=True)  # CSE-2027-000412
    proof_token = models.CharField(max_length=40, unique=True, default=new_token)  # in the proof address
    # The PDF bears the whole name: who knows the proof address does not thereby know the PDF's.
    pdf_token = models.CharField(max_length=40, unique=True, default=new_token)
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="certificates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates")
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="certificate")
    status = models.CharField(max_length=8, choices=Status, default=Status.ISSUED)
    version = models.PositiveIntegerField(default=1)  # counts changes of state, for receivers
    facts = models.JSONField(default=dict)  # what is printed, frozen at issue: see rendering.CertificateFacts
    issued_at = models.DateTimeField()
    expires_on = models.DateField(null=True)  # last day it holds
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-issued_at"])]

    def __str__(self) -> str:
        return self.serial
