"""A course asks a tool for content, looks at what comes back, and adds it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gradebook.models import LineItem
from lti_platform.courses.models import ResourceLink
from lti_platform.launches.deep_linking.asking import CLAIM
from lti_platform.launches.models import ContentFile, ContentItem, ContentRequest, LaunchStep
from tests.factories import lena, make_membership, make_person
from tests.lti_platform.launches.deep_linking.staging import LTI, Picking, picking, press
from tests.lti_platform.launches.staging import browser_of, form_of, start
from tests.recorded import refusals
from tests.services.receiver import Receiver

pytestmark = pytest.mark.django_db
State = ContentRequest.State


@pytest.fixture
def stage() -> Picking:
    return picking()


def test_the_request_says_what_we_accept_and_carries_one_time_data(stage: Picking) -> None:
    assert stage.claims[f"{LTI}message_type"] == "LtiDeepLinkingRequest"
    assert f"{LTI}resource_link" not in stage.claims
    told = stage.settings
    assert told["deep_link_return_url"].endswith("/lti/deep-linking/return")
    assert {"link", "ltiResourceLink", "file", "html", "image"} == set(told["accept_types"])
    assert set(told["accept_presentation_document_targets"]) == {"iframe", "window", "embed"}
    assert isinstance(told["accept_media_types"], str)
    assert (told["accept_multiple"], told["accept_lineitem"], told["auto_create"]) == (True, True, False)
    assert len(told["data"]) >= 43
    assert told["data"] not in str(ContentRequest.objects.values_list("data_digest", flat=True))


def test_ada_asks_as_administrator_of_a_course_she_has_no_place_in(stage: Picking) -> None:
    vocabulary = "http://purl.imsglobal.org/vocab/lis/v2/"
    assert stage.claims[f"{LTI}roles"] == [
        f"{vocabulary}membership#Administrator",
        f"{vocabulary}institution/person#Administrator",
    ]
    assert stage.claims[f"{LTI}context"]["id"] == str(stage.course.pk)


def test_the_inspector_keeps_no_data(stage: Picking) -> None:
    kept = str(list(LaunchStep.objects.values_list("details", flat=True)))
    assert "deep_linking_settings" in kept
    assert stage.settings["data"] not in kept


def test_a_learner_cannot_ask(stage: Picking) -> None:
    person = lena()
    make_membership(person, stage.course)
    answer = press(browser_of(person), reverse("content-ask", args=[stage.course.pk, stage.tool.pk]))
    assert answer.status_code == 403


def test_what_was_picked_waits_until_ada_has_looked_at_it(stage: Picking) -> None:
    answer = stage.give([stage.link(lineItem={"scoreMaximum": 25})], msg="One quiz was picked")
    assert (answer.status_code, answer.url) == (303, reverse("content-review", args=[stage.request.pk]))
    page = stage.browser.get(answer.url).content.decode()
    assert "1 item is ready to be added." in page
    assert all(
        words in page for words in ("Quiz 3", f"https://{stage.host}/quiz/3", "25", "One quiz was picked")
    )
    assert not stage.links().exists()
    assert stage.request.state == State.WAITING


def test_what_is_added_is_a_link_with_its_line_item(stage: Picking) -> None:
    line_item = {
        "scoreMaximum": 25,
        "label": "Third quiz",
        "resourceId": "q3",
        "tag": "final",
        "gradesReleased": False,
        "submissionReview": {"reviewableStatus": ["Submitted"], "url": f"https://{stage.host}/review"},
    }
    stage.give([stage.link(custom={"quiz": "3", "none": ""}, lineItem=line_item)])
    assert stage.press("add").status_code == 302
    link = stage.links().get()
    item = LineItem.objects.get(resource_link=link)
    assert (link.title, link.target_link_uri) == ("Quiz 3", f"https://{stage.host}/quiz/3")
    assert link.custom_parameters == {"quiz": "3", "none": ""}
    assert item.score_maximum == 25
    assert (item.label, item.resource_id, item.tag) == ("Third quiz", "q3", "final")
    assert (item.is_coupled, item.grades_released, item.holds_results) == (True, False, False)
    assert item.submission_review == line_item["submissionReview"]


def test_the_line_item_is_called_like_the_link_where_it_has_no_label(stage: Picking) -> None:
    stage.give([stage.link(lineItem={"scoreMaximum": 5})])
    stage.press("add")
    assert LineItem.objects.get().label == "Quiz 3"


def test_the_picked_link_opens_at_its_own_address_with_its_parameters(stage: Picking) -> None:
    stage.give([stage.link(custom={"quiz": "3"})])
    stage.press("add")
    person = lena()
    make_membership(person, stage.course)
    launched = start(person, stage.links().get())
    assert launched.login["target_link_uri"] == f"https://{stage.host}/quiz/3"
    assert "id_token" in form_of(launched.ask()).fields
    signed = LaunchStep.objects.get(launch=launched.launch, name="token_signed").details["claims"]
    assert signed[f"{LTI}custom"] == {"quiz": "3"}
    assert signed[f"{LTI}target_link_uri"] == f"https://{stage.host}/quiz/3"


def test_hints_of_presentation_and_times_go_to_the_link(stage: Picking) -> None:
    stage.give(
        [
            stage.link(
                iframe={"width": 800, "height": 600},
                available={
                    "startDateTime": "2026-11-01T08:00:00Z",
                    "endDateTime": "2026-12-01T08:00:00+01:00",
                },
                submission={"endDateTime": "2026-11-30T08:00:00Z"},
            )
        ]
    )
    stage.press("add")
    link = stage.links().get()
    assert (link.document_target, link.width, link.height) == ("iframe", 800, 600)
    assert link.available_until.isoformat() == "2026-12-01T07:00:00+00:00"
    assert (link.submission_from, link.submission_until.day) == (None, 30)


def test_an_end_after_all_time_is_no_end(stage: Picking) -> None:
    never = "9999-12-31T23:59:59-12:00"
    stage.give([stage.link(available={"endDateTime": never}, submission={"endDateTime": never})])
    stage.press("add")
    link = stage.links().get()
    assert (link.available_until, link.submission_until) == (None, None)


@pytest.mark.parametrize("times", [1, 2])
def test_adding_twice_adds_once(stage: Picking, times: int) -> None:
    stage.give([stage.link(), stage.link(title="Quiz 4")])
    for _ in range(times):
        assert stage.press("add").status_code == 302
    assert (stage.links().count(), ContentItem.objects.count()) == (2, 2)


def test_what_is_discarded_is_never_added(stage: Picking) -> None:
    stage.give([stage.link()])
    stage.press("discard")
    stage.press("add")
    assert stage.request.state == State.DISCARDED
    assert not stage.links().exists()


def test_without_a_session_the_answer_is_posted_again_from_our_own_page(stage: Picking) -> None:
    token = stage.token([stage.link()])
    answer = stage.post(token, browser=Client(enforce_csrf_checks=True))
    form = form_of(answer)
    assert (answer.status_code, form.fields) == (200, {"JWT": token, "repost": "1"})
    assert stage.stored_nothing()
    assert stage.browser.post(form.action, form.fields).status_code == 303


def test_everything_a_tool_may_give_is_shown_to_the_people_of_the_course(
    stage: Picking, receiver: Receiver
) -> None:
    sheet = receiver.answer_with("/sheet.pdf", headers={"Content-Type": "application/pdf"}, body=b"%PDF")
    stage.give(
        [
            stage.link(title="Third quiz"),
            {"type": "link", "url": "https://pages.example/r22", "title": "About R-22"},
            {"type": "html", "html": "<p>Wear <b>gloves</b></p>", "title": "Note"},
            {"type": "image", "url": "https://img.example/valve.png", "title": "A valve", "width": 300},
            {"type": "file", "url": sheet, "mediaType": "application/pdf"},
            {"type": "link", "url": "https://video.example/1", "iframe": {"src": "https://video.example/embed/1"}},
        ]
    )  # fmt: skip
    stage.press("add")
    person = lena()
    make_membership(person, stage.course)
    answer = browser_of(person).get(reverse("course-page", args=[stage.course.pk]))
    page = answer.content.decode()
    assert "<p>Wear <b>gloves</b></p>" in page
    assert reverse("link-page", args=[stage.links().get().pk]) in page
    file = reverse("course-file", args=[stage.course.pk, ContentItem.objects.get(kind="file").pk])
    for address in ("https://pages.example/r22", "https://img.example/valve.png", file):
        assert f'"{address}"' in page
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-src https://video.example;" in policy
    assert "script-src 'self'" in policy


def test_a_file_that_was_never_fetched_is_offered_while_the_tool_serves_it(
    stage: Picking, receiver: Receiver
) -> None:
    url = receiver.answer_with("/a.pdf", headers={"Content-Type": "application/pdf"}, body=b"%PDF")
    soon = (stage.launch.created_at + timedelta(hours=1)).isoformat()
    stage.give([{"type": "file", "url": url, "title": "Sheet", "expiresAt": soon}])
    stage.press("add")
    ContentFile.objects.all().delete()
    person = lena()
    make_membership(person, stage.course)
    address = reverse("course-page", args=[stage.course.pk])
    assert url in browser_of(person).get(address).content.decode()
    ContentItem.objects.update(expires_at=stage.launch.created_at - timedelta(seconds=1))
    page = browser_of(person).get(address).content.decode()
    assert url not in page
    assert "no longer serves this file" in page


def test_a_frame_of_no_size_is_a_frame(stage: Picking) -> None:
    stage.give([stage.link(iframe={})])
    stage.press("add")
    link = stage.links().get()
    assert (link.document_target, link.width, link.height) == ("iframe", None, None)


def test_the_course_says_when_a_link_opens_and_learners_alone_are_held_to_it(stage: Picking) -> None:
    stage.give(
        [
            stage.link(title="Later", available={"startDateTime": "2099-01-01T00:00:00Z"}),
            stage.link(title="Over", available={"endDateTime": "2020-01-01T00:00:00Z"}),
            stage.link(title="Now", submission={"endDateTime": "2099-01-01T00:00:00Z"}),
        ]
    )
    looked_at = stage.browser.get(reverse("content-review", args=[stage.request.pk])).content.decode()
    assert all(words in looked_at for words in ("Opens", "Open until", "Hand in until"))
    stage.press("add")
    address = reverse("course-page", args=[stage.course.pk])
    learner, teacher = lena(), make_person("Ines", "Torres")
    make_membership(learner, stage.course)
    make_membership(teacher, stage.course, "Instructor")
    page = browser_of(learner).get(address).content.decode()
    assert all(words in page for words in ("Opens", "Closed since", "Hand in until"))
    links = [reverse("link-page", args=[link.pk]) for link in stage.links()]
    assert [link in page for link in links].count(True) == 1
    assert all(link in browser_of(teacher).get(address).content.decode() for link in links)


def test_what_ada_removes_leaves_the_page_and_opens_no_more(stage: Picking) -> None:
    stage.give([stage.link()])
    stage.press("add")
    item = ContentItem.objects.get()
    press(stage.browser, reverse("content-remove", args=[stage.course.pk, item.pk]))
    person = lena()
    make_membership(person, stage.course)
    page = browser_of(person).get(reverse("course-page", args=[stage.course.pk])).content.decode()
    assert "Nothing is placed in this course yet." in page
    assert ResourceLink.objects.get().removed_at is not None


def test_the_course_is_nobody_elses(stage: Picking) -> None:
    stage.give([{"type": "html", "html": "<p>Secret</p>"}])
    stage.press("add")
    assert browser_of(lena()).get(reverse("course-page", args=[stage.course.pk])).status_code == 404


def test_types_of_vendors_own_are_taken_where_settings_name_them(settings: Any) -> None:
    settings.LTI_CONTENT_TYPES = ["https://vendor.example/types/deck"]
    stage = picking()
    deck = {"type": "https://vendor.example/types/deck", "title": "Deck", "cards": [{"a": None}]}
    assert stage.give([deck]).status_code == 303
    stage.press("add")
    assert ContentItem.objects.get().kind == deck["type"]


def test_the_tools_words_are_shown_as_text_and_kept_with_the_launch(stage: Picking) -> None:
    answer = stage.give([], errormsg="<b>No quiz</b>", errorlog="quiz bank 7 is empty")
    page = stage.browser.get(answer.url).content.decode()
    assert "&lt;b&gt;No quiz&lt;/b&gt;" in page
    step = LaunchStep.objects.get(launch=stage.launch, name="content_returned")
    assert step.details["errorlog"] == "quiz bank 7 is empty"
    assert refusals() == []


def test_the_claim_is_in_no_other_message(stage: Picking) -> None:
    person = lena()
    make_membership(person, stage.course)
    stage.give([stage.link()])
    stage.press("add")
    launched = start(person, stage.links().get())
    launched.ask()
    signed = LaunchStep.objects.get(launch=launched.launch, name="token_signed").details["claims"]
    assert CLAIM not in signed
