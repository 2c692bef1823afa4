"""Line items, scores and overrides (append-only), and results (derived)."""

import uuid
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment

# Points are kept to a millionth, in fifteen digits: what SQLite keeps of a decimal.
SMALLEST_POINT = Decimal("0.000001")


class LineItem(models.Model):
    """A column of the gradebook (AGS 3.2), owned by one deployment's tool in one context."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(Context, models.PROTECT, related_name="line_items")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="line_items")
    resource_link = models.ForeignKey(
        ResourceLink, models.PROTECT, null=True, blank=True, related_name="line_items"
    )
    label = models.CharField(_("label"), max_length=255)
    score_maximum = models.DecimalField(_("maximum"), max_digits=15, decimal_places=6)
    resource_id = models.CharField(max_length=256, blank=True)
    tag = models.CharField(max_length=256, blank=True)
    start_at = models.DateTimeField(null=True, blank=True)
    end_at = models.DateTimeField(null=True, blank=True)
    grades_released = models.BooleanField(default=True)  # of an item that holds nothing (AGS 3.2.13)
    # {"reviewableStatus": […], "label"?, "url"?, "custom"?}: where a tool shows a submission; None without.
    submission_review = models.JSONField(null=True, blank=True)
    is_coupled = models.BooleanField(default=False)  # made by the platform with its link
    holds_results = models.BooleanField(default=False)  # results wait for a release
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["context", "deployment", "id"])]

    def __str__(self) -> str:
        return self.label

    @property
    def shows_grades(self) -> bool:
        """Whether learners see a result as soon as it is final (AGS 3.2.13); held ones are released one by one."""
        return self.grades_released and not self.holds_results


class Score(models.Model):
    """A score as a tool sent it (AGS 3.4): appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line_item = models.ForeignKey(LineItem, models.PROTECT, related_name="scores")
    person = models.ForeignKey(Person, models.PROTECT, related_name="scores")
    binding = models.CharField(
        max_length=64, blank=True
    )  # what the line item address carried: an attempt, opaque here
    timestamp = models.DateTimeField()  # the tool's clock
    score_given = models.DecimalField(null=True, max_digits=15, decimal_places=6)
    score_maximum = models.DecimalField(null=True, max_digits=15, decimal_places=6)
    activity_progress = models.CharField(max_length=12)
    grading_progress = models.CharField(max_length=14)
    comment = models.TextField(blank=True)
    scoring_user_id = models.CharField(max_length=255, blank=True)
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64)  # of what it says, to know an exact retry
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["line_item", "person", "-timestamp"])]

    def __str__(self) -> str:
        return f"{self.score_given}/{self.score_maximum} for {self.person_id}"


class Override(models.Model):
    """What a grader put in the place of the scores, or beside them: appended, never changed.

    Without points the tool's score stands; without points and comment an earlier override ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    result = models.ForeignKey("Result", models.PROTECT, related_name="overrides")
    grader = models.ForeignKey(Person, models.PROTECT, related_name="+")
    points = models.DecimalField(null=True, max_digits=15, decimal_places=6)
    maximum = models.DecimalField(max_digits=15, decimal_places=6)  # the item's at that time
    comment = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["result", "made_at"])]

    def __str__(self) -> str:
        return f"{self.points}/{self.maximum} by {self.grader_id}"


class Result(models.Model):
    """What the scores amount to for one person, item and binding (AGS 3.3): derived, locked to change.

    Points are kept as the tool gave them and scaled when read: a new maximum of the item rescales them all.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")  # not held: visible as it is
        HELD = "held", _("Held")  # only the owning tool sees it
        RELEASED = "released", _("Released")
        VOID = "void", _("Void")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line_item = models.ForeignKey(LineItem, models.PROTECT, related_name="results")
    person = models.ForeignKey(Person, models.PROTECT, related_name="results")
    binding = models.CharField(max_length=64, blank=True)
    score = models.ForeignKey(Score, models.PROTECT, null=True, related_name="+")  # the last one taken in
    override = models.ForeignKey(Override, models.PROTECT, null=True, related_name="+")  # the one in force
    last_timestamp = models.DateTimeField()  # of the newest score received, taken in or not
    last_digest = models.CharField(max_length=64)
    score_given = models.DecimalField(null=True, max_digits=15, decimal_places=6)
    score_maximum = models.DecimalField(null=True, max_digits=15, decimal_places=6)
    activity_progress = models.CharField(max_length=12)
    grading_progress = models.CharField(max_length=14)
    comment = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)  # released or voided
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["line_item", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["line_item", "person", "binding"], name="gradebook_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.score_given}/{self.score_maximum} for {self.person_id}"

    @property
    def subject(self) -> str:
        """What the journal files it under: the attempt it is bound to, else itself."""
        return f"attempt:{self.binding}" if self.binding else f"result:{self.pk}"

    @property
    def is_final(self) -> bool:
        """Whether a grader gave points, or the tool did and calls the grading done (AGS 3.4.8)."""
        if self.override and self.override.points is not None:
            return True
        return self.score_given is not None and self.grading_progress == "FullyGraded"

    @property
    def is_overridden(self) -> bool:
        """Whether the points are a grader's."""
        return self.override is not None and self.override.points is not None

    @property
    def standing(self) -> str:
        """How it stands for a grader: void, held, graded, to_grade (a person must), or under_way."""
        if self.state in {self.State.VOID, self.State.HELD}:
            return str(self.state)
        if self.is_final:
            return "graded"
        return "to_grade" if self.grading_progress == "PendingManual" else "under_way"

    @property
    def shown_comment(self) -> str:
        """The grader's comment where there is one; the tool comes and goes beside it (AGS 3.4.11)."""
        return (self.override.comment if self.override else "") or self.comment

    @property
    def scoring_user_id(self) -> str:
        """Whose points these are (AGS 3.3.5): the grader's, else whom the tool named; empty for nobody."""
        if self.override and self.override.points is not None:
            return str(self.override.grader_id)
        return self.score.scoring_user_id if self.score else ""

    @property
    def is_settled(self) -> bool:
        """Whether a person or a policy released or voided it: scores that come later no longer change it."""
        return self.state in {self.State.RELEASED, self.State.VOID}

    @property
    def percent(self) -> Decimal | None:
        """Points in per cent of the maximum, unrounded, above 100 for extra credit; None while not final."""
        if self.override and self.override.points is not None:
            return self.override.points * 100 / self.override.maximum
        if not self.is_final or self.score_given is None or self.score_maximum is None:
            return None
        return self.score_given * 100 / self.score_maximum

    @property
    def result_maximum(self) -> Decimal:
        """The item's maximum as it stands."""
        return self.line_item.score_maximum

    @property
    def result_score(self) -> Decimal | None:
        """Points on the item's scale, to a millionth (AGS 3.4.4); None while not final, or void."""
        if self.percent is None or self.state == self.State.VOID:
            return None
        return (self.percent * self.result_maximum / 100).quantize(SMALLEST_POINT)
