"""Persons, organizations, sites and role grants."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Organization(models.Model):
    """A company: the host that owns sites, or a contractor that sends workers."""

    class Kind(models.TextChoices):
        HOST = "host", _("Host company")
        CONTRACTOR = "contractor", _("Contractor")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place with a gate, owned by a host organization."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=200)
    time_zone = models.CharField(_("time zone"), max_length=64, default="America/Chicago")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="people_site_name")]

    def __str__(self) -> str:
        return self.name


def normalised_email(address: str) -> str:
    """The address trimmed and case-folded: a way to sign in and a hint for matching, never a join key."""
    return address.strip().casefold()


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "Person":
        """A person who may sign in with `email` and `password` (raw text); unusable password when None."""
        person = self.model(email=email, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str, **fields: Any) -> "Person":
        """A person with every permission, for support on the command line."""
        fields.setdefault("employee_id", f"operator:{email}")
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=normalised_email(username or ""))


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone the platform knows. `id` is the LTI `sub`: never reassigned. `employee_id` is the stable external key."""

    class Kind(models.TextChoices):
        EMPLOYEE = "employee", _("Employee")
        CONTRACTOR = "contractor", _("Contractor")

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Inactive")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employee_id = models.CharField(_("employee id"), max_length=100, unique=True)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    locale = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.EMPLOYEE)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organization"),
    )
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("site")
    )
    job_role = models.CharField(_("job role"), max_length=100, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    contract_start = models.DateField(_("contract start"), null=True, blank=True)
    contract_end = models.DateField(_("contract end"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    # For the length of a request: signed in by another platform, where no role held here counts.
    learns_only = False

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["family_name", "given_name", "id"]
        indexes = [models.Index(fields=["organization", "family_name", "given_name"])]

    def __str__(self) -> str:
        return self.full_name or self.employee_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = normalised_email(self.email) if self.email else None
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        """Given and family name, as people say them."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """May sign in. Contract dates are judged at sign-in and launch, against the clock."""
        return self.status == self.Status.ACTIVE


class RoleGrant(models.Model):
    """A role held by a person, for the whole platform (`organization` empty) or for one organization."""

    class Role(models.TextChoices):
        PROCTOR = "proctor", _("Proctor")
        LMS_ADMIN = "lms_admin", _("LMS admin")
        COMPLIANCE = "compliance", _("Compliance")
        HR_VIEWER = "hr_viewer", _("HR viewer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="role_grants"
    )
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "role", "organization"], name="people_grant_once"),
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(organization=None), name="people_platform_grant_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"
