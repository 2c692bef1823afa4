"""How Ada makes exams, changes their rules and decides about interrupted attempts."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gradebook.models import LineItem
from lti_platform.courses.models import Context, ResourceLink
from lti_platform.journal.models import Entry
from lti_platform.tools.models import Deployment
from proctoring.models import Exam
from proctoring.moving import move
from proctoring.transitions import Event, State
from tests.browsing import signed_in
from tests.factories import (
    ada,
    grant,
    lena,
    make_context,
    make_deployment,
    make_organization,
    make_registration,
    mallory,
)
from tests.proctoring.browsing import BrowserDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(ada())


@pytest.fixture
def course() -> Context:
    return make_context()


@pytest.fixture
def tools() -> tuple[Deployment, Deployment]:
    """One that asks, one that proctors."""
    asks = make_registration("Assessor", messages=[{"type": "LtiResourceLinkRequest"}])
    proctors = make_registration("ProctorCo", messages=[{"type": "LtiStartProctoring"}])
    return make_deployment(asks), make_deployment(proctors)


def form(course: Context, tools: tuple[Deployment, Deployment], **changes: Any) -> dict[str, Any]:
    fields = {
        "context": str(course.pk),
        "kind": "two_tools",
        "assessment": str(tools[0].pk),
        "proctoring": str(tools[1].pk),
        "title": "Refrigerant handling",
        "minutes": "60",
        "questions": "25",
        "pass_mark_percent": "70",
        "attempts_allowed": "2",
        "wait_minutes": "0",
        "review_policy": "always",
        "identity_policy": "flag",
        "started_by": "tool",
        "retention_class": "standard",
        "is_published": "on",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def test_making_an_exam_makes_its_links_and_a_line_item_that_holds(
    browser: Client, course: Context, tools: tuple[Deployment, Deployment]
) -> None:
    answer = browser.post(reverse("exam-new"), form(course, tools))
    exam = Exam.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("exam-detail", args=[exam.pk]))
    assert (exam.assessment_link.deployment, exam.proctoring_link.deployment) == tools
    item = LineItem.objects.get()
    assert (item.holds_results, item.is_coupled, item.resource_link) == (True, True, exam.assessment_link)
    assert Entry.objects.get(fact_type="proctoring.exam_changed").payload["exam_version"] == 1
    assert "Refrigerant handling" in browser.get(answer["Location"]).content.decode()
    assert "Refrigerant handling" in browser.get(reverse("exam-list")).content.decode()


@pytest.mark.parametrize(
    ("published", "words"),
    [("on", "Learners of the course can take it."), (None, "Nobody sees it before you publish it.")],
    ids=["published", "draft"],
)
def test_who_can_take_a_new_exam_is_said_as_it_is(
    browser: Client, course: Context, tools: tuple[Deployment, Deployment], published: str | None, words: str
) -> None:
    answer = browser.post(reverse("exam-new"), form(course, tools, is_published=published), follow=True)
    assert f"The exam is made. {words}" in answer.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes": "0"},
        {"pass_mark_percent": "101"},
        {"attempts_allowed": "0"},
        {"title": ""},
        {"opens_at": "2027-01-02T10:00", "closes_at": "2027-01-02T09:00"},
        {"proctoring": "not-a-deployment"},
    ],
)
def test_an_exam_without_sense_is_not_made(
    browser: Client, course: Context, tools: tuple[Deployment, Deployment], changes: dict[str, str]
) -> None:
    answer = browser.post(reverse("exam-new"), form(course, tools, **changes))
    assert (answer.status_code, Exam.objects.exists(), ResourceLink.objects.exists()) == (200, False, False)
    assert 'aria-invalid="true"' in answer.content.decode()


def test_each_place_takes_a_tool_that_can_fill_it(
    browser: Client, course: Context, tools: tuple[Deployment, Deployment]
) -> None:
    swapped = form(course, (tools[1], tools[0]))
    assert browser.post(reverse("exam-new"), swapped).status_code == 200
    assert not Exam.objects.exists()


def test_a_tool_deployed_for_one_organization_stays_there(browser: Client, course: Context) -> None:
    other = make_organization("Other Company")
    elsewhere = make_deployment(organization=other)
    answer = browser.post(reverse("exam-new"), form(course, (elsewhere, elsewhere)))
    assert (answer.status_code, Exam.objects.exists()) == (200, False)


def test_what_is_missing_is_said(browser: Client) -> None:
    page = browser.get(reverse("exam-new")).content.decode()
    assert "There is no course yet." in page
    assert "A tool is missing." in page


def test_changed_rules_hold_for_attempts_to_come(browser: Client) -> None:
    story = BrowserDay()
    attempt = story.day.start()
    exam = story.day.exam
    fields = form(
        exam.context, (exam.assessment_link.deployment, exam.proctoring_link.deployment), minutes="30"
    )
    assert browser.post(reverse("exam-edit", args=[exam.pk]), fields).status_code == 302
    exam.refresh_from_db()
    assert (exam.minutes, exam.version) == (30, 2)
    attempt.refresh_from_db()
    assert (attempt.policy["minutes"], attempt.policy["exam_version"]) == (60, 1)


@pytest.mark.parametrize(("policy", "words"), [("always", "In review"), ("flagged", "Being completed")])
def test_an_attempt_that_was_handed_in_is_called_what_other_pages_call_it(
    browser: Client, policy: str, words: str
) -> None:
    story = BrowserDay(review_policy=policy)
    address = reverse("exam-detail", args=[story.day.exam.pk])
    story.day.start()
    assert ">Running<" in browser.get(address).content.decode()
    move(story.day.attempt.id, Event.SUBMIT, now=story.day.now)
    page = browser.get(address).content.decode()
    assert f">{words}<" in page
    assert "Submitted" not in page


@pytest.fixture
def interrupted() -> BrowserDay:
    story = BrowserDay()
    story.day.start()
    move(story.day.attempt.id, Event.PAUSE, now=story.day.now)
    move(story.day.attempt.id, Event.INTERRUPT, now=story.day.now)
    return story


def test_ada_lets_an_interrupted_attempt_go_on(browser: Client, interrupted: BrowserDay) -> None:
    exam, attempt = interrupted.day.exam, interrupted.day.attempt
    assert "waits for your decision" in browser.get(reverse("exam-detail", args=[exam.pk])).content.decode()
    for _time in range(2):
        browser.post(reverse("exam-attempt-reopen", args=[exam.pk, attempt.pk]))
    assert (interrupted.day.state, interrupted.day.attempt.held_by_connection) == (State.PAUSED, True)
    interrupted.lena.post(reverse("attempt-continue", args=[attempt.pk]))
    assert interrupted.day.state == State.RUNNING


def test_ada_declares_an_attempt_void_and_says_why(browser: Client, interrupted: BrowserDay) -> None:
    url = reverse("exam-attempt-void", args=[interrupted.day.exam.pk, interrupted.day.attempt.pk])
    browser.post(url, {"reason": " "})
    assert interrupted.day.state == State.INTERRUPTED
    browser.post(url, {"reason": "Power cut in the building."})
    assert interrupted.day.state == State.VOIDED
    assert interrupted.day.attempt.transitions.latest("version").note == "Power cut in the building."


@pytest.mark.parametrize("name", ["exam-attempt-void", "exam-attempt-reopen"])
def test_nobody_gives_themselves_another_try(interrupted: BrowserDay, name: str) -> None:
    learner = grant(interrupted.day.person, "lms_admin")
    url = reverse(name, args=[interrupted.day.exam.pk, interrupted.day.attempt.pk])
    assert signed_in(learner).post(url, {"reason": "Mine."}).status_code == 404
    assert interrupted.day.state == State.INTERRUPTED


@pytest.mark.parametrize("name", ["exam-list", "exam-new"])
def test_only_admins_make_exams(name: str) -> None:
    assert signed_in(lena()).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["exam-detail", "exam-edit"])
def test_an_admin_of_another_company_sees_nothing_of_it(interrupted: BrowserDay, name: str) -> None:
    browser = signed_in(mallory("lms_admin"))
    assert browser.get(reverse(name, args=[interrupted.day.exam.pk])).status_code == 404
    void = reverse("exam-attempt-void", args=[interrupted.day.exam.pk, interrupted.day.attempt.pk])
    assert browser.post(void, {"reason": "x"}).status_code == 404
    assert "Refrigerant" not in browser.get(reverse("exam-list")).content.decode()
    assert interrupted.day.state == State.INTERRUPTED


@pytest.mark.parametrize(
    ("kind", "asks", "proctors", "is_made"),
    [
        ("two_tools", "LtiResourceLinkRequest", "LtiStartProctoring", True),
        ("two_tools", "LtiResourceLinkRequest", "LtiResourceLinkRequest", False),
        ("two_tools", "LtiResourceLinkRequest", None, False),
        ("linked", "LtiResourceLinkRequest", "LtiResourceLinkRequest", True),
        ("linked", "LtiResourceLinkRequest", "LtiStartProctoring", False),
        ("linked", "LtiResourceLinkRequest", None, False),
        ("one_tool", "LtiResourceLinkRequest", None, True),
        ("one_tool", "LtiResourceLinkRequest", "LtiResourceLinkRequest", False),
        ("no_such_kind", "LtiResourceLinkRequest", "LtiStartProctoring", False),
    ],
)
def test_an_exam_is_of_a_kind_that_its_tools_can_fill(
    browser: Client, course: Context, kind: str, asks: str, proctors: str | None, is_made: bool
) -> None:
    made = [
        make_deployment(make_registration(messages=[{"type": name}])) for name in (asks, proctors) if name
    ]
    fields = form(course, (made[0], made[-1]), kind=kind)
    if proctors is None:
        fields["proctoring"] = ""
    assert browser.post(reverse("exam-new"), fields).status_code == (302 if is_made else 200)
    assert list(Exam.objects.values_list("kind", flat=True)) == ([kind] if is_made else [])


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", {}),
        ('{"https://vendor.test/lockdown": {"level": 2}}', {"https://vendor.test/lockdown": {"level": 2}}),
        ("[1]", None),
        ("{", None),
        ('{"data": "x"}', None),
        ('{"a": "' + "x" * 4000 + '"}', None),
    ],
)
def test_settings_of_the_vendors_own_are_an_object(
    browser: Client, course: Context, tools: tuple[Deployment, Deployment], said: str, kept: Any
) -> None:
    browser.post(
        reverse("exam-new"), form(course, tools, vendor_settings=said, proctoring_settings="video=on")
    )
    made = [exam.vendor_settings for exam in Exam.objects.all()]
    assert made == ([] if kept is None else [kept])
    if kept:
        page = browser.get(reverse("exam-detail", args=[Exam.objects.get().pk])).content.decode()
        assert "vendor.test/lockdown" in page
        assert "video=on" in page


def test_who_starts_is_asked_only_where_a_tool_knows_only_links(browser: Client) -> None:
    pages = [
        browser.get(reverse("exam-edit", args=[BrowserDay(kind=kind).day.exam.pk])).content.decode()
        for kind in ("two_tools", "linked", "one_tool")
    ]
    assert ['name="started_by"' in page for page in pages] == [False, True, False]
