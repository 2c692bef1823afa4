"""Handlers that tools named, and the notices owed to them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lti_platform.tools.models import Deployment


class NoticeHandler(models.Model):
    """Where one deployment wants notices of one type: at most one address each."""

    id = models.BigAutoField(primary_key=True)
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="notice_handlers")
    notice_type = models.CharField(max_length=60)
    url = models.URLField(max_length=1000)
    max_batch_size = models.PositiveIntegerField(null=True)  # notices in one post; None: as many as we like
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deployment", "notice_type"], name="notices_one_handler")
        ]

    def __str__(self) -> str:
        return f"{self.notice_type} to {self.url}"


class Notice(models.Model):
    """One notice owed to one deployment. Its id is the notice's own: the same on every try."""

    class State(models.TextChoices):
        DUE = "due", _("On its way")
        DELIVERED = "delivered", _("Arrived")
        DROPPED = "dropped", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="notices")
    notice_type = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)  # what it is about, once for each deployment and type
    claims = models.JSONField(default=dict)  # beside those that every notice carries
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deployment", "notice_type", "subject"], name="notices_once")
        ]
        indexes = [
            models.Index(fields=["due_at"], name="notices_due", condition=models.Q(state="due")),
            models.Index(fields=["deployment", "-created_at"], name="notices_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_type} {self.id}: {self.state}"
