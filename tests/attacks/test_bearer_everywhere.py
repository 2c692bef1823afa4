"""Section D once more, at the services themselves: none has a door of its own."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from gradebook.models import LineItem, Score
from lti_platform.tools import scopes
from tests.attacks.asking_for_tokens import Answer, TokenSeeker, seeker
from tests.factories import make_context, make_deployment, make_line_item, make_link, make_registration

pytestmark = pytest.mark.django_db

DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"


@dataclass(frozen=True)
class Service:
    """One method of one service; `scope` opens it, `wrong` is the nearest that must not."""

    name: str
    method: str
    scope: str
    wrong: str

    def path(self, item: LineItem) -> str:
        """Its address in the course of this line item."""
        arguments: list[Any] = [item.context_id]
        if self.name in {"ags-lineitem", "ags-scores", "ags-results"}:
            arguments.append(item.pk)
        if self.name in {"assessment-control", "api-1:proctoring-flags", "api-1:proctoring-end"}:
            arguments = [uuid4()]
        return reverse(self.name, args=arguments)


SERVICES = [
    Service("ags-lineitems", "GET", scopes.LINEITEM_READONLY, scopes.SCORE),
    Service("ags-lineitems", "POST", scopes.LINEITEM, scopes.LINEITEM_READONLY),
    Service("ags-lineitem", "GET", scopes.LINEITEM_READONLY, scopes.RESULT_READONLY),
    Service("ags-lineitem", "PUT", scopes.LINEITEM, scopes.LINEITEM_READONLY),
    Service("ags-lineitem", "DELETE", scopes.LINEITEM, scopes.LINEITEM_READONLY),
    Service("ags-scores", "POST", scopes.SCORE, scopes.LINEITEM),
    Service("ags-results", "GET", scopes.RESULT_READONLY, scopes.SCORE),
    Service("nrps-memberships", "GET", scopes.MEMBERSHIP_READONLY, scopes.RESULT_READONLY),
    Service("assessment-control", "POST", scopes.ACS_CONTROL, scopes.FLAGS),
    Service("api-1:proctoring-flags", "POST", scopes.FLAGS, scopes.EVIDENCE),
    Service("api-1:proctoring-end", "POST", scopes.FLAGS, scopes.EVIDENCE),
]


def every(case: str) -> pytest.MarkDecorator:
    """The test at every service, its id carrying the case."""
    named = [pytest.param(one, id=f"{case} {one.method} {one.name}") for one in SERVICES]
    return pytest.mark.parametrize("service", named)


@pytest.fixture
def tool() -> TokenSeeker:
    return seeker(make_registration())


@pytest.fixture
def item(tool: TokenSeeker) -> LineItem:
    """A line item of the tool, in a course where it has a link."""
    return make_line_item(make_link(deployment=make_deployment(tool.registration)))


def call(service: Service, item: LineItem, authorization: str | None) -> Answer:
    headers: dict[str, Any] = {} if authorization is None else {"HTTP_AUTHORIZATION": authorization}
    client = Client(enforce_csrf_checks=True)
    answer: Answer = client.generic(
        service.method, service.path(item), data="{}", content_type="application/json", **headers
    )
    return answer


@every("case-076")
def test_without_a_token_the_service_is_closed(service: Service, item: LineItem) -> None:
    answer = call(service, item, None)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="lti"')


@every("case-077")
def test_a_random_token_opens_no_service(service: Service, item: LineItem) -> None:
    answer = call(service, item, "Bearer random.random.random")
    assert (answer.status_code, 'error="invalid_token"' in answer["WWW-Authenticate"]) == (401, True)


@every("case-078")
def test_the_nearest_scope_is_not_enough(service: Service, tool: TokenSeeker, item: LineItem) -> None:
    answer = call(service, item, tool.bearer(service.wrong))
    assert (answer.status_code, 'error="insufficient_scope"' in answer["WWW-Authenticate"]) == (403, True)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-079 one token, two courses")])
def test_a_token_is_good_in_every_course_of_its_tool(_case: int, tool: TokenSeeker, item: LineItem) -> None:
    elsewhere = make_line_item(make_link(make_context(label="REF-2"), item.deployment))
    held = tool.bearer(scopes.LINEITEM)
    assert [call(SERVICES[0], one, held).status_code for one in (item, elsewhere)] == [200, 200]


@every("case-080")
def test_the_token_of_another_tool_finds_nothing(service: Service, item: LineItem) -> None:
    mallory = seeker(make_registration("Mallory's Tool"))
    answer = call(service, item, mallory.bearer())
    assert answer.status_code in {400, 404, 422}
    item.refresh_from_db()
    assert (item.deleted_at, LineItem.objects.count(), Score.objects.count()) == (None, 1, 0)


@every("case-081")
def test_a_token_bound_to_one_deployment_finds_nothing_of_another(
    service: Service, tool: TokenSeeker, item: LineItem
) -> None:
    other = make_deployment(tool.registration)
    answer = call(service, item, tool.bearer(**{DEPLOYMENT: other.deployment_id}))
    assert answer.status_code in {400, 404, 422}
    item.refresh_from_db()
    assert (item.deleted_at, LineItem.objects.count(), Score.objects.count()) == (None, 1, 0)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-214 one tool registered twice")])
def test_two_registrations_of_one_tool_do_not_share(_case: int, item: LineItem) -> None:
    twin = seeker(make_registration(item.deployment.registration.name))
    assert call(SERVICES[0], item, twin.bearer()).status_code == 404
