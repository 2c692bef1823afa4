"""Tools tell people their terms and what they keep of them, on pages of their own."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lti_platform.courses.models import Membership, ResourceLink
from lti_platform.launches.errors import LinkUnwanted, MessageNotDeclared
from lti_platform.launches.models import Launch
from lti_platform.launches.starting import start
from lti_platform.launches.vocabulary import CLAIM
from lti_platform.people.models import Person
from tests.factories import ada, lena, mallory
from tests.lti_platform.launches.staging import Stage, browser_of, claims_of, form_of, make_course

pytestmark = pytest.mark.django_db
ALL = ("LtiEulaRequest", "LtiDataPrivacyLaunchRequest")


def link_for(person: Person, *messages: str) -> ResourceLink:
    return make_course(
        person, messages=[{"type": "LtiResourceLinkRequest"}, *({"type": name} for name in messages)]
    )


def ask(link: ResourceLink, person: Person, *, about: str) -> Any:
    browser = Client()
    browser.force_login(person)
    return browser.post(reverse("tool-tells", args=[link.deployment_id, about]))


def told(link: ResourceLink, person: Person, *, about: str) -> dict[str, Any]:
    """The claims of the message that opens the tool's page."""
    browser = browser_of(person)
    browser.handler.enforce_csrf_checks = False
    login = form_of(browser.post(reverse("tool-tells", args=[link.deployment_id, about]))).fields
    launch = Launch.objects.get(pk=login["login_hint"])
    return claims_of(Stage(browser=browser, person=person, link=link, launch=launch, login=login).ask())


@pytest.mark.parametrize(
    ("about", "declared"),
    [("terms", ALL[0]), ("data", ALL[1]), ("data", "DataPrivacyLaunchRequest")],
)
def test_the_message_has_the_name_the_tool_declared_and_speaks_of_no_course(
    about: str, declared: str
) -> None:
    learner = lena()
    claims = told(link_for(learner, declared), learner, about=about)
    assert claims[f"{CLAIM}message_type"] == declared
    assert claims["sub"] == str(learner.pk)
    assert claims[f"{CLAIM}roles"] == []
    assert not {f"{CLAIM}resource_link", f"{CLAIM}context"} & set(claims)
    assert not [name for name in claims if "/lti-ags/" in name or "/lti-nrps/" in name]


def test_the_page_lists_tools_of_ones_courses_that_have_something_to_tell() -> None:
    learner = lena()
    link_for(learner, *ALL)
    text = browser_of(learner).get("/you/tools/").content.decode()
    assert "Its terms" in text
    assert "What it keeps of you" in text
    assert "No tool has such a page." in browser_of(mallory()).get("/you/tools/").content.decode()


def test_an_admin_opens_them_from_the_tools_page() -> None:
    link, person = link_for(lena(), *ALL), ada()
    page = reverse("tool-try", args=[link.deployment.registration_id])
    assert "Its terms" in browser_of(person).get(page).content.decode()
    assert told(link, person, about="terms")["sub"] == str(person.pk)


@pytest.mark.parametrize("about", ["terms", "data", "else"])
def test_what_a_tool_did_not_declare_is_not_there(about: str) -> None:
    learner = lena()
    assert ask(link_for(learner), learner, about=about).status_code == 404
    assert not Launch.objects.exists()


def test_a_tool_of_somebody_elses_course_is_not_there() -> None:
    assert ask(link_for(lena(), *ALL), mallory(), about="terms").status_code == 404


def test_who_left_the_course_is_told_no_more() -> None:
    learner = lena()
    link = link_for(learner, *ALL)
    Membership.objects.update(status="inactive")
    assert ask(link, learner, about="data").status_code == 404


def test_no_message_of_this_kind_is_started_with_a_link_or_undeclared(now: Any) -> None:
    learner = lena()
    link = link_for(learner, ALL[0])
    opening: dict[str, Any] = {
        "deployment": link.deployment,
        "person": learner,
        "session_key": "s",
        "now": now,
    }
    with pytest.raises(LinkUnwanted):
        start(message_type=ALL[0], resource_link=link, **opening)
    with pytest.raises(MessageNotDeclared):
        start(message_type=ALL[1], **opening)
