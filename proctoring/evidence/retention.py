"""How long evidence is kept: a table, by the exam's retention class and what the item is."""

from datetime import datetime, timedelta

STANDARD = "standard"
EXTENDED = "extended"
# An image of an identity document proves nothing that the verdict does not record: it goes first.
IDENTITY_PHOTO_DAYS = 90
DAYS = {STANDARD: 180, EXTENDED: 730}
# A manifest holds no image of anybody, and proves what was there long after the recording is gone.
MANIFEST_DAYS = 6 * 366


def kept_until(retention_class: str, *, kind: str, received_at: datetime) -> datetime:
    """The date before which an item may not go. KeyError for a class that is not in the table."""
    days = IDENTITY_PHOTO_DAYS if kind == "identity_photo" else DAYS[retention_class]
    return received_at + timedelta(days=days)


def manifest_kept_until(sealed_at: datetime) -> datetime:
    """The date before which a manifest may not go."""
    return sealed_at + timedelta(days=MANIFEST_DAYS)
