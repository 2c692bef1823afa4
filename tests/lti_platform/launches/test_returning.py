"""Coming back from a tool: four parameters, plain text, and no way off the site."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lti_platform.launches import returning
from lti_platform.launches.models import Launch, LaunchStep
from lti_platform.launches.steps import TOOL_RETURNED
from tests.factories import mallory
from tests.lti_platform.launches.staging import Stage, browser_of, lena_starts

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def sent(db: None) -> Stage:
    """A launch whose tool got its token."""
    stage = lena_starts()
    stage.ask()
    return stage


def come_back(stage: Stage, appended: str, *, browser: Client | None = None) -> Any:
    return (browser or stage.browser).get(f"/lti/return/{stage.launch.reference}{appended}")


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("7K3-QF2?lti_msg=Done", "Done"),
        ("7K3-QF2&lti_msg=Done", "Done"),
        ("7K3-QF2/?lti_msg=Done", "Done"),
        ("7K3-QF2?&lti_msg=Done", "Done"),
        ("7K3-QF2?a=b?lti_msg=Done", "Done"),
        ("7K3-QF2?lti_msg=Done&lti_msg=Twice", "Done"),
        ("7K3-QF2?lti_msg=Why%3F+Because%26so", "Why? Because&so"),
        ("7K3-QF2?lti_msg=Why?", "Why?"),
        ("7K3-QF2?other=Done", ""),
        ("7K3-QF2", ""),
    ],
)
def test_words_are_read_however_they_were_appended(rest: str, message: str) -> None:
    reference, words = returning.split(rest)
    assert reference == "7K3-QF2"
    assert words.message == message


@pytest.mark.parametrize(
    "name",
    [pytest.param("lti_msg", id="case-211 script"), pytest.param("lti_errormsg", id="case-211 error")],
)
def test_a_script_is_shown_as_text(sent: Stage, name: str) -> None:
    response = come_back(sent, f"?{name}={SCRIPT}")
    assert SCRIPT.encode() not in response.content
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in response.content


@pytest.mark.parametrize(
    "name",
    [pytest.param("return_url", id="case-211 off-site redirect"), pytest.param("next", id="case-211 next")],
)
def test_no_parameter_leads_off_the_site(sent: Stage, name: str) -> None:
    response = come_back(sent, f"?{name}=https://mallory.example/")
    assert response.status_code == 200
    assert b'href="https://mallory.example' not in response.content


@pytest.mark.parametrize(
    "address",
    [pytest.param("https://mallory.example/", id="case-211 a launch with a bad address")],
)
def test_a_launch_never_leads_off_the_site(sent: Stage, address: str) -> None:
    Launch.objects.update(return_url=address)
    assert come_back(sent, "").status_code == 200


def test_a_return_without_words_goes_on_to_the_page_it_came_from(sent: Stage) -> None:
    Launch.objects.update(return_url="/attempts/1/")
    response = come_back(sent, "")
    assert (response.status_code, response.headers["Location"]) == (302, "/attempts/1/")


@pytest.mark.parametrize(
    "name",
    [pytest.param("lti_errormsg", id="case-173 lti_errormsg")],
)
def test_an_error_is_shown_and_kept_as_a_step(
    sent: Stage, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = come_back(sent, f"?{name}=No+camera&lti_errorlog=E42%0Aforged+line")
    assert "No camera" in response.content.decode()
    assert sent.launch.reference in response.content.decode()
    step = LaunchStep.objects.get(name=TOOL_RETURNED)
    assert not step.succeeded
    assert step.details == {"lti_errormsg": "No camera", "lti_errorlog": "E42\ufffdforged line"}
    assert "E42\ufffdforged line" in caplog.text


def test_a_stranger_who_knows_the_reference_changes_nothing_and_reads_nothing(
    sent: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    for browser in (Client(), browser_of(mallory())):
        response = come_back(sent, "?lti_errormsg=Call+555&lti_log=forged", browser=browser)
        assert response.status_code == 200
        assert [
            word for word in ("Call 555", sent.link.context.title) if word in response.content.decode()
        ] == []
    assert "forged" not in caplog.text
    assert not LaunchStep.objects.filter(name=TOOL_RETURNED).exists()


def test_without_a_session_no_cookie_is_set(sent: Stage) -> None:
    assert not come_back(sent, "?lti_msg=Done", browser=Client()).cookies


@pytest.mark.parametrize("reference", ["AAA-AAA", "x", "7K3-QF2'--", "%00", "../../admin"])
def test_an_unknown_reference_is_not_found(sent: Stage, reference: str) -> None:
    assert sent.browser.get(f"/lti/return/{reference}?lti_msg=x").status_code == 404


def test_a_launch_that_was_not_sent_has_nothing_to_come_back_from(db: None) -> None:
    assert come_back(lena_starts(), "?lti_msg=x").status_code == 404


def test_a_return_by_post_is_not_allowed(sent: Stage) -> None:
    assert sent.browser.post(f"/lti/return/{sent.launch.reference}").status_code == 405


def test_spanish_speakers_read_spanish(sent: Stage) -> None:
    sent.person.locale = "es"
    sent.person.save()
    assert '<html lang="es">' in come_back(sent, "?lti_msg=Listo").content.decode()


def test_the_return_from_a_frame_is_asked_for_again_by_our_own_page(sent: Stage) -> None:
    from_the_frame = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}
    address = f"/lti/return/{sent.launch.reference}?lti_msg=Done"
    first = Client().get(address, headers=from_the_frame)
    assert first.headers["Refresh"] == f"0; url={address}"
    assert not LaunchStep.objects.filter(launch=sent.launch, name=TOOL_RETURNED).exists()
    again = Client().get(address, headers={**from_the_frame, "Sec-Fetch-Site": "same-origin"})
    assert "Refresh" not in again.headers


def test_in_a_frame_the_way_on_leads_out_of_it(sent: Stage) -> None:
    Launch.objects.update(return_url=f"{settings.PLATFORM_URL}/learn/")
    headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"}
    response = sent.browser.get(f"/lti/return/{sent.launch.reference}", headers=headers)
    assert response.status_code == 200
    assert f'href="{settings.PLATFORM_URL}/learn/" target="_top"' in response.content.decode()
