"""Coverage is recorded ∩ running ÷ running, whatever the order and overlap of the pieces."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from proctoring.evidence.coverage import Span, common, coverage_percent, total, union

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


def span(start: int, end: int) -> Span:
    return Span(at(start), at(end))


spans = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 300)).map(lambda pair: span(*pair)), max_size=12
)


def seconds(pieces: list[Span]) -> set[int]:
    """Every whole second inside, counted the slow way."""
    return {second for piece in pieces for second in range(301) if piece.start <= at(second) < piece.end}


@given(recorded=spans, running=spans)
def test_coverage_is_what_counting_seconds_gives(recorded: list[Span], running: list[Span]) -> None:
    ran = seconds(running)
    found = coverage_percent(recorded=recorded, running=running)
    if not ran:
        assert found is None
    else:
        share = Decimal(len(seconds(recorded) & ran)) / len(ran) * 100
        assert found is not None
        assert 0 <= share - found < Decimal("0.01")


@given(recorded=spans, running=spans, more=spans)
def test_more_recording_never_covers_less(
    recorded: list[Span], running: list[Span], more: list[Span]
) -> None:
    before = coverage_percent(recorded=recorded, running=running)
    after = coverage_percent(recorded=[*recorded, *more], running=running)
    assert (before is None and after is None) or (before or 0) <= (after or 0)


@given(pieces=spans)
def test_time_in_several_pieces_counts_once(pieces: list[Span]) -> None:
    assert total(pieces) == total(pieces + pieces) == timedelta(seconds=len(seconds(pieces)))
    assert union(union(pieces)) == union(pieces)
    assert common(pieces, pieces) == union(pieces)


def test_a_hundred_per_cent_means_all_of_it() -> None:
    running = [Span(START, START + timedelta(hours=10))]
    almost = [Span(START, START + timedelta(hours=10) - timedelta(milliseconds=1))]
    assert coverage_percent(recorded=almost, running=running) == Decimal("99.99")
    assert coverage_percent(recorded=running, running=running) == Decimal("100.00")
