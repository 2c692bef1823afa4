from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lti_platform.journal.models import Entry
from lti_platform.journal.working import run_due
from proctoring.evidence.models import Access
from proctoring.models import ReviewCase
from tests.browsing import signed_in
from tests.counting import counted
from tests.factories import grant, lena, mallory, pia
from tests.media import webm
from tests.proctoring.desk.staging import Recorded, begin, page_of, usual_case, waiting_cases
from tests.proctoring.exam_day import exam_day

pytestmark = pytest.mark.django_db


def test_before_the_start_the_page_shows_everything_but_video() -> None:
    stage, _case = usual_case()
    html = signed_in(pia()).get(page_of(stage.number)).content.decode()
    assert "Start reviewing" in html
    assert "Second person in view" in html
    assert "<video" not in html
    assert "3 of 3 incidents still need your decision." in html
    assert not Access.objects.exists()


def test_starting_assigns_the_case_says_why_and_shows_the_players() -> None:
    stage, case = usual_case()
    reviewer = pia()
    client = signed_in(reviewer)
    begin(client, stage.number)
    access = Access.objects.get()
    assert (access.person, access.reason) == (reviewer, Access.Reason.FIRST_REVIEW)
    assert access.case_reference == f"Case {stage.number}"
    case.refresh_from_db()
    assert case.assigned_to == reviewer
    html = client.get(page_of(stage.number)).content.decode()
    assert html.count("<figure") == 2
    assert "Watched by Pia Osei" in html


def test_the_score_is_hidden_until_the_verdict() -> None:
    stage, _case = usual_case()
    client = signed_in(pia())
    begin(client, stage.number)
    html = client.get(page_of(stage.number)).content.decode()
    assert "The score is hidden until you decide." in html
    assert "80\u00a0%" not in html


@pytest.mark.parametrize("name", ["review-session", "review-playlist"])
def test_a_proctor_of_another_organization_finds_nothing(name: str) -> None:
    stage, _case = usual_case()
    assert signed_in(mallory("proctor")).get(reverse(name, args=[stage.number])).status_code == 404


@pytest.mark.parametrize("name", ["review-start", "review-verdict", "review-give-back"])
def test_a_proctor_of_another_organization_changes_nothing(name: str) -> None:
    stage, case = usual_case()
    assert signed_in(mallory("proctor")).post(reverse(name, args=[stage.number])).status_code == 404
    case.refresh_from_db()
    assert (case.assigned_to, case.state) == (None, ReviewCase.State.WAITING)


@pytest.mark.parametrize("name", ["review-session", "review-playlist"])
def test_a_learner_may_not_look(name: str) -> None:
    stage, _case = usual_case()
    assert signed_in(stage.attempt.person).get(reverse(name, args=[stage.number])).status_code == 403


def test_nobody_reviews_themselves() -> None:
    reviewer = grant(lena(), "proctor")
    (own,) = waiting_cases(1, person=reviewer)
    client = signed_in(reviewer)
    for answer in (
        client.get(page_of(own.attempt.case_number)),
        client.post(reverse("review-start", args=[own.attempt.case_number])),
    ):
        assert answer.status_code == 403
        assert "This is your own exam." in answer.content.decode()
    assert Entry.objects.filter(payload={"rule": "review_own_session"}).count() == 2


@pytest.mark.parametrize("number", [999_999_999, 10**30])
def test_a_number_that_names_no_case_is_not_found(number: int) -> None:
    assert signed_in(pia()).get(f"/review/{number}/").status_code == 404


def test_a_case_that_another_has_is_taken_over_only_on_purpose() -> None:
    stage, case = usual_case()
    first, second = pia(), pia()
    begin(signed_in(first), stage.number)
    client = signed_in(second)
    page = client.post(reverse("review-start", args=[stage.number]), follow=True).content.decode()
    assert "Another reviewer has this case." in page
    case.refresh_from_db()
    assert case.assigned_to == first
    client.post(reverse("review-start", args=[stage.number]), {"over": "1"})
    case.refresh_from_db()
    assert case.assigned_to == second


def test_a_case_given_back_waits_for_anybody() -> None:
    stage, case = usual_case()
    client = signed_in(pia())
    begin(client, stage.number)
    client.post(reverse("review-give-back", args=[stage.number]))
    case.refresh_from_db()
    assert case.assigned_to is None


def test_the_page_says_what_applies() -> None:
    stage = Recorded()
    stage.day.control("update", extra_time=15)
    stage.attempt.candidate_note = "My supervisor <b>opened</b> the door."
    stage.attempt.save(update_fields=["candidate_note"])
    stage.hand_in()
    html = signed_in(pia()).get(page_of(stage.number)).content.decode()
    assert "15 min granted" in html
    assert "My supervisor &lt;b&gt;opened&lt;/b&gt; the door." in html
    assert "Nothing was recorded." in html


def test_pictures_of_the_check_in_are_shown_to_whoever_started() -> None:
    stage = Recorded()
    stage.photograph()
    stage.hand_in(("identity_photo", "", 1), ("candidate_photo", "", 1))
    client = signed_in(pia())
    begin(client, stage.number)
    page = client.get(page_of(stage.number))
    first = page.context["page"].photos[0]
    answer = client.get(reverse("review-photo", args=[stage.number, first.pk]), follow=True)
    assert answer["Content-Type"] == "image/jpeg"
    other = signed_in(pia()).get(reverse("review-photo", args=[stage.number, first.pk]))
    assert other["Location"] == page_of(stage.number)


def test_every_key_on_the_page_is_in_the_list_of_keys() -> None:
    stage, _case = usual_case()
    client = signed_in(pia())
    begin(client, stage.number)
    html = client.get(page_of(stage.number)).content.decode()
    keys = html.split('<dialog id="keys"')[1].split("</dialog>")[0]
    for key in (
        "Space",
        "←",
        "→",
        "J",
        "K",
        "&lt;",
        "&gt;",
        "C",
        "D",
        "U",
        "1",
        "7",
        "Ctrl",
        "Enter",
        "S",
        "N",
        "?",
    ):
        assert f"<kbd>{key}</kbd>" in keys
    assert "Single keys work on this computer" in keys


def test_the_page_costs_the_same_queries_with_three_incidents_and_with_twenty() -> None:
    stage, _case = usual_case()
    client = signed_in(pia())
    begin(client, stage.number)
    few = queries_of(client, stage)
    for number in range(17):
        stage.notice(number / 2, code=f"check-{number}")
    assert queries_of(client, stage) == few <= 25


def queries_of(client: Client, stage: Recorded) -> int:
    with counted() as queries:
        assert client.get(page_of(stage.number)).status_code == 200
    return len(queries)


def test_several_sessions_are_shown_one_after_another_each_with_both_names() -> None:
    stage = Recorded()
    stage.record("camera", 0)
    stage.day.now = stage.now + timedelta(seconds=20)
    stage.day.open_proctoring()
    stage.day.attempt = stage.day.post(stage.day.token(verified_user={"name": "Mallory Stone"}))
    first, stage.session = stage.session, stage.day.session
    stage.hand_over(webm(2), after=21, lasting=2, stream="camera", sequence=0)
    stage.hand_in(("recording", "camera", 1))
    assert first.pk != stage.session.pk
    html = signed_in(pia()).get(page_of(stage.number)).content.decode()
    assert "2 sessions of the proctoring tool" in html
    assert html.index("Session 1") < html.index("Session 2")
    assert "Mallory Stone" in html
    assert "The names differ" in html
    assert "The verified name is not the one we have" in html
    assert "Nothing was compared" in html  # the first session said nothing
    assert "from 00:00:21" in html


def test_names_and_picture_are_both_said_to_be_wrong_and_a_check_in_left_open_is_called_that() -> None:
    day = exam_day()
    day.begin()
    day.open_proctoring()
    said = {"name": "Mallory Stone", "picture": f"{settings.PLATFORM_URL}/lena.jpg"}
    day.attempt = day.post(day.token(verified_user=said))
    day.score()
    run_due(now=day.now)
    html = signed_in(pia()).get(page_of(day.attempt.case_number)).content.decode()
    assert "The names differ, and the picture is one of ours" in html
    assert html.count("Check-in was not finished") == 1
    assert html.count("The tool checked:") == 1


def test_a_tool_that_keeps_its_own_recording_is_no_gap() -> None:
    day = exam_day(kind="linked", review_policy="always")
    registration = day.exam.proctoring_link.deployment.registration
    registration.scopes = []
    registration.save()
    day.start()
    day.score()
    run_due(now=day.now)
    html = signed_in(pia()).get(page_of(day.attempt.case_number)).content.decode()
    assert "kept by the tool" in html
    assert "The proctoring tool keeps its own recording and hands nothing over." in html
