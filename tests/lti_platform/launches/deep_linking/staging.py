"""Ada asks a tool for content; the tool answers as tools do, or as Mallory would."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.urls import reverse

from lti_platform.courses.models import Context, ResourceLink
from lti_platform.launches.deep_linking.asking import CLAIM
from lti_platform.launches.models import ContentItem, ContentRequest, Launch
from lti_platform.people.models import Person
from lti_platform.tools.models import Deployment
from tests.factories import ada, make_context, make_deployment, make_registration
from tests.lti_platform.launches.staging import ask, browser_of, claims_of, form_of
from tests.tool_keys import ToolKey, tool_key

RETURN = "/lti/deep-linking/return"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
MESSAGES = [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}]
LEFT_OUT: Any = ...


@dataclass
class Picking:
    """Ada's browser, where the tool is open and asks what to give the course."""

    browser: Client
    person: Person
    course: Context
    tool: Deployment
    launch: Launch
    claims: dict[str, Any]

    @property
    def host(self) -> str:
        """Where the tool lives."""
        return str(self.tool.registration.domains[0])

    @property
    def settings(self) -> dict[str, Any]:
        """What the tool was told that we accept."""
        return dict(self.claims[CLAIM])

    @property
    def request(self) -> ContentRequest:
        return ContentRequest.objects.get(launch=self.launch)

    def link(self, **members: Any) -> dict[str, Any]:
        """A link of the tool as an item; `...` leaves a member out."""
        item = {"type": "ltiResourceLink", "title": "Quiz 3", "url": f"https://{self.host}/quiz/3", **members}
        return {name: value for name, value in item.items() if value is not LEFT_OUT}

    def answer(self, items: Any = LEFT_OUT, **changes: Any) -> dict[str, Any]:
        """A good answer with these items and `changes`: claims by full or short name, `...` leaves one out."""
        at = int(datetime.now(UTC).timestamp())
        good: dict[str, Any] = {
            "iss": self.tool.registration.client_id,
            "aud": [settings.PLATFORM_URL],
            "iat": at,
            "exp": at + 600,
            "nonce": uuid4().hex,
            f"{LTI}deployment_id": self.tool.deployment_id,
            f"{LTI}message_type": "LtiDeepLinkingResponse",
            f"{LTI}version": "1.3.0",
            f"{DL}data": self.settings["data"],
            f"{DL}content_items": items,
        }
        named = {full_name(name, known=good): value for name, value in changes.items()}
        return {name: value for name, value in {**good, **named}.items() if value is not LEFT_OUT}

    def token(
        self, items: Any = LEFT_OUT, *, key: ToolKey | None = None, headers: Any = None, **changes: Any
    ) -> str:
        """The answer, signed by the tool or by another key."""
        return (key or tool_key()).sign(self.answer(items, **changes), headers=headers)

    def give(self, items: Any = LEFT_OUT, **changes: Any) -> Any:
        """Posts the answer from Ada's browser."""
        return self.post(self.token(items, **changes))

    def post(self, token: str | None, *, browser: Client | None = None) -> Any:
        """Posts any token from Ada's browser or another."""
        return (browser or self.browser).post(RETURN, {} if token is None else {"JWT": token})

    def stored_nothing(self) -> bool:
        """Whether everything is as if no answer had come."""
        asked = self.request
        untouched = asked.state == ContentRequest.State.OPEN and asked.used_at is None and asked.items == []
        return untouched and not ContentItem.objects.exists() and not self.links().exists()

    def links(self) -> Any:
        """The tool's links in the course."""
        return ResourceLink.objects.filter(context=self.course, deployment=self.tool)

    def press(self, name: str) -> Any:
        """Ada presses a button of the page that shows what came back: "add" or "discard"."""
        return press(self.browser, reverse(f"content-{name}", args=[self.request.pk]))


def full_name(name: str, *, known: dict[str, Any]) -> str:
    """The claim's whole name: `data` is one of Deep Linking, `version` one of LTI."""
    if name == "azp":
        return name
    return next((f"{prefix}{name}" for prefix in ("", LTI, DL) if f"{prefix}{name}" in known), f"{DL}{name}")


def press(browser: Client, address: str) -> Any:
    """Posts as a button of our own page would."""
    browser.get("/you/")
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    return browser.post(address, {"csrfmiddlewaretoken": token})


def picking(person: Person | None = None, **registration: Any) -> Picking:
    """Ada has opened a tool from the page of a course's content, and it got its token."""
    person = person or ada()
    course = make_context()
    tool = make_deployment(make_registration("Coldline", **{"messages": MESSAGES, **registration}))
    browser = browser_of(person)
    return opened(browser, press(browser, reverse("content-ask", args=[course.pk, tool.pk])), course, tool)


def opened(browser: Client, answer: Any, course: Context, tool: Deployment) -> Picking:
    """The tool, after the page that posts to its login address."""
    login = form_of(answer).fields
    launch = Launch.objects.select_related("person").get(pk=login["login_hint"])
    registration = tool.registration
    response = ask(
        browser,
        {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": registration.client_id,
            "redirect_uri": registration.redirect_uris[0],
            "login_hint": login["login_hint"],
            "lti_message_hint": login["lti_message_hint"],
            "nonce": uuid4().hex,
        },
    )
    return Picking(browser, launch.person, course, tool, launch, claims_of(response))
