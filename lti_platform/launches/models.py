"""Launches: what was asked, what was checked, what was sent; kept step by step."""

import uuid

from django.db import models

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment, Registration


class Launch(models.Model):
    """One launch of a tool by a person. Its hint is one-time and bound to session, person, client and deployment."""

    class State(models.TextChoices):
        STARTED = "started"  # login initiation sent
        SENT = "sent"  # id_token signed and handed to the browser
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True)  # what a person reads aloud: 7K3-QF2
    hint_digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, related_name="launches")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="launches")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="launches")
    context = models.ForeignKey(Context, models.PROTECT, null=True, related_name="launches")
    resource_link = models.ForeignKey(ResourceLink, models.PROTECT, null=True, related_name="launches")
    message_type = models.CharField(max_length=60)
    target_link_uri = models.URLField(max_length=1000)
    document_target = models.CharField(max_length=10, default="window")
    # Where the tool may keep values with our page (platform storage): "_parent", or empty where no page of ours listens.
    storage_target = models.CharField(max_length=60, blank=True)
    return_url = models.URLField(max_length=1000, blank=True)
    subject = models.CharField(max_length=80, blank=True)  # "attempt:<uuid>": what the launch is about
    state = models.CharField(max_length=10, choices=State, default=State.STARTED)
    refusal = models.CharField(max_length=80, blank=True)  # the rule that stopped it
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    consumed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"]), models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return f"Launch {self.reference}"


class LaunchStep(models.Model):
    """One step of a launch, as the inspector shows it. Details hold no secret and no token."""

    id = models.BigAutoField(primary_key=True)
    launch = models.ForeignKey(Launch, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=60)
    succeeded = models.BooleanField(default=True)
    rule = models.CharField(max_length=80, blank=True)
    details = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.name} of {self.launch_id}"
