"""Ada's pages: find a launch, see where it stopped and on whose side, and nothing of other companies."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lti_platform.launches import inspecting
from lti_platform.launches.models import Launch
from tests.factories import ada, make_organization, make_registration, mallory, pia
from tests.lti_platform.launches.staging import Stage, browser_of, lena_starts, make_course, start

pytestmark = pytest.mark.django_db
LIST = "/admin/launches/"


@pytest.fixture
def stage() -> Stage:
    return lena_starts()


@pytest.fixture
def adas() -> Client:
    return browser_of(ada())


def page(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_list_says_so_when_no_tool_was_opened(adas: Client) -> None:
    text = page(adas, LIST)
    assert "No tool was opened yet." in text
    assert "No launch was stopped in the last day." in text


def test_the_list_shows_who_opened_what_and_how_it_went(stage: Stage, adas: Client) -> None:
    stage.ask(prompt="login")
    text = page(adas, LIST)
    assert "1 launch was stopped in the last day." in text
    for word in (stage.launch.reference, "Lena Ruiz", "ProctorCo", "Stopped", "prompt_wrong"):
        assert word in text


@pytest.mark.parametrize("words", ["Lena", "ruiz", "ProctorCo", "Lena ProctorCo"])
def test_a_launch_is_found_by_person_and_tool(stage: Stage, adas: Client, words: str) -> None:
    assert stage.launch.reference in page(adas, f"{LIST}?q={words}")


def test_a_launch_is_found_by_its_reference_in_any_case(stage: Stage, adas: Client) -> None:
    assert stage.launch.reference in page(adas, f"{LIST}?q={stage.launch.reference.lower()}")


@pytest.mark.parametrize("query", ["q=Nobody", "state=sent", "tool=not-an-id&q=Nobody", "page=999&q=x"])
def test_filters_that_fit_nothing_say_so(stage: Stage, adas: Client, query: str) -> None:
    assert "No launch fits." in page(adas, f"{LIST}?{query}")


@pytest.mark.parametrize("query", ["q=%00", "state=nonsense", "tool=1%27", "page=x", f"q={'x' * 5000}"])
def test_filters_that_mean_nothing_are_left_out(stage: Stage, adas: Client, query: str) -> None:
    assert stage.launch.reference in page(adas, f"{LIST}?{query}")


def test_state_and_tool_narrow_the_list(stage: Stage, adas: Client) -> None:
    other = start(stage.person, make_course(stage.person))
    text = page(adas, f"{LIST}?tool={stage.launch.registration_id}&state=started")
    assert stage.launch.reference in text
    assert other.launch.reference not in text


def test_a_refusal_that_named_no_launch_is_found_by_its_reference(adas: Client) -> None:
    shown = Client().get("/lti/authorize?client_id=nobody").headers["X-Request-ID"]
    text = page(adas, f"{LIST}?q={shown}")
    assert "client_id_unknown" in text
    assert "nobody" in text


def test_ada_of_another_company_sees_none_of_it(stage: Stage) -> None:
    other = browser_of(ada(make_organization("Other Company")))
    assert stage.launch.reference not in page(other, LIST)
    assert other.get(f"{LIST}{stage.launch.reference}/").status_code == 404


def test_ada_of_another_company_is_offered_no_tool_of_this_one(stage: Stage, adas: Client) -> None:
    other = browser_of(ada(make_organization("Other Company")))
    assert "ProctorCo" not in page(other, LIST)
    assert "ProctorCo" in page(adas, LIST)


def test_tools_of_the_same_name_are_told_apart_and_waiting_ones_left_out(stage: Stage, adas: Client) -> None:
    for client_id in ("abcdefgh-1", "ijklmnop-1"):
        make_registration(name="Twin", client_id=client_id)
    make_registration(name="Waiting", state="pending", is_enabled=False)
    text = page(adas, LIST)
    assert all(words in text for words in ("Twin (abcdefgh)", "Twin (ijklmnop)"))
    assert "Waiting" not in text


@pytest.mark.parametrize("who", [pia, mallory])
def test_others_may_not_open_these_pages(stage: Stage, who: type) -> None:
    browser = browser_of(who())
    assert browser.get(LIST).status_code == 403
    assert browser.get(f"{LIST}{stage.launch.reference}/").status_code == 403


def test_a_wrong_redirect_address_is_shown_beside_the_nearest_registered_one(
    stage: Stage, adas: Client
) -> None:
    registered = stage.launch.registration.redirect_uris[0]
    stage.ask(redirect_uri=f"{registered}/")
    text = page(adas, f"{LIST}{stage.launch.reference}/")
    assert "Stopped at step 3 of 4: the redirect address is not registered." in text
    assert f"{registered}<mark>/</mark>" in text
    assert "A last slash counts." in text
    assert "Two ways to fix it" in text
    assert "not reached" in text


def test_a_launch_that_was_sent_shows_every_step_and_no_fix(stage: Stage, adas: Client) -> None:
    stage.ask()
    text = page(adas, f"{LIST}{stage.launch.reference}/")
    assert "ProctorCo got its token." in text
    sides = [str(line.side) for line in inspecting.timeline(stage.launch)]
    assert sides == ["ours", "theirs", "ours", "ours"]
    assert "Two ways to fix it" not in text
    assert "not reached" not in text


def test_a_tool_that_never_asked_is_told_from_one_that_may_still(stage: Stage, adas: Client) -> None:
    assert "has not asked for its token yet" in page(adas, f"{LIST}{stage.launch.reference}/")
    Launch.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert "never asked for its token" in page(adas, f"{LIST}{stage.launch.reference}/")


def test_a_launch_that_did_not_come_back_says_whose_side_that_is_and_what_to_do(
    stage: Stage, adas: Client
) -> None:
    text = page(adas, f"{LIST}{stage.launch.reference}/")
    assert "Side: theirs." in text
    assert "Two ways to fix it" in text
    assert f"/admin/tools/{stage.launch.registration_id}/check-up/" in text
    stage.ask()
    assert "check-up" not in page(adas, f"{LIST}{stage.launch.reference}/")


def test_the_text_for_the_vendor_names_no_person(stage: Stage) -> None:
    stage.ask(redirect_uri="https://mallory.example/")
    stage.ask()
    lines = inspecting.timeline(stage.launch)
    text = inspecting.as_text(stage.launch, lines=lines)
    for word in ("Lena", "Ruiz", stage.person.email, stage.person.employee_id, str(stage.person.pk)):
        assert str(word) not in text
    assert "redirect_uri_not_registered" in text


def test_what_a_tool_sent_is_shown_as_text(stage: Stage, adas: Client) -> None:
    stage.ask(redirect_uri='https://x.example/"><script>alert(1)</script>')
    assert "<script>alert" not in page(adas, f"{LIST}{stage.launch.reference}/")


def test_a_learner_reads_the_reference_that_ada_looks_up(stage: Stage, adas: Client) -> None:
    response = stage.ask(redirect_uri="https://mallory.example/")
    text = response.content.decode()
    assert "ProctorCo could not open." in text
    assert stage.launch.reference in text
    assert "mallory.example" in page(adas, f"{LIST}{stage.launch.reference}/")


def test_the_runs_of_a_difference_add_up_to_what_was_asked() -> None:
    pieces = inspecting.runs("https://a.example/launch/", nearest="https://a.example/launch")
    assert "".join(text for text, _differs in pieces) == "https://a.example/launch/"
    assert [text for text, differs in pieces if differs] == ["/"]


def test_rule_and_days_narrow_the_list(stage: Stage, adas: Client) -> None:
    stage.ask(prompt="login")
    today = timezone.localdate()
    hit, tomorrow = f"rule=PROMPT_WRONG&first={today}&last={today}", today + timedelta(days=1)
    assert stage.launch.reference in page(adas, f"{LIST}?{hit}")
    for query in ("rule=nonce_wrong", f"first={tomorrow}", f"last={today - timedelta(days=1)}"):
        assert "No launch fits." in page(adas, f"{LIST}?{query}")


@pytest.mark.parametrize("query", ["first=0000-00-00", "last=9999-12-31", "first=x", "rule=%00"])
def test_days_of_no_calendar_are_left_out(stage: Stage, adas: Client, query: str) -> None:
    assert stage.launch.reference in page(adas, f"{LIST}?{query}")


def test_ada_is_led_from_the_error_to_the_steps_and_lena_is_not(stage: Stage, adas: Client) -> None:
    wrong: dict[str, Any] = {"redirect_uri": "https://mallory.example/"}
    way = f"{LIST}?q={stage.launch.reference}"
    assert way not in stage.ask(**wrong).content.decode()
    assert way in stage.ask(browser=adas, **wrong).content.decode()
