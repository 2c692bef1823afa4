"""A launch on stage: Lena's browser, a tool that asks as tools do, and the forms our pages would post."""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from django.test import Client
from django.urls import reverse

from keys.rotation import ensure_keys
from lti_platform.courses.models import ResourceLink
from lti_platform.launches.models import Launch
from lti_platform.people.models import Person
from tests.factories import lena, make_context, make_deployment, make_link, make_membership, make_registration

FORM = "application/x-www-form-urlencoded"


def browser_of(person: Person) -> Client:
    """A browser in which this person is signed in, held to CSRF as a real one is."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


@dataclass
class PostedForm:
    """The one form of an auto-post page: where it goes and what it carries."""

    action: str
    fields: dict[str, str]


def form_of(response: Any) -> PostedForm:
    """Reads the form as a browser would."""
    page = response.content.decode()
    found = re.search(r'<form[^>]*action="([^"]*)"[^>]*data-auto-submit', page)
    assert found, "the page has no form that posts itself"
    inputs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page, flags=re.DOTALL)
    fields = {html.unescape(name): html.unescape(value) for name, value in inputs}
    return PostedForm(action=html.unescape(found[1]), fields=fields)


def claims_of(response: Any) -> dict[str, Any]:
    """The claims of the id_token in the page, verified against our published key set."""
    token = form_of(response).fields["id_token"]
    published = jwt.PyJWKSet.from_dict(Client().get("/.well-known/jwks.json").json())
    key = published[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})


@dataclass
class Stage:
    """One launch that was started, and the request its tool would send."""

    browser: Client
    person: Person
    link: ResourceLink
    launch: Launch
    login: dict[str, str] = field(default_factory=dict)

    def request(self, **changes: str | None) -> dict[str, str]:
        """A good authentication request with `changes`; None leaves a parameter out."""
        registration = self.launch.registration
        good: dict[str, str | None] = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": registration.client_id,
            "redirect_uri": registration.redirect_uris[0],
            "login_hint": self.login["login_hint"],
            "lti_message_hint": self.login["lti_message_hint"],
            "nonce": "n-0S6_WzA2Mj",
            "state": "af0ifjsldkj",
        }
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def ask(self, method: str = "GET", *, browser: Client | None = None, **changes: str | None) -> Any:
        """Sends the request by GET or POST from Lena's browser, or from another."""
        return ask(browser or self.browser, self.request(**changes), method=method)

    def unspent(self) -> bool:
        """Whether the hint could still be used, and nothing says that a token was sent."""
        self.launch.refresh_from_db()
        return self.launch.consumed_at is None and self.launch.state != Launch.State.SENT


def ask(browser: Client, parameters: Any, *, method: str = "GET", **headers: Any) -> Any:
    """One request to the authorization endpoint; `parameters` is a mapping or pairs."""
    sent = urlencode(parameters)
    if method == "GET":
        return browser.get(f"/lti/authorize?{sent}", **headers)
    return browser.generic(method, "/lti/authorize", sent, content_type=FORM, **headers)


def login_of(response: Any) -> dict[str, str]:
    """The parameters of a redirect to a tool's login address."""
    assert response.status_code == 302, response.content
    return dict(parse_qsl(urlsplit(response.headers["Location"]).query))


def make_course(person: Person, *roles: str, **registration: Any) -> ResourceLink:
    """A course with a tool's link in it and a place for the person."""
    link = make_link(make_context(), make_deployment(make_registration("ProctorCo", **registration)))
    make_membership(person, link.context, *roles)
    return link


def start(person: Person, link: ResourceLink, *, browser: Client | None = None) -> Stage:
    """The person opens the link; their browser stands before the tool's login address."""
    browser = browser or browser_of(person)
    login = login_of(browser.get(reverse("launch-link", args=[link.pk])))
    launch = Launch.objects.get(pk=login["login_hint"])
    return Stage(browser=browser, person=person, link=link, launch=launch, login=login)


def lena_starts(**registration: Any) -> Stage:
    """Lena opens a tool of her course."""
    ensure_keys(now=datetime.now(UTC))
    person = lena()
    return start(person, make_course(person, **registration))
