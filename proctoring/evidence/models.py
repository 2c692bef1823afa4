"""Evidence items, the manifest that seals them, and who looked."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lti_platform.people.models import Person
from proctoring.models import Session


class EvidenceItem(models.Model):
    """One object of evidence: planned, uploaded once under an opaque name, hashed and judged by us."""

    class Kind(models.TextChoices):
        RECORDING = "recording", _("Recording")
        IDENTITY_PHOTO = "identity_photo", _("Photo ID")
        CANDIDATE_PHOTO = "candidate_photo", _("Photo of the candidate")
        ROOM_SCAN = "room_scan", _("Room scan")
        TELEMETRY = "telemetry", _("Event log")

    class State(models.TextChoices):
        PLANNED = "planned", _("Awaited")
        RECEIVED = "received", _("Received, being checked")
        ACCEPTED = "accepted", _("Accepted")
        QUARANTINED = "quarantined", _("Quarantined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="evidence_items")
    kind = models.CharField(max_length=16, choices=Kind)
    stream = models.CharField(max_length=20, blank=True)  # camera | screen | …
    sequence = models.PositiveIntegerField(default=0)  # place of a segment in its stream
    media_type = models.CharField(max_length=100)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    object_key = models.CharField(max_length=100, unique=True)  # opaque; holds no name
    object_version = models.CharField(max_length=100, blank=True)
    declared_bytes = models.BigIntegerField()
    completed_bytes = models.BigIntegerField(null=True)  # as the tool counted them at completion
    declared_sha256 = models.CharField(max_length=64, blank=True)
    capture_started_at = models.DateTimeField(null=True)  # the tool's clock
    capture_ended_at = models.DateTimeField(null=True)
    clock_offset_ms = models.BigIntegerField(null=True)  # our clock minus the tool's, at completion
    bytes = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    duration_ms = models.BigIntegerField(null=True)
    probe = models.JSONField(default=dict)  # container, codecs, width, height
    playback_key = models.CharField(max_length=100, blank=True)  # a remuxed copy that seeks
    playback_version = models.CharField(max_length=100, blank=True)
    playback_media_type = models.CharField(max_length=100, blank=True)
    playback_bytes = models.BigIntegerField(null=True)
    playback_sha256 = models.CharField(max_length=64, blank=True)
    quarantine_reason = models.CharField(max_length=300, blank=True)
    kept_until = models.DateTimeField(null=True)
    planned_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["stream", "sequence", "planned_at", "id"]
        indexes = [models.Index(fields=["session", "kind", "stream", "sequence"])]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "kind", "stream", "sequence"],
                condition=Q(kind="recording"),
                name="evidence_segment_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stream} {self.sequence}"


class EndNotice(models.Model):
    """The tool's word that a session is over, and how many items of each stream it made: awaited is what it names."""

    session = models.OneToOneField(Session, models.PROTECT, primary_key=True, related_name="end_notice")
    ended_at = models.DateTimeField()  # the tool's clock
    named = models.JSONField(default=list)  # [{"kind", "stream", "count"}]
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"End of {self.session_id}"


class Manifest(models.Model):
    """The sealed list of a session's evidence: canonical JSON (RFC 8785), signed. Late evidence makes a new one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="manifests")
    number = models.PositiveSmallIntegerField(default=1)
    body = models.TextField()
    object_key = models.CharField(max_length=100, unique=True)  # the same bytes, kept beside the evidence
    sha256 = models.CharField(max_length=64)
    signature = models.TextField()  # compact JWS, detached payload
    is_complete = models.BooleanField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="evidence_manifest_number")]

    def __str__(self) -> str:
        return f"Manifest {self.number} of {self.session_id}"


class Access(models.Model):
    """A person was let see evidence, and said why."""

    class Reason(models.TextChoices):
        FIRST_REVIEW = "first_review", _("Review")
        APPEAL = "appeal", _("Appeal")
        REGULATOR = "regulator", _("Regulator")
        EMPLOYER_AUDIT = "employer_audit", _("Employer audit")
        SUBJECT_REQUEST = "subject_request", _("Subject request")
        LEGAL = "legal", _("Legal")
        TECHNICAL = "technical", _("Technical check")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="accesses")
    item = models.ForeignKey(
        EvidenceItem, models.PROTECT, null=True, related_name="accesses"
    )  # None: all of them
    person = models.ForeignKey(Person, models.PROTECT, related_name="evidence_accesses")
    reason = models.CharField(max_length=16, choices=Reason)
    case_reference = models.CharField(max_length=200, blank=True)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["granted_at", "id"]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.reason}"
