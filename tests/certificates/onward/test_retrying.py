"""When to try again, and when to stop."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.onward.retrying import (
    AGE_BUDGET,
    JITTER,
    LONGEST_WAIT,
    MOST_TRIES,
    SCHEDULE_SECONDS,
    Answer,
    Outcome,
    decide,
    requested_wait,
)

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
tries = st.integers(min_value=1, max_value=MOST_TRIES + 3)
statuses = st.none() | st.integers(min_value=100, max_value=599)
headers = st.one_of(
    st.text(max_size=60),
    st.integers(min_value=-(10**12), max_value=10**12).map(str),
    st.datetimes(timezones=st.just(UTC), min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1)).map(  # noqa: DTZ001
        lambda moment: format_datetime(moment, usegmt=True)
    ),
)


@given(status=statuses, header=headers, number=tries)
def test_every_answer_has_a_decision(status: int | None, header: str, number: int) -> None:
    decision = decide(Answer(status, header), tries=number, first_at=NOW, now=NOW)
    assert (decision.due_at is not None) == (decision.outcome == Outcome.AGAIN)
    assert (decision.outcome == Outcome.ARRIVED) == (status is not None and 200 <= status < 300)


@given(status=st.sampled_from([None, 301, 401, 403, 404, 500, 502, 504]), header=headers, number=tries)
def test_the_next_try_is_never_earlier_than_promised(status: int | None, header: str, number: int) -> None:
    decision = decide(Answer(status, header), tries=number, first_at=NOW, now=NOW)
    if number >= MOST_TRIES:
        assert decision.outcome == Outcome.PARK
        return
    assert decision.due_at is not None
    promised = max(timedelta(seconds=SCHEDULE_SECONDS[number - 1]), requested_wait(header, now=NOW))
    assert promised <= decision.due_at - NOW <= promised * (1 + JITTER)
    assert decision.counts


@given(status=st.sampled_from([429, 503]), seconds=st.integers(min_value=1, max_value=10**9), number=tries)
def test_throttling_is_heeded_and_does_not_burn_the_budget(status: int, seconds: int, number: int) -> None:
    decision = decide(Answer(status, str(seconds)), tries=number, first_at=NOW, now=NOW)
    assert decision.outcome == Outcome.AGAIN
    assert decision.due_at is not None
    assert not decision.counts
    asked = min(timedelta(seconds=seconds), LONGEST_WAIT)
    assert max(asked, timedelta(minutes=1)) <= decision.due_at - NOW <= LONGEST_WAIT * (1 + JITTER)


@pytest.mark.parametrize("header", ["", "soon", "-5", "Mon, 02 Mar 2026 14:00:00 GMT"])
def test_a_429_that_names_no_time_waits_five_minutes(header: str) -> None:
    decision = decide(Answer(429, header), tries=MOST_TRIES, first_at=NOW, now=NOW)
    assert decision.due_at is not None
    assert decision.due_at - NOW >= timedelta(minutes=5)
    assert not decision.counts


def test_a_503_that_names_no_time_counts_like_any_failure() -> None:
    assert decide(Answer(503), tries=1, first_at=NOW, now=NOW).counts
    assert decide(Answer(503), tries=MOST_TRIES, first_at=NOW, now=NOW).outcome == Outcome.PARK


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 120 ", timedelta(seconds=120)),
        ("000000000000090", timedelta(seconds=90)),
        ("9" * 5000, LONGEST_WAIT),
        ("Mon, 02 Mar 2026 15:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 02 Mar 2026 10:10:00 -0500", timedelta(minutes=10)),
        ("Mon, 02 Mar 2026 14:59:00 GMT", timedelta(0)),
        ("Mon, 02 Mar 2099 15:10:00 GMT", LONGEST_WAIT),
        ("-120", timedelta(0)),
        ("1.5", timedelta(0)),
        ("١٢٠", timedelta(0)),
        ("5, 10", timedelta(0)),
        ("0", timedelta(0)),
        ("", timedelta(0)),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, wait: timedelta) -> None:
    assert requested_wait(header, now=NOW) == wait


@given(header=headers)
def test_nobody_parks_a_delivery_for_a_year(header: str) -> None:
    assert timedelta(0) <= requested_wait(header, now=NOW) <= LONGEST_WAIT


@pytest.mark.parametrize("status", [400, 405, 409, 410, 411, 413, 414, 415, 422])
def test_what_another_try_cannot_mend_is_parked_at_once(status: int) -> None:
    assert decide(Answer(status, "60"), tries=1, first_at=NOW, now=NOW).outcome == Outcome.PARK


def test_an_address_that_our_guard_forbids_is_parked_at_once() -> None:
    assert decide(Answer(None, is_refused=True), tries=1, first_at=NOW, now=NOW).outcome == Outcome.PARK


@pytest.mark.parametrize("status", [None, 429, 500, 503])
def test_after_four_days_a_person_decides(status: int | None) -> None:
    late = NOW + AGE_BUDGET
    assert decide(Answer(status, "60"), tries=1, first_at=NOW, now=late).outcome == Outcome.PARK
    assert decide(Answer(200), tries=1, first_at=NOW, now=late).outcome == Outcome.ARRIVED


def test_the_whole_schedule_fits_into_the_age_budget() -> None:
    assert timedelta(seconds=sum(SCHEDULE_SECONDS)) * (1 + JITTER) < AGE_BUDGET
    assert list(SCHEDULE_SECONDS) == sorted(SCHEDULE_SECONDS)
