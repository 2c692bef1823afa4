"""Until when a certificate holds, and where it stands on a day. Pure: the day is an argument."""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """What a certificate is worth on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class ValidityRule:
    """`none`, so many `months` from issue, or until a `fixed_date`."""

    kind: str
    months: int | None = None
    fixed_date: date | None = None


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(rule: ValidityRule, *, issued_on: date) -> date | None:
    """The last day on which a certificate issued that day holds; None when it never ends."""
    if rule.kind == "months" and rule.months:
        return add_months(issued_on, rule.months)
    return rule.fixed_date if rule.kind == "fixed_date" else None


def standing_on(*, is_revoked: bool, expires_on: date | None, today: date) -> Standing:
    """Where a certificate stands: a revocation outweighs an expiry."""
    if is_revoked:
        return Standing.REVOKED
    return Standing.EXPIRED if expires_on is not None and expires_on < today else Standing.VALID
