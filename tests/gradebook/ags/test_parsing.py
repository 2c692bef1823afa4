"""What tools send, read strictly; whatever it is, it is read or refused with a name."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradebook.ags import parsing
from gradebook.errors import Malformed

SCORE: dict[str, Any] = {
    "userId": "u-51",
    "timestamp": "2026-11-21T10:15:30.123Z",
    "scoreGiven": 7.5,
    "scoreMaximum": 10,
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
}
LINE_ITEM: dict[str, Any] = {"label": "Quiz 3", "scoreMaximum": 20}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def test_a_score_is_read_to_the_millionth() -> None:
    read = parsing.score({**SCORE, "scoreGiven": 0.1 + 0.2, "comment": "ok", "https://vendor.example/x": {}})
    assert (read.score_given, read.score_maximum, read.comment) == (Decimal("0.3"), Decimal(10), "ok")


def test_zero_is_not_none() -> None:
    assert parsing.score({**SCORE, "scoreGiven": 0}).score_given == Decimal(0)
    assert parsing.score({**SCORE, "scoreGiven": None}).score_given is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scoreGiven", 1e30),
        ("scoreGiven", True),
        ("scoreGiven", 1001),
        ("scoreMaximum", 1e-9),
        ("scoreMaximum", None),
        ("comment", 5),
        ("submission", []),
        ("submission", {"startedAt": "today"}),
        ("userId", 51),
        ("userId", " "),
        ("activityProgress", []),
        ("gradingProgress", None),
        ("scoringUserId", None),
    ],
)
def test_a_refusal_names_the_member(field: str, value: object) -> None:
    with pytest.raises(Malformed) as refused:
        parsing.score({**SCORE, field: value})
    assert refused.value.field.startswith(field)


@given(st.sampled_from([*SCORE, "comment", "scoringUserId", "submission"]), JSON)
def test_no_json_breaks_the_reading_of_a_score(field: str, value: Any) -> None:
    with suppress(Malformed):
        assert len(parsing.score({**SCORE, field: value}).digest) == 64


@given(
    st.sampled_from([*LINE_ITEM, "resourceId", "tag", "resourceLinkId", "startDateTime", "endDateTime"]), JSON
)
def test_no_json_breaks_the_reading_of_a_line_item(field: str, value: Any) -> None:
    with suppress(Malformed):
        read = parsing.line_item({**LINE_ITEM, field: value}, domains=[])
        assert read.label.strip()
        assert read.score_maximum > 0
