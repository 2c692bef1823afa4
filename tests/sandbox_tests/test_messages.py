"""What the tools accept as a launch, and what the proctoring tool says back."""

import time
from typing import Any

import jwt
import pytest

from tests.sandbox.lti import Tool
from tests.sandbox_tests.launching import Visitor
from tests.sandbox_tests.platform import CLAIM, CLIENT_ID, DEPLOYMENT_ID, PROCTORING, Platform
from tests.tool_keys import tool_key


@pytest.fixture
def lena(watch: Tool, platform: Platform) -> Visitor:
    """Lena's browser at the proctoring tool."""
    return Visitor(watch, platform)


def test_a_start_of_proctoring_opens_the_check_in(lena: Visitor, platform: Platform) -> None:
    landed = lena.launch(platform.start_proctoring())
    assert landed.status_code == 303
    assert "Turn on camera and microphone" in lena.get(landed.headers["Location"]).text


def test_the_page_speaks_the_language_of_the_launch(lena: Visitor, platform: Platform) -> None:
    spanish = {CLAIM + "launch_presentation": {"locale": "es-US"}}
    landed = lena.launch(platform.start_proctoring(**spanish))
    assert "Encender cámara y micrófono" in lena.get(landed.headers["Location"]).text


def test_the_session_is_of_the_browser_that_was_launched(
    lena: Visitor, platform: Platform, watch: Tool
) -> None:
    landed = lena.launch(platform.start_proctoring())
    mallory = Visitor(watch, platform)
    mallory.launch(platform.start_proctoring())
    assert mallory.get(landed.headers["Location"]).status_code == 404


def test_the_start_of_the_assessment_says_exactly_this(
    lena: Visitor, platform: Platform, watch: Tool
) -> None:
    landed = lena.launch(platform.start_proctoring())
    told = lena.post(landed.headers["Location"] + "/start", json={}).json()
    key = jwt.PyJWKSet.from_dict(watch.key.jwks)[jwt.get_unverified_header(told["JWT"])["kid"]]
    said = jwt.decode(told["JWT"], key, algorithms=["RS256"], audience=platform.url)
    assert told["action"] == f"{platform.url}/start"
    assert 0 < said.pop("exp") - said.pop("iat") < 540
    assert len(said.pop("nonce")) > 20
    assert said == {
        "iss": CLIENT_ID,
        "aud": platform.url,
        CLAIM + "message_type": "LtiStartAssessment",
        CLAIM + "version": "1.3.0",
        CLAIM + "deployment_id": DEPLOYMENT_ID,
        CLAIM + "resource_link": {"id": "link-1", "title": "EPA 608 Core"},
        PROCTORING + "session_data": "s3ss10n-data",
        PROCTORING + "attempt_number": 1,
        PROCTORING + "end_assessment_return": True,
        PROCTORING + "verified_user": {"given_name": "Lena", "family_name": "Ruiz", "name": "Lena Ruiz"},
    }


def test_who_came_without_a_name_is_not_said_to_be_verified(lena: Visitor, platform: Platform) -> None:
    claims = platform.start_proctoring()
    for name in ("name", "given_name", "family_name"):
        del claims[name]
    landed = lena.launch(claims)
    told = lena.post(landed.headers["Location"] + "/start", json={}).json()
    said = jwt.decode(told["JWT"], options={"verify_signature": False})
    assert PROCTORING + "verified_user" not in said


def test_an_end_of_the_assessment_finds_its_session(lena: Visitor, platform: Platform, watch: Tool) -> None:
    session = lena.launch(platform.start_proctoring()).headers["Location"]
    ended = lena.launch(platform.end_assessment(**{PROCTORING + "errormsg": "Time is up."}))
    assert ended.headers["Location"] == f"{session}/ended"
    assert "Time is up." in lena.get(f"{session}/ended").text
    assert lena.get(session).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({PROCTORING + "session_data": ""}, id="no session_data"),
        pytest.param({PROCTORING + "start_assessment_url": None}, id="no start_assessment_url"),
        pytest.param({PROCTORING + "attempt_number": None}, id="no attempt_number"),
        pytest.param({PROCTORING + "attempt_number": "1"}, id="attempt_number as text"),
        pytest.param({PROCTORING + "attempt_number": 0}, id="attempt_number 0"),
        pytest.param({CLAIM + "resource_link": {}}, id="no resource link"),
        pytest.param({CLAIM + "version": "1.0"}, id="another version"),
        pytest.param({CLAIM + "roles": None}, id="no roles"),
        pytest.param({CLAIM + "deployment_id": "d-9"}, id="unknown deployment"),
        pytest.param({CLAIM + "message_type": "LtiSomethingElse"}, id="unknown message"),
        pytest.param({"sub": ""}, id="nobody"),
        pytest.param({"aud": [CLIENT_ID, "somebody-else"]}, id="a second audience"),
        pytest.param({"aud": "somebody-else"}, id="another audience"),
        pytest.param({"iss": "http://localhost:1"}, id="another issuer"),
        pytest.param({"exp": 1}, id="expired"),
        pytest.param({"iat": int(time.time()) + 9000, "exp": int(time.time()) + 9300}, id="from the future"),
        pytest.param({"nonce": "made-up"}, id="unknown nonce"),
    ],
)
def test_a_launch_that_is_not_right_is_refused(
    lena: Visitor, platform: Platform, change: dict[str, Any]
) -> None:
    refused = lena.launch(platform.start_proctoring(**change))
    assert refused.status_code == 400
    assert "cannot be accepted" in refused.text


def test_a_launch_signed_by_another_key_is_refused(lena: Visitor, platform: Platform) -> None:
    asked = lena.log_in()
    now = int(time.time())
    claims = {**platform.start_proctoring(), "nonce": asked["nonce"], "iat": now, "exp": now + 60}
    forged = tool_key("mallory").sign(claims, headers={"kid": platform.key.kid})
    assert lena.land(asked, forged).status_code == 400


def test_a_launch_is_good_once(lena: Visitor, platform: Platform) -> None:
    asked = lena.log_in()
    token = platform.id_token(platform.start_proctoring(), nonce=asked["nonce"])
    assert lena.land(asked, token).status_code == 303
    assert lena.land(asked, token).status_code == 400


def test_a_launch_in_a_browser_that_did_not_ask_for_it_is_refused(
    lena: Visitor, platform: Platform, watch: Tool
) -> None:
    asked = lena.log_in()
    token = platform.id_token(platform.start_proctoring(), nonce=asked["nonce"])
    assert Visitor(watch, platform).land(asked, token).status_code == 400


def test_a_refusal_by_the_platform_is_shown(lena: Visitor) -> None:
    told = {"error": "login_required", "error_description": "<b>Sign in</b> first", "state": "s"}
    page = lena.post("/launch", data=told)
    assert page.status_code == 400
    assert "&lt;b&gt;Sign in" in page.text


def test_other_sites_cannot_post_to_a_session(lena: Visitor, platform: Platform) -> None:
    landed = lena.launch(platform.start_proctoring())
    answer = requests_from_elsewhere(lena, landed.headers["Location"] + "/start")
    assert answer == 403


def requests_from_elsewhere(lena: Visitor, path: str) -> int:
    """The status of a post that a page of Mallory's makes in Lena's browser."""
    import requests

    cookies = "; ".join(f"{name}={value}" for name, value in lena.cookies.items())
    headers = {"Cookie": cookies, "Origin": "https://mallory.example"}
    return requests.post(lena.tool.base_url + path, json={}, headers=headers, timeout=10).status_code


def test_next_pages_of_the_roster_keep_their_case(exams: Tool, platform: Platform) -> None:
    from tests.sandbox.assessment_tool.roster import members

    assert [one["user_id"] for one in members(exams, f"{platform.url}/memberships")] == ["lena-1"]
