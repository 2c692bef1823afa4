"""The smaller messages and the way back, clause by clause."""

from typing import Any

import pytest
from django.test import Client

from gradebook.addresses import line_item_url
from gradebook.models import LineItem, Result
from lti_platform.launches.models import Launch, LaunchStep
from lti_platform.launches.vocabulary import CLAIM, TEST_USER
from lti_platform.people.models import Person
from tests.conformance.clauses import clause
from tests.factories import lena, make_membership, make_person
from tests.gradebook.test_reviewing import MESSAGES, ask, make_result, opened
from tests.lti_platform.launches.staging import Stage, claims_of, lena_starts, make_course
from tests.lti_platform.launches.test_telling import link_for, told
from tests.lti_platform.launches.test_trying import tried

pytestmark = pytest.mark.django_db
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"


@pytest.fixture
def result() -> Result:
    """What Lena handed in."""
    learner = lena()
    return make_result(make_course(learner, messages=MESSAGES), learner)


@pytest.fixture
def teacher(result: Result) -> Person:
    person = make_person("Ines", "Torres")
    make_membership(person, result.line_item.context, "Instructor")
    return person


@pytest.fixture
def sent() -> Stage:
    """A launch whose tool got its token."""
    stage = lena_starts()
    stage.ask()
    return stage


@clause("Submission Review: the required claims are there")
def test_a_review_carries_the_core_claims(result: Result, teacher: Person, clause: str) -> None:
    claims = opened(result, teacher)
    names = ("message_type", "version", "deployment_id", "target_link_uri", "roles", "for_user")
    assert {f"{CLAIM}{name}" for name in names} <= set(claims)
    assert claims["sub"] == str(teacher.pk)


@clause("Submission Review: for_user.user_id is the learner's")
def test_for_user_names_the_learner(result: Result, teacher: Person, clause: str) -> None:
    assert opened(result, teacher)[f"{CLAIM}for_user"]["user_id"] == str(result.person_id)


@clause("Submission Review: the AGS claim has the line item")
def test_the_endpoint_claim_has_the_line_item(result: Result, teacher: Person, clause: str) -> None:
    assert opened(result, teacher)[ENDPOINT]["lineitem"] == line_item_url(result.line_item)


@clause("Submission Review: resource_link where the line item is coupled")
def test_the_link_is_the_line_items(result: Result, teacher: Person, clause: str) -> None:
    assert opened(result, teacher)[f"{CLAIM}resource_link"]["id"] == str(result.line_item.resource_link_id)


@clause("Submission Review: return_url is given")
def test_a_review_has_a_way_back(result: Result, teacher: Person, clause: str) -> None:
    assert "/lti/return/" in opened(result, teacher)[f"{CLAIM}launch_presentation"]["return_url"]


@clause("Submission Review: message_type and version")
def test_a_review_is_named(result: Result, teacher: Person, clause: str) -> None:
    claims = opened(result, teacher)
    assert claims[f"{CLAIM}message_type"] == "LtiSubmissionReviewRequest"
    assert claims[f"{CLAIM}version"] == "1.3.0"
    assert claims[f"{CLAIM}deployment_id"] == result.line_item.deployment.deployment_id


@clause("Submission Review: a learner may review their own, for_user is then sub")
def test_a_learner_reviews_their_own(result: Result, clause: str) -> None:
    claims = opened(result, result.person)
    assert claims["sub"] == claims[f"{CLAIM}for_user"]["user_id"] == str(result.person_id)


@clause("Submission Review: who may not see a submission opens none")
def test_a_fellow_learner_opens_nothing(result: Result, clause: str) -> None:
    fellow = make_person("Otto", "Quill")
    make_membership(fellow, result.line_item.context)
    assert ask(result, fellow).status_code == 403
    assert not Launch.objects.exists()


@clause("Submission Review: for_user says no more than the privacy level")
def test_for_user_follows_the_privacy_level(result: Result, teacher: Person, clause: str) -> None:
    result.line_item.deployment.registration.privacy = "anonymous"
    result.line_item.deployment.registration.save()
    assert set(opened(result, teacher)[f"{CLAIM}for_user"]) == {"user_id", "roles"}


@clause("Submission Review: submissionReview url and custom come before the link's")
def test_the_line_items_review_wins(result: Result, teacher: Person, clause: str) -> None:
    link = result.line_item.resource_link
    assert link is not None
    url = f"{link.deployment.registration.target_link_uri}/review"
    link.custom_parameters = {"view": "exam", "unit": "7"}
    link.save()
    review = {"reviewableStatus": ["Submitted"], "url": url, "custom": {"view": "review"}}
    LineItem.objects.update(submission_review=review)
    claims = opened(result, teacher)
    assert claims[f"{CLAIM}target_link_uri"] == url
    assert claims[f"{CLAIM}custom"] == {"view": "review", "unit": "7"}


@clause("Submission Review: offered only in a reviewableStatus")
@pytest.mark.parametrize(("progress", "status"), [("Submitted", 200), ("Started", 403)])
def test_only_reviewable_states_open(
    result: Result, teacher: Person, progress: str, status: int, clause: str
) -> None:
    Result.objects.update(activity_progress=progress)
    assert ask(result, teacher).status_code == status


@clause("Submission Review: only to tools that declare the message")
def test_a_tool_that_declares_no_review_gets_none(result: Result, teacher: Person, clause: str) -> None:
    result.line_item.deployment.registration.messages = MESSAGES[:1]
    result.line_item.deployment.registration.save()
    assert ask(result, teacher).status_code == 403


@pytest.mark.parametrize(
    ("about", "name"),
    [
        pytest.param("terms", "LtiEulaRequest", id="EULA request: no resource link"),
        pytest.param("data", "LtiDataPrivacyLaunchRequest", id="Data privacy launch: no resource link"),
    ],
)
def test_messages_about_the_tool_speak_of_no_link(about: str, name: str) -> None:
    learner = lena()
    claims = told(link_for(learner, name), learner, about=about)
    assert claims[f"{CLAIM}message_type"] == name
    assert f"{CLAIM}resource_link" not in claims


@clause("Core A.2.4 TestUser stands beside a real role")
def test_a_preview_says_so(clause: str) -> None:
    roles = claims_of(tried(make_course(lena())).ask())[f"{CLAIM}roles"]
    assert TEST_USER in roles
    assert len(roles) == 2


@pytest.mark.parametrize(
    ("name", "is_shown"),
    [
        pytest.param("lti_msg", True, id="Core 5.4.4 lti_msg is for the person"),
        pytest.param("lti_errormsg", True, id="Core 5.4.4 lti_errormsg is for the person"),
        pytest.param("lti_log", False, id="Core 5.4.4 lti_log is for the log"),
        pytest.param("lti_errorlog", False, id="Core 5.4.4 lti_errorlog is for the log"),
    ],
)
def test_the_four_messages_of_the_way_back(sent: Stage, name: str, is_shown: bool) -> None:
    response = sent.browser.get(f"/lti/return/{sent.launch.reference}?{name}=All+done")
    assert ("All done" in response.content.decode()) == is_shown
    step = LaunchStep.objects.get(launch=sent.launch, name="tool_returned")
    assert step.details == {name: "All done"}


@clause("Core 5.4.4 the way back takes query parameters, all four at once")
def test_all_four_are_read_at_once(sent: Stage, clause: str) -> None:
    words = "lti_msg=a&lti_errormsg=b&lti_log=c&lti_errorlog=d"
    sent.browser.get(f"/lti/return/{sent.launch.reference}?{words}")
    step = LaunchStep.objects.get(launch=sent.launch, name="tool_returned")
    assert step.details == {"lti_msg": "a", "lti_errormsg": "b", "lti_log": "c", "lti_errorlog": "d"}


@clause("Core 5.4.4 what a stranger adds is not taken for the tool's")
def test_only_the_launchs_own_person_brings_words_back(sent: Stage, clause: str) -> None:
    response: Any = Client().get(f"/lti/return/{sent.launch.reference}?lti_errormsg=x")
    assert response.status_code == 200
    assert not LaunchStep.objects.filter(name="tool_returned").exists()
