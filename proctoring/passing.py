"""Pass or fail, decided on exact decimals."""

from decimal import ROUND_DOWN, Decimal

HUNDREDTH = Decimal("0.01")
MOST_PERCENT = Decimal("99999.99")  # extra credit may exceed 100; the column holds this much


def is_passing(score: Decimal, *, maximum: Decimal, pass_mark_percent: Decimal) -> bool:
    """Whether `score` of `maximum` reaches the mark: compared without dividing, so nothing is rounded."""
    if maximum <= 0:
        return False
    return score * 100 >= pass_mark_percent * maximum


def percent(score: Decimal, *, maximum: Decimal) -> Decimal:
    """The share in percent, cut to hundredths: 69.999 must not be shown as a 70 that failed."""
    if maximum <= 0:
        return Decimal(0)
    share = min(score * 100 / maximum, MOST_PERCENT)
    return share.quantize(HUNDREDTH, rounding=ROUND_DOWN)
