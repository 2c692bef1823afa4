"""An incident seeks to the second of the recording that shows it, whatever the tool's clock says."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring.evidence.timeline import SEAM, Recorded, best_stream, position_ms, recorded_of, to_our_clock
from tests.media import webm
from tests.proctoring.evidence.staging import Stage

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def segment(start: float, lasting: float, *, stream: str = "camera", ahead: float = 0) -> Recorded:
    return Recorded(
        stream=stream,
        starts_at=START + timedelta(seconds=start),
        duration=timedelta(seconds=lasting),
        offset=timedelta(seconds=-ahead),
    )


@given(
    lengths=st.lists(st.integers(1, 20), min_size=1, max_size=10),
    gaps=st.lists(st.integers(0, 30), min_size=10, max_size=10),
    moment=st.integers(0, 400_000),
)
def test_a_position_is_inside_the_segment_that_shows_the_moment(
    lengths: list[int], gaps: list[int], moment: int
) -> None:
    recorded, place = [], 0
    for length, gap in zip(lengths, gaps, strict=False):
        recorded.append(segment(place, length))
        place += length + gap
    at = START + timedelta(milliseconds=moment)
    found = position_ms(at, recorded=recorded)
    if any(piece.span.start <= at < piece.span.end for piece in recorded):
        assert found == moment
    elif found is not None:
        assert timedelta() < timedelta(milliseconds=found - moment) <= SEAM
        assert any(piece.span.start == START + timedelta(milliseconds=found) for piece in recorded)
    else:
        assert not any(piece.span.start - SEAM <= at < piece.span.end for piece in recorded)


@given(ahead=st.integers(-100_000, 100_000), after=st.integers(0, 59))
def test_a_clock_that_is_wrong_by_any_amount_seeks_right(ahead: int, after: int) -> None:
    recorded = [segment(place, 10, ahead=ahead) for place in range(0, 60, 10)]
    said = START + timedelta(seconds=after + ahead)
    assert position_ms(to_our_clock(said, recorded=recorded), recorded=recorded) == after * 1000


def test_a_clock_set_right_during_the_exam_is_followed() -> None:
    recorded = [segment(0, 10, ahead=3600), segment(10, 10, ahead=0)]
    assert to_our_clock(START + timedelta(seconds=3605), recorded=recorded) == START + timedelta(seconds=5)
    assert to_our_clock(START + timedelta(seconds=15), recorded=recorded) == START + timedelta(seconds=15)


def test_session_time_begins_with_the_first_stream_and_the_camera_is_shown() -> None:
    recorded = [segment(5, 10), segment(0, 60, stream="screen")]
    assert [piece.stream for piece in best_stream(recorded)] == ["camera"]
    assert position_ms(START + timedelta(seconds=7), recorded=recorded) == 7000
    assert position_ms(START + timedelta(seconds=20), recorded=recorded) is None
    assert [piece.stream for piece in best_stream(recorded[1:])] == ["screen"]
    assert best_stream([]) == []


@pytest.mark.django_db
def test_an_incident_of_a_tool_an_hour_ahead_seeks_to_the_right_second(
    now: datetime, judged: Callable[..., int]
) -> None:
    stage = Stage(now, tool_is_ahead=timedelta(hours=1))
    for place in range(3):
        stage.hand_over(webm(2), sequence=place, after=place * 2)
    judged()
    recorded = recorded_of(stage.session)

    def seeks(theirs: datetime) -> int | None:
        return position_ms(to_our_clock(theirs, recorded=recorded), recorded=recorded)

    assert seeks(now + timedelta(hours=1, seconds=3)) == 3000
    assert position_ms(now + timedelta(seconds=3), recorded=recorded) == 3000
    assert seeks(now + timedelta(hours=1, seconds=30)) is None
    assert recorded_of(stage.new_session(999)) == []
