"""Launches: what was asked, what was checked, what was sent; kept step by step."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment, Registration


class Launch(models.Model):
    """One launch of a tool by a person. Its hint is one-time and bound to session, person, client and deployment."""

    class State(models.TextChoices):
        STARTED = "started"  # login initiation sent
        SENT = "sent"  # id_token signed and handed to the browser
        REFUSED = "refused"

    class Pretence(models.TextChoices):
        LEARNER = "learner", _("Learner")
        INSTRUCTOR = "instructor", _("Instructor")

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
    # The window whose page keeps values for the tool (platform storage); empty where none does.
    storage_target = models.CharField(max_length=60, blank=True)
    return_url = models.URLField(max_length=1000, blank=True)
    subject = models.CharField(max_length=80, blank=True)  # "attempt:<uuid>": what the launch is about
    # Whose work the message is about (`for_user`), where that is not, or not only, the person launching.
    for_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="launches_about")
    custom_parameters = models.JSONField(
        default=dict
    )  # of this message alone; they win over tool's and link's
    is_test = models.BooleanField(default=False)  # an admin tries the tool as somebody who is in no roster
    pretends = models.CharField(max_length=10, choices=Pretence, blank=True)
    pretended_id = models.UUIDField(null=True, db_index=True)  # the `sub` of whom the admin pretends to be
    state = models.CharField(max_length=10, choices=State, default=State.STARTED)
    refusal = models.CharField(max_length=80, blank=True)  # the rule that stopped it
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    consumed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"]), models.Index(fields=["subject"])]

    def __str__(self) -> str:
        return f"Launch {self.reference}"

    @property
    def user(self) -> Person:
        """Whom the tool is told about: the person, or whom a test launch pretends; that one is in no table."""
        if self.pretended_id is None:
            return self.person
        return Person(
            id=self.pretended_id,
            given_name="Test",
            family_name=self.pretends.capitalize(),
            email=f"test.{self.pretends}@platform.invalid",  # reaches nobody (RFC 2606)
            locale=self.person.locale,
        )


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


class ContentRequest(models.Model):
    """One deep linking request and what came of it. Its `data` is good once, where and for whom the launch was."""

    class State(models.TextChoices):
        OPEN = "open", _("The tool has not answered")
        WAITING = "waiting", _("Waiting for a look")
        ADDED = "added", _("Added")
        EMPTY = "empty", _("Nothing was picked")
        DISCARDED = "discarded", _("Discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    launch = models.OneToOneField(Launch, models.PROTECT, related_name="content_request")
    # The link that takes on what is picked; empty where new links are placed.
    link = models.ForeignKey(ResourceLink, models.PROTECT, null=True, related_name="content_requests")
    data_digest = models.CharField(max_length=64, unique=True)
    settings = models.JSONField(default=dict)  # what the tool was told that we accept
    items = models.JSONField(default=list)  # as read from the answer
    message = models.TextField(blank=True)  # the tool's words: plain text
    error = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)  # when the answer came
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Content asked for in {self.launch}"


class ContentFile(models.Model):
    """A file that a tool gave, as it was fetched when the answer came (Deep Linking 2.0, 3.3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(ContentRequest, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()  # of its item in the answer, from 0
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "position"], name="launches_file_once")]

    def __str__(self) -> str:
        return f"{self.position} of {self.request_id}"


class ContentItem(models.Model):
    """Something a tool gave a course (Deep Linking 2.0, 3): a link of the tool, or content shown as it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(Context, models.PROTECT, related_name="content_items")
    request = models.ForeignKey(ContentRequest, models.PROTECT, related_name="added")
    resource_link = models.ForeignKey(ResourceLink, models.PROTECT, null=True, related_name="content_items")
    position = models.PositiveSmallIntegerField()  # in the answer, from 0
    kind = models.CharField(
        max_length=255
    )  # "ltiResourceLink", "link", "file", "html", "image" or an address
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    url = models.URLField(max_length=1000, blank=True)
    html = models.TextField(blank=True)  # cleaned when it was read
    details = models.JSONField(default=dict)  # icon, thumbnail, sizes, window, media type
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "position", "context"], name="launches_item_once")
        ]

    def __str__(self) -> str:
        return self.title or self.kind
