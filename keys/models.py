import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from keys.purposes import Purpose

ONE_TIME_NAMESPACE_MAX = 200
OWNER_MAX = 100


class SigningKey(models.Model):
    """One RSA key pair of ours; the private half is sealed, and gone once it can no longer be needed."""

    class State(models.TextChoices):
        UPCOMING = "upcoming", _("Upcoming")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")
        REVOKED = "revoked", _("Revoked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=32, choices=[(purpose.value, purpose.value) for purpose in Purpose])
    # For whom alone it signs: the client id of one counterpart, empty for everybody.
    owner = models.CharField(max_length=OWNER_MAX, blank=True, default="")
    kid = models.CharField(max_length=64, unique=True)
    algorithm = models.CharField(max_length=16, default="RS256")
    state = models.CharField(max_length=16, choices=State.choices)
    public_jwk = models.JSONField()
    sealed_private = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    published_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "owner"],
                condition=models.Q(state="active"),
                name="one_active_key_per_purpose_and_owner",
            ),
            models.UniqueConstraint(
                fields=["purpose", "owner"],
                condition=models.Q(state="upcoming"),
                name="one_upcoming_key_per_purpose_and_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.kid} ({self.state})"


class OneTimeUse(models.Model):
    """A value that was used, as its SHA-256, kept until nobody could present it again."""

    namespace = models.CharField(max_length=ONE_TIME_NAMESPACE_MAX)
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["namespace", "digest"], name="used_once_per_namespace")
        ]

    def __str__(self) -> str:
        return f"{self.namespace} {self.digest[:12]}"
