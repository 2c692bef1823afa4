"""Pass or fail, on exact numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.passing import is_passing, percent

points = st.decimals(min_value=0, max_value=1000, places=6)


@pytest.mark.parametrize(
    ("score", "maximum", "passes"),
    [
        ("70", "100", True),
        ("69.999999", "100", False),
        ("17.5", "25", True),
        ("2.1", "3", True),
        ("0", "0", False),
    ],
)
def test_seventy_per_cent_is_seventy_per_cent(score: str, maximum: str, passes: bool) -> None:
    assert is_passing(Decimal(score), maximum=Decimal(maximum), pass_mark_percent=Decimal(70)) is passes


def test_what_is_shown_is_never_more_than_what_was_reached() -> None:
    assert percent(Decimal("69.999"), maximum=Decimal(100)) == Decimal("69.99")
    assert percent(Decimal(2), maximum=Decimal(3)) == Decimal("66.66")


def test_extra_credit_fits_the_column_and_nothing_is_nothing() -> None:
    assert percent(Decimal(10**9), maximum=Decimal(1)) == Decimal("99999.99")
    assert percent(Decimal(5), maximum=Decimal(0)) == 0


@given(score=points, maximum=points, mark=st.decimals(min_value=0, max_value=100, places=2))
def test_what_is_shown_agrees_with_the_decision(score: Decimal, maximum: Decimal, mark: Decimal) -> None:
    if maximum and percent(score, maximum=maximum) >= mark:
        assert is_passing(score, maximum=maximum, pass_mark_percent=mark)
