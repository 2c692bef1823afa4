"""Hints, sessions and access at the authorization endpoint: a launch belongs to one person, browser and moment."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from lti_platform.courses.memberships import suspend
from lti_platform.journal.models import Entry
from lti_platform.launches.models import Launch
from tests.attacks.authorizing import refused_to_the_tool
from tests.factories import make_membership, make_registration, mallory
from tests.lti_platform.launches.staging import Stage, ask, browser_of, form_of, lena_starts, start


@pytest.fixture
def stage(db: None) -> Stage:
    """Lena has opened ProctorCo; her browser stands before its login address."""
    return lena_starts()


@pytest.mark.parametrize(
    "whose", [pytest.param("session", id="case-013 login_hint of another user, their session")]
)
def test_the_hints_of_lena_are_no_use_in_mallorys_session(stage: Stage, whose: str) -> None:
    thief = mallory()
    make_membership(thief, stage.link.context)
    response = stage.ask(browser=browser_of(thief))
    refused_to_the_tool(response, stage, error="login_required", rule=f"{whose}_of_another")


@pytest.mark.parametrize("whose", [pytest.param("login_hint", id="case-013 login_hint of another user")])
def test_a_login_hint_of_someone_else_is_refused(stage: Stage, whose: str) -> None:
    thief = mallory()
    make_membership(thief, stage.link.context)
    theirs = start(thief, stage.link)
    response = theirs.ask(login_hint=stage.login["login_hint"])
    refused_to_the_tool(response, theirs, error="login_required", rule=f"{whose}_of_another")


@pytest.mark.parametrize("whose", [pytest.param("session", id="case-013 another session of the same person")])
def test_a_launch_ends_in_the_session_that_began_it(stage: Stage, whose: str) -> None:
    response = stage.ask(browser=browser_of(stage.person))
    refused_to_the_tool(response, stage, error="login_required", rule=f"{whose}_of_another")


@pytest.mark.parametrize("method", [pytest.param("GET", id="case-014 no platform session")])
def test_without_a_session_the_tool_is_told_and_no_one_is_asked_to_sign_in(stage: Stage, method: str) -> None:
    response = stage.ask(method, browser=Client())
    refused_to_the_tool(response, stage, error="login_required", rule="no_session")
    assert b"password" not in response.content


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(lambda hint: hint[:-1], id="case-016 a character short"),
        pytest.param(lambda hint: hint.swapcase(), id="case-016 case changed"),
        pytest.param(lambda hint: f"{hint}.", id="case-016 something appended"),
    ],
)
def test_an_altered_hint_is_unknown(stage: Stage, alter: Callable[[str], str]) -> None:
    response = stage.ask(lti_message_hint=alter(stage.login["lti_message_hint"]))
    refused_to_the_tool(response, stage, error="invalid_request", rule="lti_message_hint_unknown")


@pytest.mark.parametrize("ago", [pytest.param(timedelta(seconds=1), id="case-017 hint expired")])
def test_an_expired_hint_is_refused(stage: Stage, ago: timedelta) -> None:
    Launch.objects.update(expires_at=datetime.now(UTC) - ago)
    refused_to_the_tool(stage.ask(), stage, error="invalid_request", rule="lti_message_hint_expired")


@pytest.mark.parametrize(
    "method", [pytest.param("GET", id="case-018 replay"), pytest.param("POST", id="case-018 POST")]
)
def test_a_hint_is_good_once(stage: Stage, method: str) -> None:
    assert "id_token" in form_of(stage.ask(method)).fields
    again = form_of(stage.ask(method))
    assert again.fields["error"] == "invalid_request"
    assert "id_token" not in again.fields
    stage.launch.refresh_from_db()
    assert stage.launch.state == Launch.State.SENT
    assert Entry.objects.filter(fact_type="launches.sent").count() == 1


@pytest.mark.parametrize(
    "name", [pytest.param("Other Tool", id="case-019 hint of client A with client_id B")]
)
def test_a_hint_of_one_tool_is_no_use_to_another(stage: Stage, name: str) -> None:
    other = make_registration(name)
    response = stage.ask(client_id=other.client_id, redirect_uri=other.redirect_uris[0])
    form = form_of(response)
    assert form.action == other.redirect_uris[0]
    assert form.fields["error"] == "invalid_request"
    assert stage.unspent()
    rule = "lti_message_hint_of_another_client"
    assert Entry.objects.filter(fact_type="security.refused", payload__rule=rule).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_once", [pytest.param(6, id="case-020 same hint submitted concurrently")])
def test_of_many_requests_at_once_exactly_one_gets_a_token(at_once: int) -> None:
    stage = lena_starts()
    cookies, answers = stage.browser.cookies, []
    gate = threading.Barrier(at_once)

    def submit() -> None:
        browser = Client()
        browser.cookies = cookies
        gate.wait()
        try:
            answers.append(form_of(ask(browser, stage.request(), method="POST")).fields)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("id_token" in fields for fields in answers) == 1
    assert sum(fields.get("error") == "invalid_request" for fields in answers) == at_once - 1
    assert Entry.objects.filter(fact_type="launches.sent").count() == 1


@pytest.mark.parametrize("method", [pytest.param("POST", id="case-025 cross-site POST without cookies")])
def test_a_cross_site_post_is_asked_once_to_come_again_from_our_site(stage: Stage, method: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    response = stage.ask(method, browser=stranger)
    again = form_of(response)
    assert response.status_code == 200
    assert again.action == "/lti/authorize"
    assert not response.cookies
    assert stage.unspent()
    assert "id_token" in form_of(ask(stage.browser, again.fields, method="POST")).fields


@pytest.mark.parametrize("method", [pytest.param("POST", id="case-025 still without cookies")])
def test_a_post_that_came_again_without_a_session_is_refused(stage: Stage, method: str) -> None:
    again = form_of(stage.ask(method, browser=Client())).fields
    response = ask(Client(), again, method=method)
    refused_to_the_tool(response, stage, error="login_required", rule="no_session")


@pytest.mark.parametrize("method", [pytest.param("GET", id="case-025 a frame of another site")])
def test_a_get_in_a_frame_of_another_site_is_asked_to_come_again_too(stage: Stage, method: str) -> None:
    headers = {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_DEST": "iframe"}
    response = ask(Client(), stage.request(), method=method, **headers)
    assert form_of(response).fields["repost"] == "1"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def switch_off_the_registration(stage: Stage) -> None:
    stage.launch.registration.is_enabled = False
    stage.launch.registration.save()


def switch_off_the_deployment(stage: Stage) -> None:
    stage.launch.deployment.is_enabled = False
    stage.launch.deployment.save()


def deploy_it_elsewhere(stage: Stage) -> None:
    stage.launch.deployment.organization = mallory().organization
    stage.launch.deployment.save()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(switch_off_the_registration, id="case-026 registration disabled"),
        pytest.param(switch_off_the_deployment, id="case-026 deployment removed"),
        pytest.param(deploy_it_elsewhere, id="case-026 deployed elsewhere"),
    ],
)
def test_a_tool_switched_off_in_between_gets_no_token(stage: Stage, change: Callable[[Stage], None]) -> None:
    change(stage)
    refused_to_the_tool(stage.ask(), stage, error="unauthorized_client", rule="tool_switched_off")


def leave_the_course(stage: Stage) -> None:
    suspend(stage.person, stage.link.context, now=datetime.now(UTC))


def lose_the_job(stage: Stage) -> None:
    stage.person.contract_end = timezone.localdate() - timedelta(days=1)
    stage.person.save()


def remove_the_link(stage: Stage) -> None:
    stage.link.removed_at = datetime.now(UTC)
    stage.link.save()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(leave_the_course, id="case-027 place in the course lost"),
        pytest.param(lose_the_job, id="case-027 contract ended"),
        pytest.param(remove_the_link, id="case-027 link removed"),
    ],
)
def test_a_person_who_lost_access_in_between_gets_no_token(
    stage: Stage, change: Callable[[Stage], None]
) -> None:
    change(stage)
    refused_to_the_tool(stage.ask(), stage, error="access_denied", rule="access_lost")
