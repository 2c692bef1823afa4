"""While the exam goes on it has to be watched: the page says when it is not, and how to mend that."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from lti_platform.journal.working import run_due
from proctoring.models import Session
from proctoring.transitions import State
from tests.proctoring.browsing import BrowserDay

pytestmark = pytest.mark.django_db
SILENT = "Nothing comes from the proctoring window."
CLOSED = "The proctoring window is closed."
TIME = "your time goes on"
AGAIN = "I closed the proctoring window"


@pytest.fixture
def running() -> BrowserDay:
    story = BrowserDay()
    story.day.start()
    return story


def page(story: BrowserDay) -> str:
    return str(story.page("attempt", story.day.attempt.id).content.decode())


def key(story: BrowserDay) -> str:
    answer: Any = story.page("attempt-status", story.day.attempt.id)
    return str(answer.json()["key"])


def fall_silent(story: BrowserDay) -> None:
    long_ago = story.day.now - timedelta(minutes=6)
    Session.objects.filter(attempt=story.day.attempt).update(last_heard_at=long_ago)


def test_a_window_closed_by_mistake_is_opened_again_without_waiting(running: BrowserDay) -> None:
    shown = page(running)
    assert AGAIN in shown
    assert SILENT not in shown
    assert CLOSED not in shown
    answer = running.lena.post(reverse("attempt-check-in", args=[running.day.attempt.id]))
    assert answer.status_code == 200
    assert running.day.state == State.RUNNING


def test_a_window_of_which_nothing_is_heard_is_said_to_be_silent(running: BrowserDay) -> None:
    before = key(running)
    fall_silent(running)
    assert SILENT in page(running)
    assert TIME in page(running)
    assert key(running) != before


def test_while_the_clock_stands_still_no_silence_is_told_and_no_time_goes_on(running: BrowserDay) -> None:
    running.control("pause")
    before = key(running)
    fall_silent(running)
    shown = page(running)
    assert SILENT not in shown
    assert TIME not in shown
    assert key(running) == before
    Session.objects.update(state=Session.State.ENDED)
    shown = page(running)
    assert (CLOSED in shown, "Open it again and check in." in shown, TIME in shown) == (True, True, False)


def test_a_tool_that_hands_nothing_over_is_never_called_silent(running: BrowserDay) -> None:
    fall_silent(running)
    Session.objects.update(hands_over=False)
    assert SILENT not in page(running)


def test_without_a_session_that_records_the_window_is_called_closed(running: BrowserDay) -> None:
    Session.objects.update(state=Session.State.ENDED)
    assert CLOSED in page(running)


def test_one_tool_has_a_button_of_its_own() -> None:
    story = BrowserDay(kind="one_tool")
    story.day.start()
    assert AGAIN not in page(story)


def test_a_recording_that_the_tool_keeps_is_never_said_to_have_arrived() -> None:
    story = BrowserDay(kind="one_tool")
    registration = story.day.exam.proctoring_link.deployment.registration
    registration.scopes = [scope for scope in registration.scopes if "evidence" not in scope]
    registration.save()
    story.day.start()
    story.day.score()
    run_due(now=story.day.now)
    shown = page(story)
    assert "The proctoring tool keeps the recording." in shown
    assert "arrived complete" not in shown
