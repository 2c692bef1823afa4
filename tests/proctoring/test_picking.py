"""An exam's questions are picked in the tool: its link becomes the picked item."""

from typing import Any

import pytest
from django.urls import reverse

from lti_platform.launches.models import ContentItem
from proctoring.models import Attempt, Exam
from tests.factories import ada, make_exam
from tests.lti_platform.launches.deep_linking.staging import MESSAGES, Picking, opened, press
from tests.lti_platform.launches.staging import browser_of
from tests.proctoring.browsing import BrowserDay
from tests.recorded import refusals

pytestmark = pytest.mark.django_db


def pick_for(exam: Exam, tool: str = "assessment") -> Picking:
    """Ada presses the button of the exam's page; the tool is open."""
    deployment = getattr(exam, f"{tool}_link").deployment
    deployment.registration.messages = [*MESSAGES, {"type": "LtiStartProctoring"}]
    deployment.registration.save()
    browser = browser_of(ada())
    answer = press(browser, reverse("exam-pick", args=[exam.pk, tool]))
    return opened(browser, answer, exam.context, deployment)


def questions(stage: Picking, **members: Any) -> dict[str, Any]:
    line_item = {"scoreMaximum": 25, "resourceId": "full", "tag": "exam"}
    return stage.link(title="All 25", custom={"quiz": "full"}, lineItem=line_item, **members)


def test_one_link_is_asked_for_and_taken_over_at_once() -> None:
    exam = make_exam()
    stage = pick_for(exam)
    told = stage.settings
    assert (told["accept_types"], told["accept_multiple"], told["auto_create"]) == (
        ["ltiResourceLink"],
        False,
        True,
    )
    answer = stage.give([questions(stage)])
    assert answer.url.endswith(reverse("exam-detail", args=[exam.pk]))


def test_the_exam_keeps_its_link_and_line_item_and_both_are_what_was_picked() -> None:
    exam = make_exam()
    stage = pick_for(exam)
    stage.give([questions(stage)])
    changed = Exam.objects.get(pk=exam.pk)
    link, item = changed.assessment_link, changed.line_item
    assert (link.pk, item.pk) == (exam.assessment_link_id, exam.line_item_id)
    assert link.target_link_uri == f"https://{stage.host}/quiz/3"
    assert link.custom_parameters == {"quiz": "full"}
    assert item.score_maximum == 25
    assert (item.resource_id, item.tag) == ("full", "exam")
    assert (item.holds_results, item.label) == (True, exam.line_item.label)
    assert changed.version == exam.version + 1
    assert ContentItem.objects.count() == 1


def test_what_is_picked_next_takes_the_place_of_what_was_picked_before() -> None:
    exam = make_exam()
    exam.assessment_link.custom_parameters = {"ours": "1"}
    exam.assessment_link.save()
    stage = pick_for(exam)
    stage.give([questions(stage)])
    again = pick_for(exam)
    again.give([again.link(custom={"part": "2"})])
    exam.assessment_link.refresh_from_db()
    assert exam.assessment_link.custom_parameters == {"ours": "1", "part": "2"}


def test_proctoring_is_picked_without_a_line_item() -> None:
    exam = make_exam()
    stage = pick_for(exam, "proctoring")
    assert stage.settings["accept_lineitem"] is False
    stage.give([questions(stage)])
    exam.proctoring_link.refresh_from_db()
    assert exam.proctoring_link.custom_parameters == {"quiz": "full"}
    assert not exam.proctoring_link.line_items.filter(resource_id="full").exists()


def test_nothing_changes_under_a_person_who_takes_the_exam() -> None:
    day = BrowserDay().day
    exam = day.exam
    stage = pick_for(exam)
    day.begin()
    answer = stage.give([questions(stage)])
    assert (answer.status_code, refusals()) == (400, ["exam_under_way"])
    exam.assessment_link.refresh_from_db()
    assert exam.assessment_link.target_link_uri == ""
    assert not ContentItem.objects.exists()


def test_the_tool_is_not_even_opened_while_somebody_takes_the_exam() -> None:
    day = BrowserDay().day
    day.exam.assessment_link.deployment.registration.messages.extend(MESSAGES)
    day.exam.assessment_link.deployment.registration.save()
    day.begin()
    answer = press(browser_of(ada()), reverse("exam-pick", args=[day.exam.pk, "assessment"]))
    assert (answer.status_code, answer.url) == (302, reverse("exam-detail", args=[day.exam.pk]))
    assert Attempt.objects.count() == 1


def test_only_tools_that_take_the_message_are_asked() -> None:
    exam = make_exam()
    assert press(browser_of(ada()), reverse("exam-pick", args=[exam.pk, "assessment"])).status_code == 404
    assert press(browser_of(ada()), reverse("exam-pick", args=[exam.pk, "other"])).status_code == 404
