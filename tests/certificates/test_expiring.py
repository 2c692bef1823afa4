"""Until when a certificate holds."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.expiring import Standing, ValidityRule, add_months, last_day, standing_on

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2200, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@given(day=days, months=st.integers(min_value=0, max_value=600))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    then = add_months(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day == day.day or (
        then.day < day.day and then.day == calendar.monthrange(then.year, then.month)[1]
    )


@given(
    day=days, months=st.integers(min_value=1, max_value=600), later=st.integers(min_value=0, max_value=400)
)
def test_who_passes_later_never_ends_earlier(day: date, months: int, later: int) -> None:
    rule = ValidityRule("months", months)
    first, second = last_day(rule, issued_on=day), last_day(rule, issued_on=day + timedelta(days=later))
    assert first is not None
    assert second is not None
    assert day < first <= second


def test_a_fixed_date_is_the_last_day_and_no_rule_never_ends() -> None:
    end = date(2027, 6, 30)
    assert last_day(ValidityRule("fixed_date", fixed_date=end), issued_on=date(2026, 1, 1)) == end
    assert last_day(ValidityRule("none"), issued_on=date(2026, 1, 1)) is None
    assert last_day(ValidityRule("none", months=3, fixed_date=end), issued_on=date(2026, 1, 1)) is None


@given(expires_on=days, off=st.integers(min_value=-400, max_value=400))
def test_it_holds_through_its_last_day(expires_on: date, off: int) -> None:
    today = expires_on + timedelta(days=off)
    standing = standing_on(is_revoked=False, expires_on=expires_on, today=today)
    assert standing == (Standing.VALID if today <= expires_on else Standing.EXPIRED)


@given(expires_on=st.none() | days, today=days)
def test_a_revocation_outweighs_an_expiry(expires_on: date | None, today: date) -> None:
    assert standing_on(is_revoked=True, expires_on=expires_on, today=today) == Standing.REVOKED


@given(today=days)
def test_without_an_end_it_holds_on_every_day(today: date) -> None:
    assert standing_on(is_revoked=False, expires_on=None, today=today) == Standing.VALID
