"""Contexts, memberships and resource links."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lti_platform.people.models import Organization, Person
from lti_platform.tools.models import Deployment


class Context(models.Model):
    """A course (LTI Core 5.4.1). `id` is the LTI context id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="contexts")
    label = models.CharField(_("label"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["label", "id"]

    def __str__(self) -> str:
        return self.title


class Membership(models.Model):
    """A person's place in a context. `roles` holds short LIS context roles: "Learner", "Instructor", …"""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        INACTIVE = "inactive", _("Inactive")

    id = models.BigAutoField(primary_key=True)
    context = models.ForeignKey(Context, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    roles = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["context", "person"], name="courses_member_once")]
        indexes = [models.Index(fields=["context", "id"])]

    def __str__(self) -> str:
        return f"{self.person} in {self.context}"


class ResourceLink(models.Model):
    """A tool's link placed in a context (LTI Core 5.3.5). `id` is the LTI resource link id: stable, never reused."""

    class DocumentTarget(models.TextChoices):
        WINDOW = "window", _("In a window of its own")
        IFRAME = "iframe", _("In our page")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(Context, models.PROTECT, related_name="resource_links")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="resource_links")
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    target_link_uri = models.URLField(_("address"), max_length=1000, blank=True)  # empty: the tool's default
    custom_parameters = models.JSONField(default=dict)
    document_target = models.CharField(
        _("shown"), max_length=10, choices=DocumentTarget, default=DocumentTarget.WINDOW
    )
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title
