"""Line items, scores (append-only) and results (derived)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment


class LineItem(models.Model):
    """A column of the gradebook (AGS 3.2), owned by one deployment's tool in one context."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(Context, models.PROTECT, related_name="line_items")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="line_items")
    resource_link = models.ForeignKey(
        ResourceLink, models.PROTECT, null=True, blank=True, related_name="line_items"
    )
    label = models.CharField(_("label"), max_length=255)
    score_maximum = models.DecimalField(_("maximum"), max_digits=12, decimal_places=4)
    resource_id = models.CharField(max_length=256, blank=True)
    tag = models.CharField(max_length=256, blank=True)
    start_at = models.DateTimeField(null=True, blank=True)
    end_at = models.DateTimeField(null=True, blank=True)
    is_coupled = models.BooleanField(default=False)  # made by the platform with its link
    holds_results = models.BooleanField(default=False)  # results wait for a release
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["context", "deployment", "id"])]

    def __str__(self) -> str:
        return self.label


class Score(models.Model):
    """A score as a tool sent it (AGS 3.4): appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line_item = models.ForeignKey(LineItem, models.PROTECT, related_name="scores")
    person = models.ForeignKey(Person, models.PROTECT, related_name="scores")
    binding = models.CharField(max_length=64, blank=True)  # what the line item address carried: an attempt, opaque here
    timestamp = models.DateTimeField()  # the tool's clock
    score_given = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    score_maximum = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    activity_progress = models.CharField(max_length=12)
    grading_progress = models.CharField(max_length=14)
    comment = models.TextField(blank=True)
    scoring_user_id = models.CharField(max_length=255, blank=True)
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64)  # of the body as received, to know an exact retry
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["line_item", "person", "-timestamp"])]

    def __str__(self) -> str:
        return f"{self.score_given}/{self.score_maximum} for {self.person_id}"


class Result(models.Model):
    """What the scores amount to for one person on one item and binding (AGS 3.3): derived, one row, locked to change."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")  # not held: visible as it is
        HELD = "held", _("Held")  # only the owning tool sees it
        RELEASED = "released", _("Released")
        VOID = "void", _("Void")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line_item = models.ForeignKey(LineItem, models.PROTECT, related_name="results")
    person = models.ForeignKey(Person, models.PROTECT, related_name="results")
    binding = models.CharField(max_length=64, blank=True)
    is_current = models.BooleanField(default=True)  # the one AGS shows for this person and item
    score = models.ForeignKey(Score, models.PROTECT, null=True, related_name="+")  # the last one taken in
    last_timestamp = models.DateTimeField()
    last_digest = models.CharField(max_length=64)
    result_score = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    result_maximum = models.DecimalField(max_digits=12, decimal_places=4)
    activity_progress = models.CharField(max_length=12)
    grading_progress = models.CharField(max_length=14)
    comment = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)  # released or voided
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line_item", "person", "binding"], name="gradebook_result_once"),
            models.UniqueConstraint(
                fields=["line_item", "person"], condition=Q(is_current=True), name="gradebook_one_current_result"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result_score}/{self.result_maximum} for {self.person_id}"
