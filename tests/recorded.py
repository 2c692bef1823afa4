"""What the record says after a test."""

from lti_platform.journal.models import Entry


def refusals() -> list[str]:
    """The rules that stopped something, oldest first."""
    entries = Entry.objects.filter(fact_type="security.refused").order_by("recorded_at")
    return [entry.payload["rule"] for entry in entries]
