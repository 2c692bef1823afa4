"""Exams, attempts, proctoring sessions, incidents, review cases and verdicts."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gradebook.models import LineItem
from lti_platform.courses.models import Context, ResourceLink
from lti_platform.launches.models import Launch
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment


class Exam(models.Model):
    """A proctored exam: what is taken, with which tools, under which policy. Changes count up `version`."""

    class ReviewPolicy(models.TextChoices):
        ALWAYS = "always", _("A person reviews every session")
        FLAGGED = "flagged", _("A person reviews flagged or incomplete sessions")
        NOT_REQUIRED = "not_required", _("No review")

    class Kind(models.TextChoices):
        """How the proctoring tool is opened; fixed when the exam is made, as its links depend on it."""

        TWO_TOOLS = "two_tools", _("Two tools, one of which speaks Proctoring Services")
        LINKED = "linked", _("Two tools, of which the proctoring tool knows only ordinary links")
        ONE_TOOL = "one_tool", _("One tool that asks the questions and proctors")

    class StartedBy(models.TextChoices):
        """Who says that check-in is done, where the proctoring tool knows only ordinary links."""

        TOOL = "tool", _("The proctoring tool, by our start address")
        LEARNER = "learner", _("The learner, by a button on our page")

    class IdentityPolicy(models.TextChoices):
        IGNORE = "ignore", _("Keep it, compare nothing")
        FLAG = "flag", _("Flag names that differ")
        HOLD = "hold", _("Hold the result until a person clears it, unless the names agree")

    class RetentionClass(models.TextChoices):
        STANDARD = "standard", _("Standard: 180 days")
        EXTENDED = "extended", _("Extended: 2 years")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    context = models.ForeignKey(Context, models.PROTECT, related_name="exams", verbose_name=_("course"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TWO_TOOLS)
    started_by = models.CharField(
        _("who starts the exam"), max_length=10, choices=StartedBy, default=StartedBy.TOOL
    )
    title = models.CharField(_("title"), max_length=200)
    title_es = models.CharField(_("title in Spanish"), max_length=200, blank=True)
    assessment_link = models.OneToOneField(
        ResourceLink, models.PROTECT, related_name="assessed_exam", verbose_name=_("assessment tool link")
    )
    proctoring_link = models.OneToOneField(  # the same link, where one tool does both
        ResourceLink, models.PROTECT, related_name="proctored_exam", verbose_name=_("proctoring tool link")
    )
    line_item = models.OneToOneField(LineItem, models.PROTECT, related_name="exam")
    pass_mark_percent = models.DecimalField(_("pass mark (%)"), max_digits=5, decimal_places=2, default=70)
    questions = models.PositiveSmallIntegerField(_("number of questions"), default=25)
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts allowed"), default=2)
    wait_minutes = models.PositiveIntegerField(_("wait between attempts (minutes)"), default=0)
    minutes = models.PositiveSmallIntegerField(_("time allowed (minutes)"), default=60)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    review_policy = models.CharField(
        _("review"), max_length=14, choices=ReviewPolicy, default=ReviewPolicy.ALWAYS
    )
    retention_class = models.CharField(
        _("retention"), max_length=10, choices=RetentionClass, default=RetentionClass.STANDARD
    )
    identity_policy = models.CharField(
        _("verified identity"), max_length=10, choices=IdentityPolicy, default=IdentityPolicy.FLAG
    )
    proctoring_settings = models.CharField(_("settings for the proctoring tool"), max_length=1000, blank=True)
    # Members of the settings claim beside `data`, by names that the tool's vendor defines.
    vendor_settings = models.JSONField(
        _("further settings for the proctoring tool"), default=dict, blank=True
    )
    version = models.PositiveIntegerField(default=1)
    is_published = models.BooleanField(_("published"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class Attempt(models.Model):
    """One person's try at an exam. `state` moves only through `transitions.py`; `policy` is pinned at start."""

    class State(models.TextChoices):
        CHECKING_IN = "checking_in", _("Checking in")
        BLOCKED = "blocked", _("Check-in refused")
        ABANDONED = "abandoned", _("Not started")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        INTERRUPTED = "interrupted", _("Interrupted")
        SUBMITTED = "submitted", _("Submitted")
        TERMINATED = "terminated", _("Ended by the proctor")
        RELEASED = "released", _("Released")
        INVALIDATED = "invalidated", _("Rejected")
        VOIDED = "voided", _("Void, does not count")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_number = models.PositiveBigIntegerField(unique=True)  # what people say: case 4821
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()  # LTI attempt_number, from 1
    state = models.CharField(max_length=14, choices=State, default=State.CHECKING_IN)
    version = models.PositiveIntegerField(default=1)
    policy = models.JSONField(default=dict)  # exam's rules as they stood at the start
    extra_minutes = models.PositiveIntegerField(default=0)  # granted through assessment control, in total
    passed = models.BooleanField(null=True)  # known once scored
    percent = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    scored_at = models.DateTimeField(null=True)
    ends_by = models.DateTimeField(null=True)  # when the clock runs out, while running
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # submitted, terminated or interrupted
    settled_at = models.DateTimeField(null=True)  # released, invalidated or voided
    moved_at = models.DateTimeField(null=True)  # of the last transition
    ended_by = models.CharField(
        max_length=20, blank=True
    )  # the event that ended it: submit, time_out, terminate
    held_by_tool = models.BooleanField(default=False)  # paused, and only the proctoring tool may lift that
    held_by_connection = models.BooleanField(default=False)  # paused until the learner continues
    last_seen_at = models.DateTimeField(null=True)  # when the attempt page last reported
    candidate_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exam", "person", "number"], name="proctoring_attempt_number"),
            models.UniqueConstraint(
                fields=["exam", "person"],
                condition=Q(state__in=["checking_in", "blocked", "running", "paused", "interrupted"]),
                name="proctoring_one_open_attempt",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "ends_by"]),
            models.Index(fields=["state", "moved_at"]),
            models.Index(fields=["person", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"Case {self.case_number}"


class RunningInterval(models.Model):
    """A stretch of time in which the attempt's clock ran. The clock is their sum, in seconds, never rounded."""

    id = models.BigAutoField(primary_key=True)
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="running_intervals")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(ended_at=None), name="proctoring_one_open_interval"
            )
        ]

    def __str__(self) -> str:
        return f"{self.started_at} – {self.ended_at}"


class Transition(models.Model):
    """One move of an attempt: appended, never changed."""

    id = models.BigAutoField(primary_key=True)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="transitions")
    event = models.CharField(max_length=30)
    from_state = models.CharField(max_length=14)
    to_state = models.CharField(max_length=14)
    version = models.PositiveIntegerField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)
    reason_code = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "version"], name="proctoring_one_move_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Session(models.Model):
    """One launch of the proctoring tool for an attempt, bound to a browser session; an attempt may have several."""

    class State(models.TextChoices):
        LAUNCHED = "launched", _("Check-in")
        RECORDING = "recording", _("Recording")
        ENDED = "ended", _("Ended, collecting")
        COMPLETE = "complete", _("Complete")
        INCOMPLETE = "incomplete", _("Incomplete")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="sessions")
    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="proctoring_sessions")
    launch = models.OneToOneField(Launch, models.PROTECT, null=True, related_name="proctoring_session")
    state = models.CharField(max_length=10, choices=State, default=State.LAUNCHED)
    browser_digest = models.CharField(max_length=64)  # of the platform session that launched it
    session_data_digest = models.CharField(max_length=64, unique=True)
    session_data_expires_at = models.DateTimeField()
    session_data_used_at = models.DateTimeField(null=True)
    start_token_digest = models.CharField(
        max_length=64, blank=True
    )  # of the StartAssessment JWT that started it
    end_assessment_return = models.BooleanField(default=False)
    hands_over = models.BooleanField(default=True)  # whether recordings are awaited from this tool
    verified_user = models.JSONField(default=dict)
    launched_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_heard_at = models.DateTimeField()  # last evidence or control call
    collect_until = models.DateTimeField(null=True)  # late segments are awaited until then
    sealed_at = models.DateTimeField(null=True)
    coverage_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        ordering = ["launched_at", "id"]
        indexes = [models.Index(fields=["state", "collect_until"])]

    def __str__(self) -> str:
        return f"Session {self.id}"


class Incident(models.Model):
    """An assessment-control message, or something our own checks saw: appended, with the reply it got."""

    class Source(models.TextChoices):
        TOOL = "tool", _("Proctoring tool")
        PLATFORM = "platform", _("Our check")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="incidents")
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="incidents")
    source = models.CharField(max_length=10, choices=Source)
    action = models.CharField(max_length=10)  # pause | resume | terminate | update | flag
    occurred_at = models.DateTimeField()  # incident_time: the tool's clock
    received_at = models.DateTimeField()
    severity = models.DecimalField(max_digits=4, decimal_places=3, null=True)  # 0 … 1
    reason_code = models.CharField(max_length=100, blank=True)
    reason_message = models.CharField(max_length=1000, blank=True)
    extra_minutes = models.PositiveIntegerField(null=True)
    message_digest = models.CharField(
        max_length=64
    )  # identity of the message: a duplicate gets the first reply
    reply = models.JSONField(default=dict)
    needs_decision = models.BooleanField(default=True)

    class Meta:
        ordering = ["occurred_at", "received_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "message_digest"], name="proctoring_incident_once")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.reason_code} at {self.occurred_at}"


class IncidentDecision(models.Model):
    """A reviewer's judgement of an incident: appended; the last one counts."""

    class Judgement(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        DISMISSED = "dismissed", _("Dismissed")
        REOPENED = "reopened", _("Reopened")

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="decisions")
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="incident_decisions")
    judgement = models.CharField(max_length=10, choices=Judgement)
    reason = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.judgement} by {self.reviewer_id}"


class ReviewCase(models.Model):
    """The question whether an attempt was sound: opened when it ends, decided by a person (or not required)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DECIDED = "decided", _("Decided")
        NOT_REQUIRED = "not_required", _("Not required")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="review_case")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    severity = models.DecimalField(max_digits=4, decimal_places=3, default=0)  # the highest open incident's
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned_cases"
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-severity", "opened_at"])]

    def __str__(self) -> str:
        return f"Review of {self.attempt_id}"


class Verdict(models.Model):
    """A signed judgement of a session: appended, never changed."""

    class Outcome(models.TextChoices):
        CLEAR = "clear", _("Clear")
        CLEAR_WITH_NOTES = "clear_with_notes", _("Clear with notes")
        TECHNICAL_RETAKE = "technical_retake", _("Technical retake")
        VIOLATION_MINOR = "violation_minor", _("Violation, minor")
        VIOLATION_MAJOR = "violation_major", _("Violation, major")
        IDENTITY_MISMATCH = "identity_mismatch", _("Identity mismatch")
        UNABLE_TO_DETERMINE = "unable_to_determine", _("Unable to determine")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(ReviewCase, models.PROTECT, related_name="verdicts")
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="verdicts")
    outcome = models.CharField(max_length=20, choices=Outcome)
    note = models.TextField(blank=True)
    incidents_digest = models.CharField(
        max_length=64
    )  # of the incidents and decisions as the reviewer saw them
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.outcome} by {self.reviewer_id}"
