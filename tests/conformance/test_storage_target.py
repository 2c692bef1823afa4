"""OIDC Login with Client Side postMessages (base document, 0.1), clause by clause: what a launch says."""

import pytest
from django.conf import settings
from django.urls import reverse

from lti_platform.launches.models import Launch
from lti_platform.launches.storing import origins
from lti_platform.tools.addresses import absolute
from tests.conformance.clauses import clause
from tests.factories import lena
from tests.lti_platform.launches.staging import Stage, browser_of, form_of, login_of, make_course

pytestmark = pytest.mark.django_db


def opened(name: str) -> Stage:
    """Lena's tool, opened from this address."""
    person = lena()
    browser, link = browser_of(person), make_course(person)
    login = login_of(browser.get(reverse(name, args=[link.pk])))
    return Stage(browser, person, link, Launch.objects.get(pk=login["login_hint"]), login)


@clause("cs-oidc the login initiation names the storage target")
@pytest.mark.parametrize("name", ["launch-framed", "launch-beside"])
def test_the_login_names_it(name: str, clause: str) -> None:
    assert opened(name).login["lti_storage_target"] == "_parent"


@clause("cs-oidc the authentication response names it again")
def test_the_token_comes_with_it(clause: str) -> None:
    assert form_of(opened("launch-framed").ask()).fields["lti_storage_target"] == "_parent"


@clause("cs-oidc without platform storage the parameter is absent")
def test_it_is_absent_where_nothing_is_kept(clause: str) -> None:
    assert "lti_storage_target" not in opened("launch-link").login


@clause("cs-oidc the listening page has the origin of the authorization endpoint")
def test_the_page_that_listens_is_of_our_origin(clause: str) -> None:
    stage = opened("launch-framed")
    page = stage.browser.get(reverse("link-page", args=[stage.link.pk])).content.decode()
    assert f'data-origins="{" ".join(origins(stage.launch.registration))}"' in page
    assert absolute(reverse("lti-authorize")).startswith(f"{settings.PLATFORM_URL}/")
    assert absolute(reverse("link-page", args=[stage.link.pk])).startswith(f"{settings.PLATFORM_URL}/")
