"""Times and lengths are said as people say them, in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from lti_platform.web import words

NOW = datetime(2027, 3, 12, 20, 5, tzinfo=UTC)  # 14:05 in Chicago


@pytest.mark.parametrize(
    ("moment", "english", "spanish"),
    [
        (NOW, "today 14:05", "hoy 14:05"),
        (NOW - timedelta(days=1), "yesterday 14:05", "ayer 14:05"),
        (NOW + timedelta(days=1), "tomorrow 14:05", "mañana 14:05"),
        (datetime(2027, 3, 19, 23, 0, tzinfo=UTC), "19 March, 18:00", "19 de marzo, 18:00"),
        (datetime(2026, 3, 12, 21, 44, tzinfo=UTC), "12 March 2026, 16:44", "12 de marzo de 2026, 16:44"),
    ],
)
def test_a_moment_is_said_by_its_distance(moment: datetime, english: str, spanish: str) -> None:
    with translation.override("en"):
        assert words.moment_words(moment, now=NOW) == english
    with translation.override("es"):
        assert words.moment_words(moment, now=NOW) == spanish


def test_a_day_is_judged_by_the_clock_on_the_wall_not_by_utc() -> None:
    just_before_midnight = datetime(2027, 3, 13, 5, 59, tzinfo=UTC)
    with translation.override("en"):
        assert words.moment_words(just_before_midnight, now=NOW) == "today 23:59"
        assert words.moment_words(just_before_midnight + timedelta(minutes=2), now=NOW) == "tomorrow 00:01"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "12 March 2027, 14:05:00 CST (UTC−6)"),
        ("es", "12 de marzo de 2027, 14:05:00 CST (UTC−6)"),
    ],
)
def test_the_exact_time_names_its_zone(language: str, said: str) -> None:
    with translation.override(language):
        assert words.exact_words(NOW) == said


@pytest.mark.parametrize(("language", "said"), [("en", "12 Mar 14:05:00"), ("es", "12 Mar 14:05:00")])
def test_a_ledger_names_the_second_and_never_says_today(language: str, said: str) -> None:
    with translation.override(language):
        assert words.ledger_words(NOW, now=NOW) == said


def test_a_birthday_of_another_year_carries_the_year() -> None:
    with translation.override("en"):
        assert words.day_words(date(2026, 3, 12), today=date(2027, 3, 12)) == "12 March 2026"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (41, "41 s"),
        (120, "2 min"),
        (3448, "57 min 28 s"),
        (3600, "1 h"),
        (10_920, "3 h 02 min"),
        (47 * 3600, "47 h"),
        (76 * 3600, "3 days 4 h"),
        (-5, "0 s"),
    ],
)
def test_a_length_keeps_its_parts_together(seconds: int, said: str) -> None:
    with translation.override("en"):
        assert words.duration_words(seconds) == said.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("back", "english", "spanish"),
    [
        (timedelta(seconds=3), "just now", "ahora mismo"),
        (timedelta(minutes=2, seconds=40), "2 min ago", "hace 2 min"),
        (timedelta(days=3), "3 days ago", "hace 3 días"),
        (timedelta(minutes=-25), "in 25 min", "en 25 min"),
    ],
)
def test_how_long_ago_is_said_without_seconds(back: timedelta, english: str, spanish: str) -> None:
    for language, said in (("en", english), ("es", spanish)):
        with translation.override(language):
            assert words.ago_words(NOW - back, now=NOW).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (timedelta(0), "UTC"),
        (timedelta(hours=5, minutes=30), "UTC+5:30"),
        (timedelta(hours=-6), "UTC−6"),
        (timedelta(hours=-3, minutes=-30), "UTC−3:30"),
    ],
)
def test_an_offset_is_said_in_hours(offset: timedelta, said: str) -> None:
    assert words.offset_words(offset) == said


def test_clocks_and_places_in_a_recording() -> None:
    assert words.clock_words(49 * 60 + 3) == "49:03"
    assert words.clock_words(3723) == "1:02:03"
    assert words.timecode(724) == "00:12:04"
