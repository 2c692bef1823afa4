"""How much: a severity from 0 to 1 as one to three bars. Pure."""

from decimal import Decimal

from django.db.models import Q

from proctoring.models import Incident

HIGH, MEDIUM = Decimal("0.7"), Decimal("0.4")
RANGES: dict[int, tuple[Decimal, Decimal]] = {
    3: (HIGH, Decimal(2)),
    2: (MEDIUM, HIGH),
    1: (Decimal(0), MEDIUM),
}


def bars(severity: Decimal) -> int:
    """3 from 0.7, 2 from 0.4, else 1."""
    return next(level for level, (least, _) in RANGES.items() if severity >= least)


def bars_of(incident: Incident) -> int:
    """The tool's severity; an end of the exam without one counts as high, anything else as low."""
    if incident.severity is None:
        return 3 if incident.action == "terminate" else 1
    return bars(incident.severity)


def within(level: int) -> Q:
    """The cases of this level."""
    least, below = RANGES[level]
    return Q(severity__gte=least, severity__lt=below)
