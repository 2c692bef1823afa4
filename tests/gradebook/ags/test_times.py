"""Times on the wire."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gradebook.ags.times import as_text, end, moment
from gradebook.errors import Malformed


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2026-11-21T10:15:30.123Z", 123000),
        ("2026-11-21T10:15:30.123+00:00", 123000),
        ("2026-11-21T10:15:30.123+00", 123000),
        ("2026-11-21T12:15:30+0200", 0),
        ("2026-11-21T10:15:30Z", 0),
        ("2026-11-21T10:15:30.123456789Z", 123456),
        ("2026-11-21T10:15:30,5Z", 500000),
    ],
)
def test_every_form_with_a_zone_is_read(text: str, microsecond: int) -> None:
    assert moment(text, field="timestamp") == datetime(2026, 11, 21, 10, 15, 30, microsecond, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21",
        "2026-11-21T10:15:30",
        "2026-11-21 10:15:30Z",
        "2026-11-21T10:15Z",
        "2026-13-21T10:15:30Z",
        "2026-W47-6T10:15:30Z",
        "20261121T101530Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-12:00",
        "2026-11-21T10:15:60Z",
        "2026-11-21T10:15:30+25:00",
        "2026-11-21T10:15:30Z\n",
        "２026-11-21T10:15:30Z",
        "yesterday",
        1763720130,
        True,
        [],
    ],
)
def test_nothing_else_is(text: object) -> None:
    with pytest.raises(Malformed):
        moment(text, field="timestamp")


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_time_is_no_time(nothing: str | None) -> None:
    assert moment(nothing, field="endDateTime") is None
    assert as_text(None) is None


def test_times_go_out_in_utc_with_a_z() -> None:
    at = datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    assert as_text(at) == "2026-11-21T10:00:00Z"


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "2200-01-01T00:00:00Z"]
)
def test_an_end_after_all_time_is_no_end(text: str) -> None:
    assert end(text, field="endDateTime") is None


def test_an_end_is_read_like_any_moment_otherwise() -> None:
    assert end("2026-11-21T10:15:30Z", field="endDateTime") == datetime(2026, 11, 21, 10, 15, 30, tzinfo=UTC)
    for wrong in ("0001-01-01T00:00:00Z", "2026-11-21", 7):
        with pytest.raises(Malformed):
            end(wrong, field="endDateTime")
