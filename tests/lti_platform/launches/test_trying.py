"""Ada tries a tool as somebody who is in no roster; the tool is told so, and no gradebook hears of it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gradebook.addresses import line_item_url
from gradebook.line_items import create_coupled
from gradebook.models import LineItem, Result, Score
from lti_platform.courses.models import Context, Membership, ResourceLink
from lti_platform.courses.vocabulary import INSTRUCTOR, LEARNER
from lti_platform.launches import trying
from lti_platform.launches.models import Launch
from lti_platform.launches.vocabulary import CLAIM, TEST_USER
from lti_platform.people.models import Organization, Person, Site
from lti_platform.tools.models import Deployment, Registration
from tests.calling import CallingTool, make_tool
from tests.factories import (
    ada,
    cora,
    lena,
    make_deployment,
    make_exam,
    make_membership,
    make_organization,
    make_registration,
    make_site,
    mallory,
    pia,
)
from tests.lti_platform.launches.staging import Stage, browser_of, claims_of, form_of, make_course

pytestmark = pytest.mark.django_db
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"


@pytest.fixture
def link() -> ResourceLink:
    """A link of Lena's course."""
    return make_course(lena())


def address(link: ResourceLink) -> str:
    return f"/admin/tools/{link.deployment.registration_id}/try/"


def post(link: ResourceLink, *, browser: Client, pretends: str = "learner") -> Any:
    browser.handler.enforce_csrf_checks = False
    return browser.post(address(link), {"link": str(link.pk), "pretends": pretends})


def tried(link: ResourceLink, person: Person | None = None, *, pretends: str = "learner") -> Stage:
    """Ada's browser before the tool's login address, after she chose whom to pretend."""
    person = person or ada()
    browser = browser_of(person)
    login = form_of(post(link, browser=browser, pretends=pretends)).fields
    launch = Launch.objects.get(pk=login["login_hint"])
    return Stage(browser=browser, person=person, link=link, launch=launch, login=login)


@pytest.mark.parametrize(("pretends", "role"), [("learner", LEARNER), ("instructor", INSTRUCTOR)])
def test_the_tool_is_told_the_role_and_that_it_is_a_test(
    link: ResourceLink, pretends: str, role: str
) -> None:
    claims = claims_of(tried(link, pretends=pretends).ask())
    assert claims[f"{CLAIM}roles"] == [role, TEST_USER]
    assert claims["name"] == f"Test {pretends.capitalize()}"
    assert claims["email"] == f"test.{pretends}@platform.invalid"
    assert claims[f"{CLAIM}resource_link"]["id"] == str(link.pk)


def test_a_public_tool_may_ask_in_which_time_zone_the_admin_works(link: ResourceLink) -> None:
    link.custom_parameters = {"zone": "$ActualPerson.address.timezone", "other": "$Person.address.timezone"}
    link.save()
    admin = ada()
    admin.site = make_site(make_organization())
    admin.save()
    Site.objects.update(time_zone="Europe/Madrid")
    custom = claims_of(tried(link, admin).ask())[f"{CLAIM}custom"]
    assert custom == {"zone": "Europe/Madrid", "other": ""}


def test_the_tool_learns_nothing_of_the_admin(link: ResourceLink) -> None:
    link.custom_parameters = {"who": "$Person.name.full", "mail": "$Person.email.primary", "id": "$User.id"}
    link.save()
    person = ada()
    said = str(claims_of(tried(link, person).ask()))
    for word in (person.given_name, person.family_name, person.email, person.employee_id, str(person.pk)):
        assert str(word) not in said


def test_one_admin_is_the_same_learner_each_time_and_another_is_another(link: ResourceLink) -> None:
    person = ada()
    first, second = (claims_of(tried(link, person).ask())["sub"] for _ in range(2))
    others = {
        claims_of(tried(link, ada()).ask())["sub"],
        claims_of(tried(link, person, pretends="instructor").ask())["sub"],
    }
    assert first == second
    assert first not in others
    assert len(others) == 2
    assert not Person.objects.filter(pk__in=[first, *others]).exists()


def test_trying_gives_nobody_a_place_in_the_course(link: ResourceLink) -> None:
    before = Membership.objects.count()
    tried(link).ask()
    assert Membership.objects.count() == before


@pytest.mark.parametrize("who", [pia, cora, mallory, lena])
def test_only_who_manages_tools_may_try(link: ResourceLink, who: Any) -> None:
    assert post(link, browser=browser_of(who())).status_code == 403
    assert not Launch.objects.exists()


def test_ada_of_another_company_may_not_try(link: ResourceLink) -> None:
    assert post(link, browser=browser_of(ada(make_organization("Other Company")))).status_code == 404
    assert not Launch.objects.exists()


def test_who_lost_the_role_meanwhile_gets_no_token(link: ResourceLink) -> None:
    stage = tried(link)
    stage.person.role_grants.all().delete()
    assert form_of(stage.ask()).fields["error"] == "access_denied"


def test_a_tool_that_is_switched_off_is_not_tried_either(link: ResourceLink) -> None:
    link.deployment.registration.is_enabled = False
    link.deployment.registration.save()
    assert post(link, browser=browser_of(ada())).status_code == 403


def test_the_link_of_an_exam_is_tried_without_an_attempt() -> None:
    exam = make_exam()
    claims = claims_of(tried(exam.assessment_link).ask())
    assert claims[f"{CLAIM}message_type"] == "LtiResourceLinkRequest"
    assert TEST_USER in claims[f"{CLAIM}roles"]
    assert not exam.attempts.exists()


def test_the_way_back_from_the_tool_leads_to_the_steps(link: ResourceLink) -> None:
    stage = tried(link)
    stage.ask()
    response = stage.browser.get(f"/lti/return/{stage.launch.reference}")
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"/admin/launches/{stage.launch.reference}/")


def test_tests_are_listed_on_the_page_where_they_are_started(link: ResourceLink) -> None:
    stage = tried(link)
    text = stage.browser.get(address(link)).content.decode()
    assert stage.launch.reference in text
    assert "Test launch" in stage.browser.get(f"/admin/launches/{stage.launch.reference}/").content.decode()


def test_a_tool_without_links_says_where_to_place_it(link: ResourceLink) -> None:
    ResourceLink.objects.all().delete()
    assert "Nothing to try yet." in browser_of(ada()).get(address(link)).content.decode()


class TestScores:
    """What the tool sends for whom Ada pretended to be."""

    @pytest.fixture
    def tool(self) -> CallingTool:
        tool = make_tool()
        create_coupled(tool.link, label="Exam", score_maximum=20, holds_results=False)  # type: ignore[arg-type]
        return tool

    def send(self, tool: CallingTool, *, user_id: str, url: str) -> Any:
        body = {
            "userId": user_id,
            "scoreGiven": 18,
            "scoreMaximum": 20,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": "2026-01-01T10:00:00Z",
        }
        media_type = "application/vnd.ims.lis.v1.score+json"
        parts = url.partition("?")
        return tool.post(f"{parts[0]}/scores", body, content_type=media_type)

    def test_a_score_is_taken_shown_with_the_launch_and_kept_in_no_gradebook(self, tool: CallingTool) -> None:
        stage = tried(tool.link)
        claims = claims_of(stage.ask())
        answer = self.send(tool, user_id=claims["sub"], url=claims[ENDPOINT]["lineitem"])
        assert answer.status_code == 200
        assert not Score.objects.exists()
        assert not Result.objects.exists()
        text = stage.browser.get(f"/admin/launches/{stage.launch.reference}/").content.decode()
        assert "Tool sent a score." in text
        assert "score = 18/20" in text, re.findall("score = .*", text)

    def test_the_pretended_learner_is_in_no_roster_and_has_no_result(self, tool: CallingTool) -> None:
        claims = claims_of(tried(tool.link).ask())
        self.send(tool, user_id=claims["sub"], url=claims[ENDPOINT]["lineitem"])
        roster = claims["https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"]
        assert claims["sub"] not in tool.get(roster["context_memberships_url"]).content.decode()
        assert tool.get(f"{claims[ENDPOINT]['lineitem']}/results").json() == []

    def test_another_tool_may_not_score_the_pretended_learner(self, tool: CallingTool) -> None:
        claims = claims_of(tried(tool.link).ask())
        other = make_tool(tool.context)
        item = create_coupled(other.link, label="Other", score_maximum=20, holds_results=False)  # type: ignore[arg-type]
        url = line_item_url(item)
        assert self.send(other, user_id=claims["sub"], url=url).status_code == 400


class TestATrialCourse:
    """One button, for a tool that no course holds yet."""

    def post(self, tool: Registration, person: Person, organization: Organization) -> Any:
        browser = browser_of(person)
        browser.handler.enforce_csrf_checks = False
        return browser.post(
            reverse("tool-try-course", args=[tool.pk]), {"organization": str(organization.pk)}
        )

    def test_it_holds_the_tool_and_a_line_item_and_nobody_else(self) -> None:
        tool, acme = make_deployment().registration, make_organization("Acme")
        page = browser_of(ada()).get(reverse("tool-try", args=[tool.pk])).content.decode()
        assert "Make a course to try it in" in page
        answer = self.post(tool, ada(), acme)
        link = ResourceLink.objects.get()
        assert answer["Location"] == f"{reverse('tool-try', args=[tool.pk])}?link={link.pk}"
        assert (link.context.organization, link.context.memberships.count()) == (acme, 0)
        claims = claims_of(tried(link).ask())
        assert claims[ENDPOINT]["lineitem"]

    def test_a_tool_that_sends_no_scores_gets_no_line_item(self) -> None:
        tool = make_deployment(make_registration(scopes=[])).registration
        self.post(tool, ada(), make_organization("Acme"))
        assert (ResourceLink.objects.count(), LineItem.objects.count()) == (1, 0)

    def test_none_is_made_where_the_tool_is_not_deployed(self) -> None:
        acme, other = make_organization("Acme"), make_organization("Other")
        tool = make_deployment(organization=acme).registration
        self.post(tool, ada(), other)
        assert not ResourceLink.objects.exists()

    def test_none_is_made_for_a_tool_that_is_switched_off(self) -> None:
        tool, acme = make_registration(is_enabled=False), make_organization("Acme")
        make_deployment(tool)
        page = browser_of(ada()).get(reverse("tool-try", args=[tool.pk])).content.decode()
        assert "Deploy it first" in page
        self.post(tool, ada(), acme)
        assert not Context.objects.exists()

    def test_one_that_was_switched_off_meanwhile_leaves_no_course_behind(self) -> None:
        tool, acme = make_registration(is_enabled=False), make_organization("Acme")
        make_deployment(tool)
        with pytest.raises(Deployment.DoesNotExist):
            trying.make_trial(tool, organization=acme, now=datetime.now(UTC))
        assert not Context.objects.exists()

    def test_whoever_presses_twice_gets_the_same_course(self) -> None:
        tool, acme, other = (
            make_deployment().registration,
            make_organization("Acme"),
            make_organization("Other"),
        )
        first, again = self.post(tool, ada(), acme), self.post(tool, ada(), acme)
        assert first["Location"] == again["Location"]
        assert ResourceLink.objects.count() == Context.objects.count() == 1
        assert self.post(tool, ada(), other)["Location"] != first["Location"]

    def test_a_course_in_which_people_learn_is_none_to_try_in(self) -> None:
        tool, acme = make_deployment().registration, make_organization("Acme")
        first = self.post(tool, ada(), acme)
        make_membership(lena(), Context.objects.get())
        assert self.post(tool, ada(), acme)["Location"] != first["Location"]

    def test_none_is_made_for_another_company(self) -> None:
        tool, acme = make_deployment().registration, make_organization("Acme")
        assert self.post(tool, mallory("lms_admin"), acme).status_code in (302, 404)
        assert self.post(tool, lena(), acme).status_code == 403
        assert not ResourceLink.objects.exists()

    def test_without_a_deployment_the_page_says_so(self) -> None:
        tool = make_registration()
        page = browser_of(ada()).get(reverse("tool-try", args=[tool.pk])).content.decode()
        assert "Deploy it first" in page
