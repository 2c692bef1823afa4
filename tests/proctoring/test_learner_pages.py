"""What Lena sees on exam day."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from lti_platform.journal.models import Entry
from lti_platform.launches.models import Launch
from proctoring import connection, releasing, reviewing
from proctoring.evidence import retention
from proctoring.models import Attempt, Exam, ReviewCase
from proctoring.moving import move
from proctoring.transitions import Event, State
from tests.browsing import signed_in
from tests.factories import lena, mallory, pia
from tests.meanwhile import after_the_first_look_at
from tests.proctoring.browsing import BrowserDay

pytestmark = pytest.mark.django_db
Settle = Callable[..., int]


@pytest.fixture
def story() -> BrowserDay:
    return BrowserDay()


@pytest.fixture
def running(story: BrowserDay) -> BrowserDay:
    story.day.start()
    return story


def read(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def attempt_page(story: BrowserDay) -> str:
    return read(story.page("attempt", story.day.attempt.id))


class TestOtherKinds:
    def test_where_the_learner_starts_there_is_a_button_for_it(self) -> None:
        story = BrowserDay(kind="linked", started_by="learner")
        story.day.begin()
        assert "The proctoring window is open: start the exam" in attempt_page(story)
        answer = story.lena.post(reverse("attempt-start", args=[story.day.attempt.id]))
        assert (answer.status_code, story.day.state) == (303, State.RUNNING)
        assert 'id="exam-frame"' in attempt_page(story)

    def test_the_tool_that_knows_only_links_opens_as_one(self) -> None:
        story = BrowserDay(kind="linked")
        story.lena.post(reverse("exam-begin", args=[story.day.exam.pk]), {"agree": "yes"})
        launch = Launch.objects.get()
        assert (launch.message_type, launch.resource_link) == (
            "LtiResourceLinkRequest", story.day.exam.proctoring_link,
        )  # fmt: skip
        story.day.attempt = Attempt.objects.get()
        assert "start the exam" not in attempt_page(story)

    def test_one_tool_has_a_window_and_no_frame(self) -> None:
        story = BrowserDay(kind="one_tool")
        assert "The clock starts when the exam’s window is open." in read(
            story.page("exam-ready", story.day.exam.pk)
        )
        story.day.start()
        page = attempt_page(story)
        assert "Your exam is running in its own window." in page
        assert 'id="exam-frame"' not in page
        assert "data-heartbeat" not in page
        assert story.page("attempt-exam", story.day.attempt.id).status_code == 404

    def test_a_tool_that_still_records_is_told_of_a_void_attempt(self, running: BrowserDay) -> None:
        releasing.void(running.day.attempt.id, note="Power cut.", now=running.day.now)
        page = attempt_page(running)
        assert "Finish in the proctoring window" in page
        assert "See if you can try again" in page


class TestGettingReady:
    def test_she_reads_the_rules_and_what_is_recorded(self, story: BrowserDay) -> None:
        page = read(story.page("exam-ready", story.day.exam.pk))
        for words in ("Rules", "What is recorded", "180 days", "60 min", "Attempt 1 of 2", "Proctoring Tool"):
            assert words in page
        assert 'target="proctoring"' in page
        assert "Start exam" in page

    @pytest.mark.parametrize(
        ("kept", "days", "words"), [("standard", 180, "180 days"), ("extended", 2 * 365 + 1, "2 years")]
    )
    def test_she_agrees_to_what_the_table_keeps(
        self, story: BrowserDay, kept: str, days: int, words: str
    ) -> None:
        Exam.objects.filter(pk=story.day.exam.pk).update(retention_class=kept)
        assert (retention.DAYS[kept], retention.IDENTITY_PHOTO_DAYS) == (days, 90)
        promised = (
            f"Recording: at least {words}. Photo of your ID: at least 90 days. Both from the day of the exam"
        )
        assert promised in read(story.page("exam-ready", story.day.exam.pk))

    @pytest.mark.parametrize(
        ("rules", "rule", "words"),
        [
            ({"opens_at": timedelta(days=1)}, "exam_not_open_yet", "This exam is not open yet."),
            ({"closes_at": timedelta(days=-1)}, "exam_closed", "This exam has closed."),
            ({"is_published": False}, "exam_unpublished", "This exam is not open."),
        ],
    )
    def test_what_stands_in_the_way_is_named(
        self, story: BrowserDay, rules: dict[str, Any], rule: str, words: str
    ) -> None:
        shifted = {
            name: datetime.now(UTC) + value if isinstance(value, timedelta) else value
            for name, value in rules.items()
        }
        Exam.objects.update(**shifted)
        page = read(story.page("exam-ready", story.day.exam.pk))
        assert words in page
        assert f"<code>{rule}</code>" in page
        assert "Start exam" not in page

    def test_start_begins_and_opens_the_proctoring_tool_in_its_window(self, story: BrowserDay) -> None:
        answer = story.lena.post(reverse("exam-begin", args=[story.day.exam.pk]), {"agree": "yes"})
        launch = Launch.objects.get()
        assert launch.registration.initiate_login_uri in read(answer)
        assert (launch.message_type, launch.subject) == (
            "LtiStartProctoring",
            f"attempt:{Attempt.objects.get().id}",
        )
        assert answer["Cross-Origin-Opener-Policy"] == "unsafe-none"

    def test_the_waiting_window_learns_where_to_go(self, story: BrowserDay) -> None:
        assert story.page("exam-attempt", story.day.exam.pk).json() == {"url": None}
        attempt = story.day.begin()
        url = reverse("attempt", args=[attempt.id])
        assert story.page("exam-attempt", story.day.exam.pk).json() == {"url": url}
        assert url in read(story.page("exam-ready", story.day.exam.pk))

    def test_without_consent_nothing_begins(self, story: BrowserDay) -> None:
        answer = story.lena.post(reverse("exam-begin", args=[story.day.exam.pk]))
        assert (answer.status_code, Attempt.objects.exists()) == (400, False)

    def test_a_broken_rule_is_a_page_and_a_record(self, story: BrowserDay) -> None:
        Exam.objects.update(is_published=False)
        answer = story.lena.post(reverse("exam-begin", args=[story.day.exam.pk]), {"agree": "yes"})
        assert (answer.status_code, Attempt.objects.exists()) == (409, False)
        assert Entry.objects.get(fact_type="security.refused").payload["rule"] == "exam_unpublished"

    def test_an_exam_of_another_course_is_not_there(self, story: BrowserDay) -> None:
        answer = signed_in(mallory()).get(reverse("exam-ready", args=[story.day.exam.pk]))
        assert answer.status_code == 404

    def test_in_spanish_the_title_is_spanish(self) -> None:
        story = BrowserDay(person=lena(locale="es"))
        assert "Manejo de refrigerantes" in read(story.page("exam-ready", story.day.exam.pk))


class TestDuringTheExam:
    def test_the_clock_is_told_a_number_that_a_browser_reads_in_any_language(self) -> None:
        story = BrowserDay(person=lena(locale="es"))
        story.day.start()
        told = re.search(r'data-seconds="([^"]*)"', attempt_page(story))
        assert told is not None
        assert float(told[1]) > 0

    def test_the_exam_is_framed_and_the_clock_is_drawn(self, running: BrowserDay) -> None:
        answer = running.page("attempt", running.day.attempt.id)
        page = read(answer)
        assert "Your exam is running." in page
        assert f'src="{reverse("attempt-exam", args=[running.day.attempt.id])}"' in page
        host = running.day.exam.assessment_link.deployment.registration.domains[0]
        frames = answer["Content-Security-Policy"].partition("frame-src ")[2].partition(";")[0]
        assert frames.split() == ["'self'", host]
        assert "59:5" in page

    def test_the_frame_opens_the_assessment_tool_for_this_attempt(self, running: BrowserDay) -> None:
        answer = running.page("attempt-exam", running.day.attempt.id)
        launch = Launch.objects.get()
        assert (answer.status_code, launch.document_target) == (302, "iframe")
        assert launch.subject == f"attempt:{running.day.attempt.id}"

    def test_her_status_is_the_truth(self, running: BrowserDay) -> None:
        told = running.page("attempt-status", running.day.attempt.id).json()
        assert (told["state"], told["is_running"]) == ("running", True)
        assert 3590 < told["seconds_left"] <= 3600
        running.day.control("pause")
        later = running.page("attempt-status", running.day.attempt.id).json()
        assert (later["state"], later["is_running"]) == ("paused", False)
        assert later["key"] != told["key"]

    def test_a_lost_connection_pauses_and_she_continues(self, running: BrowserDay) -> None:
        attempt_id = running.day.attempt.id
        told = running.lena.post(reverse("attempt-heartbeat", args=[attempt_id]), {"lost": "1"}).json()
        assert told["state"] == "paused"
        page = attempt_page(running)
        assert "Your connection dropped." in page
        assert "Continue the exam" in page
        assert "<iframe" not in page
        answer = running.lena.post(reverse("attempt-continue", args=[attempt_id]))
        assert (answer.status_code, running.day.state) == (303, State.RUNNING)

    def test_a_page_opened_after_a_silence_says_that_the_clock_stopped(self, running: BrowserDay) -> None:
        Attempt.objects.update(last_seen_at=datetime.now(UTC) - timedelta(minutes=2))
        assert "The clock is paused and nothing is lost." in attempt_page(running)

    def test_a_proctors_pause_is_not_hers_to_end(self, running: BrowserDay) -> None:
        running.day.control("pause")
        page = attempt_page(running)
        assert "The proctor has paused your exam." in page
        assert "Continue the exam" not in page
        running.lena.post(reverse("attempt-continue", args=[running.day.attempt.id]))
        assert running.day.state == State.PAUSED

    def test_a_clock_that_ran_out_is_seen_at_once(self, running: BrowserDay) -> None:
        Attempt.objects.update(ends_by=datetime.now(UTC) - timedelta(seconds=1))
        assert running.page("attempt-status", running.day.attempt.id).json()["state"] == "submitted"

    def test_a_closed_proctoring_window_can_be_opened_again(self, running: BrowserDay) -> None:
        connection.seen(running.day.attempt.id, was_lost=False, now=running.day.now)
        running.day.session.delete()
        assert "The proctoring window is closed." in attempt_page(running)
        answer = running.lena.post(reverse("attempt-check-in", args=[running.day.attempt.id]))
        assert (answer.status_code, Launch.objects.get().message_type) == (200, "LtiStartProctoring")

    def test_handing_in_by_hand_ends_the_exam_once(self, running: BrowserDay) -> None:
        for _time in range(2):
            running.lena.post(reverse("attempt-hand-in", args=[running.day.attempt.id]))
        assert running.day.state == State.SUBMITTED

    def test_a_pause_that_comes_while_handing_in_does_not_undo_it(self, running: BrowserDay) -> None:
        with after_the_first_look_at("proctoring_attempt", lambda: running.control("pause")):
            running.lena.post(reverse("attempt-hand-in", args=[running.day.attempt.id]))
        events = running.day.attempt.transitions.values_list("event", flat=True)
        assert (list(events)[-2:], running.day.state) == (["pause", "submit"], State.SUBMITTED)

    @pytest.mark.parametrize("name", ["attempt", "attempt-status", "attempt-exam"])
    def test_nobody_sees_the_attempt_of_another(self, running: BrowserDay, name: str) -> None:
        answer = signed_in(mallory()).get(reverse(name, args=[running.day.attempt.id]))
        assert answer.status_code == 404

    @pytest.mark.parametrize("name", ["heartbeat", "continue", "hand-in", "check-in", "end", "note"])
    def test_nobody_acts_on_the_attempt_of_another(self, running: BrowserDay, name: str) -> None:
        url = reverse(f"attempt-{name}", args=[running.day.attempt.id])
        answer = signed_in(mallory()).post(url, {"lost": "1", "note": "x"})
        assert (answer.status_code, running.day.state) == (404, State.RUNNING)


class TestAfterTheExam:
    def end(self, story: BrowserDay, settle: Settle, given: int = 84) -> None:
        story.day.score(given)
        settle(now=story.day.now)

    def test_the_result_is_held_and_not_shown(self, running: BrowserDay, settle: Settle) -> None:
        self.end(running, settle)
        page = attempt_page(running)
        assert "Your answers are in." in page
        for secret in ("84&nbsp;%", "You passed", "Your score"):
            assert secret not in page
        end = reverse("attempt-end", args=[running.day.attempt.id])
        assert f'action="{end}" target="proctoring" data-end' in page

    def test_the_end_is_told_to_the_proctoring_window_once(self, running: BrowserDay, settle: Settle) -> None:
        self.end(running, settle)
        answer = running.lena.post(reverse("attempt-end", args=[running.day.attempt.id]))
        assert answer["Cross-Origin-Opener-Policy"] == "unsafe-none"
        assert Launch.objects.get().message_type == "LtiEndAssessment"
        assert "data-end" not in attempt_page(running)

    def test_a_note_for_the_reviewer_is_kept_and_shown(self, running: BrowserDay, settle: Settle) -> None:
        self.end(running, settle)
        url = reverse("attempt-note", args=[running.day.attempt.id])
        running.lena.post(url, {"note": "The <b>dog</b> barked."})
        assert "The &lt;b&gt;dog&lt;/b&gt; barked." in attempt_page(running)

    @pytest.mark.parametrize(("given", "words"), [(84, "You passed."), (40, "You did not pass this time.")])
    def test_a_released_result_is_shown(
        self, running: BrowserDay, settle: Settle, given: int, words: str
    ) -> None:
        self.end(running, settle, given)
        running.day.seal()
        case = ReviewCase.objects.get()
        reviewing.give_verdict(case.id, reviewer=pia(), outcome="clear", note="", now=running.day.now)
        settle(now=running.day.pass_by(seconds=10))
        page = attempt_page(running)
        assert words in page
        assert f"{given}&nbsp;%" in page

    def test_a_rejected_attempt_says_why_and_what_is_left(self, running: BrowserDay, settle: Settle) -> None:
        self.end(running, settle)
        case = ReviewCase.objects.get()
        reviewing.give_verdict(
            case.id, reviewer=pia(), outcome="identity_mismatch", note="Another face.", now=running.day.now
        )
        page = attempt_page(running)
        assert "could not match you with your photo ID" in page
        assert "Another face." not in page
        assert "See if you can try again" in page
        assert "Attempt 2 of 2" in read(running.page("exam-ready", running.day.exam.pk))

    @pytest.mark.parametrize(
        ("event", "words"),
        [
            (Event.VOID, "This attempt does not count."),
            (Event.TERMINATE, "The proctor ended your exam."),
        ],
    )
    def test_every_end_has_its_words(self, running: BrowserDay, event: Event, words: str) -> None:
        move(running.day.attempt.id, event, now=running.day.now)
        assert words in attempt_page(running)

    def test_an_interruption_waits_for_a_person(self, running: BrowserDay) -> None:
        running.day.control("pause")
        move(running.day.attempt.id, Event.INTERRUPT, now=running.day.now)
        assert "A person decides what happens next" in attempt_page(running)
