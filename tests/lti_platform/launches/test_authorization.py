"""The good path: what is kept, what is sent, and what it costs."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lti_platform.journal.models import Entry
from lti_platform.launches.models import Launch, LaunchStep
from lti_platform.launches.views.posting import form_action
from tests.factories import make_line_item, make_membership, make_person
from tests.lti_platform.launches.staging import Stage, claims_of, form_of, lena_starts, start

pytestmark = pytest.mark.django_db
P = "https://purl.imsglobal.org/spec/lti/claim/"
WORK = {"SELECT", "INSERT", "UPDATE", "DELETE"}


@pytest.fixture
def stage() -> Stage:
    return lena_starts()


def queries_of(stage: Stage) -> int:
    """How many queries the authorization request costs, without BEGIN, COMMIT and SAVEPOINT."""
    with CaptureQueriesContext(connection) as captured:
        assert "id_token" in form_of(stage.ask("POST")).fields
    return sum(query["sql"].split()[0] in WORK for query in captured)


def test_the_token_says_what_the_launch_is_about(stage: Stage) -> None:
    claims = claims_of(stage.ask())
    link, person = stage.link, stage.person
    assert claims["iss"] == "http://localhost:8000"
    assert claims["sub"] == str(person.pk)
    assert claims["name"] == "Lena Ruiz"
    assert claims["email"] == person.email
    assert claims[f"{P}message_type"] == "LtiResourceLinkRequest"
    assert claims[f"{P}version"] == "1.3.0"
    assert claims[f"{P}resource_link"] == {"id": str(link.pk), "title": link.title}
    assert claims[f"{P}context"]["title"] == "Refrigerant handling"
    assert claims[f"{P}tool_platform"]["guid"]


def test_the_tool_is_told_where_to_send_the_person_back(stage: Stage) -> None:
    shown = claims_of(stage.ask())[f"{P}launch_presentation"]
    assert shown["return_url"] == f"http://localhost:8000/lti/return/{stage.launch.reference}"
    assert shown["locale"] == "en"


def test_a_launch_sent_is_recorded_with_its_steps(stage: Stage) -> None:
    stage.ask()
    entry = Entry.objects.get(fact_type="launches.sent")
    assert entry.payload["launch_id"] == str(stage.launch.pk)
    assert (entry.actor_kind, entry.actor_id) == ("person", str(stage.person.pk))
    assert entry.organization_id == stage.person.organization_id
    names = list(LaunchStep.objects.values_list("name", flat=True))
    assert names == ["login_started", "request_received", "checked", "token_signed"]


def test_a_tool_that_errs_may_ask_again_correctly_in_time(stage: Stage) -> None:
    assert form_of(stage.ask(prompt="login")).fields["error"] == "invalid_request"
    stage.launch.refresh_from_db()
    assert (stage.launch.state, stage.launch.refusal) == (Launch.State.REFUSED, "prompt_wrong")
    assert "id_token" in form_of(stage.ask()).fields
    stage.launch.refresh_from_db()
    assert (stage.launch.state, stage.launch.refusal) == (Launch.State.SENT, "")


def test_the_error_names_the_reference_for_the_vendor(stage: Stage) -> None:
    description = form_of(stage.ask(prompt="login")).fields["error_description"]
    assert description == f"prompt must be none (reference {stage.launch.reference})"


def test_the_page_that_posts_may_post_to_the_tool_alone(stage: Stage) -> None:
    response = stage.ask()
    host = stage.launch.registration.domains[0]
    assert f"form-action 'self' {host};" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert "id_token" not in str(response.headers)


def test_a_window_that_passes_through_goes_on_knowing_its_opener(stage: Stage) -> None:
    again = start(stage.person, stage.link, browser=stage.browser)
    passing = [stage.browser.get(f"/lti/launch/{stage.link.pk}/"), again.ask(prompt="login"), again.ask()]
    passing += [again.ask(browser=Client(), method="POST"), again.ask(client_id="nobody")]
    assert {response.headers["Cross-Origin-Opener-Policy"] for response in passing} == {"unsafe-none"}


def test_a_tool_without_declared_domains_is_not_held_to_any(stage: Stage) -> None:
    registration = stage.launch.registration
    registration.domains = []
    assert form_action(registration, address="https://tool.example/launch") is None


def test_a_domain_cannot_smuggle_words_into_the_policy(stage: Stage) -> None:
    registration = stage.launch.registration
    registration.domains = ["tool.example; script-src *", "127.0.0.1:9001"]
    assert (
        form_action(registration, address="https://tool.example/launch")
        == "'self' 127.0.0.1:9001 tool.example"
    )


def test_a_launch_costs_at_most_twelve_queries_whoever_else_is_there(stage: Stage) -> None:
    make_line_item(stage.link)
    few = queries_of(stage)
    for _number in range(30):
        make_membership(make_person(), stage.link.context)
        make_line_item()
    assert few <= 12
    assert queries_of(start(stage.person, stage.link)) <= few


def test_a_launch_in_spanish_says_so(stage: Stage) -> None:
    stage.person.locale = "es"
    stage.person.save()
    claims = claims_of(stage.ask())
    assert claims["locale"] == claims[f"{P}launch_presentation"]["locale"] == "es"


def test_what_is_kept_of_a_launch_holds_no_secret_and_no_name(stage: Stage) -> None:
    response = stage.ask()
    kept = str(list(LaunchStep.objects.values_list("details", flat=True)))
    person, fields = stage.person, form_of(response).fields
    hidden = [fields["id_token"], stage.login["lti_message_hint"], "n-0S6_WzA2Mj", "af0ifjsldkj"]
    for word in [*hidden, person.family_name, person.email, person.employee_id]:
        assert word is not None
        assert word not in kept
    assert datetime.now(UTC) >= LaunchStep.objects.latest("at").at
