"""The journal's rows: entries (facts), the erasable words beside them, the reactions they owe, and seals."""

import uuid

from django.db import models


class Entry(models.Model):
    """One fact, refusal or access: appended, never changed. `position` and `hash` come later, from the sealer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.BigIntegerField(unique=True, null=True, editable=False)  # place in the chain, once sealed
    fact_type = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    payload = models.JSONField(default=dict)
    subject = models.CharField(max_length=80, blank=True)  # "attempt:<uuid>", "certificate:<uuid>", …
    organization_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=20)  # person | tool | system | nobody
    actor_id = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    details_digest = models.CharField(max_length=64, blank=True)  # salted digest of the erasable words
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "recorded_at"]),
            models.Index(fields=["organization_id", "recorded_at"]),
            models.Index(fields=["recorded_at"], name="journal_unsealed", condition=models.Q(number=None)),
        ]

    def __str__(self) -> str:
        return f"{self.fact_type} {self.subject} at {self.recorded_at:%Y-%m-%d %H:%M:%S}"


class EntryDetails(models.Model):
    """Words about an entry that may have to be erased: address, free text. The chain covers a salted digest."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="details", primary_key=True)
    salt = models.CharField(max_length=32)
    address = models.CharField(max_length=45, blank=True)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"Details of {self.entry_id}"


class Reaction(models.Model):
    """Work a fact owes: claimed by conditional update under a lease, retried with back-off, parked at the end."""

    class State(models.TextChoices):
        DUE = "due"
        DONE = "done"
        PARKED = "parked"

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="reactions")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "name"], name="journal_reaction_once")]
        indexes = [models.Index(fields=["due_at"], name="journal_due", condition=models.Q(state="due"))]

    def __str__(self) -> str:
        return f"{self.name} for {self.entry_id}: {self.state}"


class Seal(models.Model):
    """A signed checkpoint of the chain: the hash at `number`, signed with the sealing key."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    signature = models.TextField()  # compact JWS over {number, hash, sealed_at}
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Seal at {self.number}"


class ScheduledRun(models.Model):
    """The lease under which one worker at a time runs a periodic job, and when it last ended well."""

    name = models.CharField(max_length=120, primary_key=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    ran_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
