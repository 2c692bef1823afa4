"""Times on the wire: ISO 8601 with a zone in, UTC with `Z` out (AGS 3.4.9, 4.2)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from gradebook.errors import Malformed
from lti_platform.journal.clock import ending, imaginable

# A date alone, a local time, week dates and the basic format are not what AGS means by ISO 8601.
_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d{1,9})?(Z|[+-]\d\d(:?\d\d)?)", re.ASCII)


def moment(value: Any, *, field: str) -> datetime | None:
    """The moment in UTC; None when absent, null or blank. A fraction is optional. Raises Malformed."""
    return _read(value, field=field, judged=imaginable)


def end(value: Any, *, field: str) -> datetime | None:
    """The moment until which an item is open, read as `moment` does; one in the year 9999 or so means no end."""
    return _read(value, field=field, judged=ending)


def _read(value: Any, *, field: str, judged: Callable[[datetime], datetime | None]) -> datetime | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _FORM.fullmatch(value):
        raise Malformed(field, "is not an ISO 8601 date and time with a zone")
    try:
        return judged(datetime.fromisoformat(value))
    except ValueError as error:
        raise Malformed(field, "is no date and time of this century") from error


def as_text(value: datetime | None) -> str | None:
    """The moment in UTC with `Z`, or None."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None
