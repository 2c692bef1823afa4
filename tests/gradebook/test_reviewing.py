"""What was handed in is opened in its tool by who teaches the course, and by the learner who did; by nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gradebook import reviewing
from gradebook.addresses import line_item_url
from gradebook.line_items import create_coupled
from gradebook.models import LineItem, Result
from lti_platform.courses.models import Membership, ResourceLink
from lti_platform.courses.vocabulary import INSTRUCTOR, LEARNER
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import CLAIM, SUBMISSION_REVIEW_REQUEST
from lti_platform.people.models import Person
from tests.counting import counted
from tests.factories import lena, make_link, make_membership, make_person, mallory
from tests.lti_platform.launches.staging import Stage, browser_of, claims_of, form_of, make_course

pytestmark = pytest.mark.django_db
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
MESSAGES = [{"type": "LtiResourceLinkRequest"}, {"type": SUBMISSION_REVIEW_REQUEST}]


def make_result(link: ResourceLink, person: Person, **fields: Any) -> Result:
    """Lena handed in, and a person has to grade it."""
    now = datetime.now(UTC)
    item = LineItem.objects.filter(resource_link=link).first() or create_coupled(
        link, label="Essay", score_maximum=Decimal(20), holds_results=False
    )
    item.submission_review = {"reviewableStatus": ["Submitted", "Completed"], "label": "Read it"}
    item.save()
    defaults = {"activity_progress": "Submitted", "grading_progress": "PendingManual", "last_digest": "x"}
    times = {"last_timestamp": now, "updated_at": now}
    return Result.objects.create(line_item=item, person=person, **{**defaults, **times, **fields})


@pytest.fixture
def learner() -> Person:
    return lena()


@pytest.fixture
def result(learner: Person) -> Result:
    return make_result(make_course(learner, messages=MESSAGES), learner)


@pytest.fixture
def teacher(result: Result) -> Person:
    person = make_person("Ines", "Torres")
    make_membership(person, result.line_item.context, "Instructor")
    return person


def ask(result: Result, person: Person) -> Any:
    browser = Client()
    browser.force_login(person)
    return browser.post(reverse("submission-review", args=[result.pk]))


def opened(result: Result, person: Person) -> dict[str, Any]:
    """The claims of the message that opens the submission."""
    return opened_at(reverse("submission-review", args=[result.pk]), person)


def opened_at(address: str, person: Person) -> dict[str, Any]:
    """The claims of the message that this button sends."""
    browser = browser_of(person)
    browser.handler.enforce_csrf_checks = False
    login = form_of(browser.post(address)).fields
    launch = Launch.objects.get(pk=login["login_hint"])
    assert launch.resource_link is not None
    stage = Stage(browser=browser, person=person, link=launch.resource_link, launch=launch, login=login)
    return claims_of(stage.ask())


def test_a_teacher_opens_what_a_learner_handed_in(result: Result, teacher: Person, learner: Person) -> None:
    claims = opened(result, teacher)
    assert claims[f"{CLAIM}message_type"] == SUBMISSION_REVIEW_REQUEST
    assert claims["sub"] == str(teacher.pk)
    assert claims[f"{CLAIM}roles"] == [INSTRUCTOR]
    about = claims[f"{CLAIM}for_user"]
    assert about["user_id"] == str(learner.pk)
    assert about["name"] == learner.full_name
    assert about["roles"] == [LEARNER]
    assert claims[ENDPOINT]["lineitem"] == line_item_url(result.line_item)


def test_a_learner_opens_their_own(result: Result, learner: Person) -> None:
    claims = opened(result, learner)
    assert claims["sub"] == claims[f"{CLAIM}for_user"]["user_id"] == str(learner.pk)


def test_an_anonymous_tool_is_told_no_name_of_anybody(
    result: Result, teacher: Person, learner: Person
) -> None:
    result.line_item.deployment.registration.privacy = "anonymous"
    result.line_item.deployment.registration.save()
    claims = opened(result, teacher)
    assert set(claims[f"{CLAIM}for_user"]) == {"user_id", "roles"}
    for person in (teacher, learner):
        assert person.family_name not in str(claims)


def test_the_line_items_own_address_and_parameters_win(result: Result, teacher: Person) -> None:
    link = result.line_item.resource_link
    assert link is not None
    link.custom_parameters, url = (
        {"view": "exam", "unit": "7"},
        f"{link.deployment.registration.target_link_uri}/r",
    )
    link.save()
    review = {"reviewableStatus": ["Submitted"], "url": url, "custom": {"view": "review"}}
    LineItem.objects.update(submission_review=review)
    claims = opened(result, teacher)
    assert claims[f"{CLAIM}target_link_uri"] == url
    assert claims[f"{CLAIM}custom"] == {"view": "review", "unit": "7"}


def test_the_message_carries_the_attempt_in_its_line_item(result: Result, teacher: Person) -> None:
    Result.objects.update(binding="7d9f")
    result.refresh_from_db()
    address = opened(result, teacher)[ENDPOINT]["lineitem"]
    assert address == line_item_url(result.line_item, binding="7d9f")


def test_ones_own_submission_is_that_of_the_exams_item(learner: Person, result: Result) -> None:
    elsewhere = make_result(make_course(learner, messages=MESSAGES), learner, binding="7d9f")
    Result.objects.filter(pk=result.pk).update(binding="7d9f")
    for own in (result, elsewhere):
        assert reviewing.own_submission(learner, binding="7d9f", line_item_id=own.line_item_id) == own


def no_state(result: Result) -> None:
    Result.objects.update(activity_progress="InProgress")


def no_review(result: Result) -> None:
    LineItem.objects.update(submission_review=None)


def no_message(result: Result) -> None:
    result.line_item.deployment.registration.messages = MESSAGES[:1]
    result.line_item.deployment.registration.save()


def no_item(result: Result) -> None:
    LineItem.objects.update(deleted_at=datetime.now(UTC))


@pytest.mark.parametrize("lacking", [no_state, no_review, no_message, no_item])
def test_what_the_tool_cannot_show_is_not_asked_for(
    result: Result, teacher: Person, lacking: Callable[[Result], None]
) -> None:
    lacking(result)
    assert ask(result, teacher).status_code == 403
    assert not Launch.objects.exists()


@pytest.mark.parametrize("state", ["held", "void"])
def test_a_learner_does_not_see_what_is_kept_back(
    result: Result, teacher: Person, learner: Person, state: str
) -> None:
    Result.objects.update(state=state)
    assert ask(result, learner).status_code == 403
    assert ask(result, teacher).status_code == 200


def page(result: Result, person: Person) -> str:
    browser = browser_of(person)
    response = browser.get(reverse("submissions", args=[result.line_item.context_id]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_lists_all_to_who_teaches_and_to_learners_their_own(
    result: Result, teacher: Person, learner: Person
) -> None:
    other = make_person("Otto", "Quill")
    make_membership(other, result.line_item.context)
    assert result.line_item.resource_link is not None
    make_result(result.line_item.resource_link, other)
    text = page(result, teacher)
    assert "Lena Ruiz" in text
    assert "Otto Quill" in text
    assert "Otto" not in page(result, learner)
    assert "Read it" in page(result, learner)


def test_where_no_tool_shows_again_the_page_says_so_and_where_exams_stand(
    result: Result, teacher: Person, learner: Person
) -> None:
    LineItem.objects.update(submission_review=None)
    for person, place in ((learner, "your"), (teacher, "the learner’s")):
        text = page(result, person)
        assert "Nothing to see again here." in text
        assert "No tool of this course shows again what was handed in." in text
        assert f"Exams are not listed here; their state is on {place} start page." in text


def test_where_a_tool_will_show_again_the_page_does_not_say_that_none_does(
    result: Result, learner: Person
) -> None:
    Result.objects.update(state="held")
    text = page(result, learner)
    assert "Nothing to see again here." in text
    assert "What is handed in in a tool that can show it again appears here." in text
    assert "No tool of this course" not in text


def test_who_has_no_place_in_the_course_sees_no_page(result: Result) -> None:
    address = reverse("submissions", args=[result.line_item.context_id])
    assert browser_of(mallory()).get(address).status_code == 404


def test_the_gradebook_leads_to_the_submission(result: Result, teacher: Person, learner: Person) -> None:
    places = [result.line_item.context_id, result.line_item_id, learner.pk]
    text = browser_of(teacher).get(reverse("course-gradebook-result", args=places)).content.decode()
    assert reverse("submission-review", args=[result.pk]) in text


@pytest.fixture
def unscored(learner: Person) -> LineItem:
    """Nobody was scored, and the tool shows that too."""
    link = make_course(learner, messages=MESSAGES)
    item = create_coupled(link, label="Essay", score_maximum=Decimal(20), holds_results=False)
    item.submission_review = {"reviewableStatus": ["None", "Submitted"], "label": "Read it"}
    item.save()
    return item


def address_of(item: LineItem, person: Person) -> str:
    return reverse("submission-review-of", args=[item.context_id, item.pk, person.pk])


def instructor_of(item: LineItem) -> Person:
    person = make_person("Ines", "Torres")
    make_membership(person, item.context, "Instructor")
    return person


def test_before_any_score_a_teacher_opens_what_a_learner_has_not_begun(
    unscored: LineItem, learner: Person
) -> None:
    claims = opened_at(address_of(unscored, learner), instructor_of(unscored))
    assert claims[f"{CLAIM}message_type"] == SUBMISSION_REVIEW_REQUEST
    assert claims[f"{CLAIM}for_user"]["user_id"] == str(learner.pk)
    assert claims[ENDPOINT]["lineitem"] == line_item_url(unscored)
    assert not Result.objects.exists()


def test_a_learner_opens_their_own_before_any_score(unscored: LineItem, learner: Person) -> None:
    address = address_of(unscored, learner)
    shown = browser_of(learner).get(reverse("submissions", args=[unscored.context_id])).content.decode()
    assert address in shown
    claims = opened_at(address, learner)
    assert claims["sub"] == claims[f"{CLAIM}for_user"]["user_id"] == str(learner.pk)


def test_the_gradebook_leads_there_before_any_score(unscored: LineItem, learner: Person) -> None:
    places = [unscored.context_id, unscored.pk, learner.pk]
    page = browser_of(instructor_of(unscored)).get(reverse("course-gradebook-result", args=places))
    assert address_of(unscored, learner) in page.content.decode()


def test_a_state_that_is_not_named_is_not_opened_before_any_score(
    unscored: LineItem, learner: Person
) -> None:
    LineItem.objects.update(submission_review={"reviewableStatus": ["Submitted"]})
    assert posted(address_of(unscored, learner), learner) == 403
    assert not Launch.objects.exists()


def test_no_learner_opens_a_proctored_exam_before_taking_it(unscored: LineItem, learner: Person) -> None:
    LineItem.objects.update(holds_results=True)
    assert posted(address_of(unscored, learner), learner) == 403
    assert address_of(unscored, learner) not in (
        browser_of(learner).get(reverse("submissions", args=[unscored.context_id])).content.decode()
    )
    assert posted(address_of(unscored, learner), instructor_of(unscored)) == 200


def test_what_others_have_not_begun_is_not_opened(unscored: LineItem, learner: Person) -> None:
    other = make_person("Otto", "Quill")
    make_membership(other, unscored.context)
    assert posted(address_of(unscored, learner), other) == 403
    assert posted(address_of(unscored, learner), mallory()) == 404
    assert posted(address_of(unscored, mallory()), instructor_of(unscored)) == 404
    assert not Launch.objects.exists()


def close(item: LineItem) -> None:
    ResourceLink.objects.filter(line_items=item).update(
        available_until=datetime.now(UTC) - timedelta(hours=1)
    )


def test_what_was_not_begun_opens_within_the_hours_of_its_link(unscored: LineItem, learner: Person) -> None:
    close(unscored)
    address = address_of(unscored, learner)
    assert posted(address, learner) == 403
    assert not Launch.objects.exists()
    shown = browser_of(learner).get(reverse("submissions", args=[unscored.context_id])).content.decode()
    assert address not in shown
    assert posted(address, instructor_of(unscored)) == 200


def test_a_result_that_says_nothing_was_begun_opens_within_those_hours_too(
    unscored: LineItem, learner: Person
) -> None:
    assert unscored.resource_link is not None
    make_result(unscored.resource_link, learner, activity_progress="")
    LineItem.objects.update(submission_review={"reviewableStatus": ["None"]})
    close(unscored)
    assert posted(address_of(unscored, learner), learner) == 403


def test_what_was_handed_in_stays_open_when_its_link_closes(result: Result, learner: Person) -> None:
    close(result.line_item)
    assert opened(result, learner)["sub"] == str(learner.pk)


def test_a_guest_learner_is_a_learner(unscored: LineItem, learner: Person) -> None:
    Membership.objects.update(roles=["Learner#GuestLearner"])
    shown = browser_of(learner).get(reverse("submissions", args=[unscored.context_id])).content.decode()
    assert address_of(unscored, learner) in shown


def test_many_items_that_are_not_begun_cost_what_one_costs(unscored: LineItem, learner: Person) -> None:
    course = unscored.context

    def asked() -> tuple[int, int]:
        with counted() as queries:
            rows = reviewing.not_begun(learner, course=course, now=datetime.now(UTC))
        return len(rows), len(queries)

    rows, queries = asked()
    for _number in range(9):
        link = make_link(course, unscored.deployment)
        item = create_coupled(link, label="Essay", score_maximum=Decimal(20), holds_results=False)
        LineItem.objects.filter(pk=item.pk).update(submission_review=unscored.submission_review)
    assert (rows, asked()) == (1, (10, queries))


def posted(address: str, person: Person) -> int:
    browser = Client()
    browser.force_login(person)
    return browser.post(address).status_code
