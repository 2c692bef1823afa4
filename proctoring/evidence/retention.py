"""How long evidence is kept: a table, by the exam's retention class and what the item is."""

from datetime import datetime, timedelta

STANDARD = "standard"
EXTENDED = "extended"
# An image of an identity document proves nothing that the verdict does not record: it goes first.
IDENTITY_PHOTO_DAYS = 90
TWO_YEARS = 731  # days, with a 29 February among them: the consent promises two years at least
DAYS = {STANDARD: 180, EXTENDED: TWO_YEARS}
# What a person objected to may be disputed; what was looked into and cleared, asked about.
VERDICT_DAYS = {
    "clear_with_notes": 365,
    "technical_retake": 365,
    "violation_minor": TWO_YEARS,
    "violation_major": TWO_YEARS,
    "identity_mismatch": TWO_YEARS,
    "unable_to_determine": TWO_YEARS,
}
# A manifest holds no image of anybody, and proves what was there long after the recording is gone.
MANIFEST_DAYS = 6 * 366


def kept_until(retention_class: str, *, kind: str, received_at: datetime) -> datetime:
    """The date before which an item may not go. KeyError for a class that is not in the table."""
    days = IDENTITY_PHOTO_DAYS if kind == "identity_photo" else DAYS[retention_class]
    return received_at + timedelta(days=days)


def kept_after_verdict(outcome: str, *, at: datetime) -> datetime:
    """The date before which nothing of a session with this verdict may go: `at`, if the verdict asks for no longer."""
    return at + timedelta(days=VERDICT_DAYS.get(outcome, 0))


def manifest_kept_until(sealed_at: datetime) -> datetime:
    """The date before which a manifest may not go."""
    return sealed_at + timedelta(days=MANIFEST_DAYS)
