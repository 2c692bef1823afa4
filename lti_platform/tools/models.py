"""Tools: registrations, their deployments, and what was fetched of their keys."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lti_platform.people.models import Organization, Person


class Registration(models.Model):
    """A tool we know: one OAuth client. Addresses are exact strings (LTI Security Framework 5.1.1.3)."""

    class Privacy(models.TextChoices):
        PUBLIC = "public", _("Public: name and e-mail")
        NAME = "name", _("Name only")
        EMAIL = "email", _("E-mail only")
        ANONYMOUS = "anonymous", _("Anonymous: an opaque id only")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for a decision")
        ACTIVE = "active", _("Active")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_id = models.CharField(max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    initiate_login_uri = models.URLField(_("login address"), max_length=1000)
    redirect_uris = models.JSONField(_("redirect addresses"), default=list)
    target_link_uri = models.URLField(_("launch address"), max_length=1000)
    domains = models.JSONField(
        _("domains"), default=list
    )  # the tool's declared hosts, with port where not 443
    jwks_uri = models.URLField(_("key set address"), max_length=1000, blank=True)
    jwks = models.JSONField(_("pasted key set"), null=True, blank=True)
    scopes = models.JSONField(_("granted scopes"), default=list)
    messages = models.JSONField(default=list)  # [{"type": …, "target_link_uri"?, "custom_parameters"?}]
    custom_parameters = models.JSONField(default=dict)
    privacy = models.CharField(_("privacy"), max_length=12, choices=Privacy, default=Privacy.PUBLIC)
    # A tool that registered itself waits for an admin; until then it is off, which the constraint below holds.
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    asked = models.JSONField(default=dict)  # what it asked for, granted or not (tools.dynamic.asking)
    proposed = models.JSONField(null=True, blank=True)  # a change it asks for, while the values above stay
    management_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    logo_uri = models.URLField(_("logo"), max_length=1000, blank=True)
    client_uri = models.URLField(_("home page"), max_length=1000, blank=True)
    tos_uri = models.URLField(_("terms of service"), max_length=1000, blank=True)
    policy_uri = models.URLField(_("privacy policy"), max_length=1000, blank=True)
    contacts = models.JSONField(_("contacts"), default=list, blank=True)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    # Tokens from before the tool was last disabled stay dead when it is enabled again.
    tokens_void_before = models.DateTimeField(null=True, editable=False)
    # Its launches are signed by keys that sign for no other tool (LTI Security Framework 6.2).
    has_own_keys = models.BooleanField(_("keys of its own"), default=False)
    # Who may change it: the admins of this organization, or of the platform alone.
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="registrations"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_enabled=False) | models.Q(state="active"),
                name="only_active_tools_are_on",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def supports(self, message_type: str) -> bool:
        """Whether the tool declared this message type."""
        return any(message["type"] == message_type for message in self.messages)

    def target_for(self, message_type: str) -> str:
        """The address a message of this type is for: its own, else the tool's default."""
        for message in self.messages:
            if message["type"] == message_type and message.get("target_link_uri"):
                return str(message["target_link_uri"])
        return self.target_link_uri


class Deployment(models.Model):
    """A registration put to use, by the platform or one organization. `deployment_id` never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="deployments")
    deployment_id = models.CharField(max_length=255, unique=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="deployments"
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.registration} ({self.deployment_id})"


class FetchedKeySet(models.Model):
    """The last key set fetched from a tool, and when it may or must be fetched again."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="fetched_key_set", primary_key=True
    )
    body = models.TextField(blank=True)  # the last good one
    fetched_at = models.DateTimeField(null=True)
    fresh_until = models.DateTimeField(
        null=True
    )  # until then nobody fetches by routine, even after a failure
    tried_at = models.DateTimeField(null=True)  # last fetch forced by an unknown kid, successful or not
    last_error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"Key set of {self.registration_id}"


class CheckUp(models.Model):
    """What one check-up of a tool found: codes and values, put into words when somebody reads them."""

    class State(models.TextChoices):
        FINE = "fine", _("Fine")
        UNCLEAR = "unclear", _("Could not tell")
        ATTENTION = "attention", _("Needs attention")
        BROKEN = "broken", _("Broken")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="check_ups")
    state = models.CharField(max_length=10, choices=State)  # the worst of its findings
    findings = models.JSONField(default=list)  # [{"check", "code", "state", "side", "values", "details"}]
    ran_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["registration", "-ran_at"], name="tools_last_check_up")]

    def __str__(self) -> str:
        return f"Check-up of {self.registration_id}: {self.state}"


class RegistrationLink(models.Model):
    """An admin's leave for one tool to register itself, once, within its time. The token is kept as a digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    tool_url = models.URLField(_("registration address"), max_length=1000, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="registration_links")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="registration_links"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    # The last registration that was refused with it: [{"field", "code", "message"}].
    refused_at = models.DateTimeField(null=True)
    refusal = models.JSONField(default=list)
    registration = models.OneToOneField(
        Registration, models.PROTECT, null=True, related_name="registration_link"
    )

    def __str__(self) -> str:
        return self.note or self.tool_url or str(self.id)


class ServiceCall(models.Model):
    """A tool read from one of our services; the same address is noted once a minute. What tools write leaves facts."""

    id = models.BigAutoField(primary_key=True)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="service_calls")
    path = models.CharField(max_length=200)  # without the query
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["registration", "at"])]

    def __str__(self) -> str:
        return f"{self.path} at {self.at:%Y-%m-%d %H:%M:%S}"
