"""Which of the moments that others tell us can be shown and reckoned with."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from lti_platform.journal.clock import imaginable


def test_a_moment_of_this_century_is_told_in_utc() -> None:
    east = datetime(2026, 3, 2, 1, 0, tzinfo=timezone(timedelta(hours=9)))
    assert imaginable(east).isoformat() == "2026-03-01T16:00:00+00:00"


@pytest.mark.parametrize(
    "moment",
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
        datetime(1999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(2200, 1, 1, tzinfo=UTC),
    ],
)
def test_a_moment_that_no_zone_or_no_reckoning_could_hold_is_refused(moment: datetime) -> None:
    with pytest.raises(ValueError, match="century"):
        imaginable(moment)
