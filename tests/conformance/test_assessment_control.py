"""Assessment Control Service (Proctoring Services 1.0), clause by clause."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lti_platform.journal.working import run_due
from lti_platform.tools import scopes
from proctoring.models import Incident
from proctoring.transitions import State
from tests.calling import make_tool
from tests.proctoring.browsing import BrowserDay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("action", "status"),
    [("flag", "running"), ("update", "running"), ("pause", "paused"), ("terminate", "terminated")],
    ids=["control flag", "control update", "control pause", "control terminate"],
)
def test_control_answers_the_state_after_it(running: BrowserDay, action: str, status: str) -> None:
    answer = running.control(action)
    assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert answer["Content-Type"] == "application/vnd.ims.lti-ap.v1.control+json"


@pytest.mark.parametrize(
    "member",
    ["user", "resource_link", "attempt_number", "action", "incident_time"],
    ids="control requires {}".format,
)
def test_control_requires(running: BrowserDay, member: str) -> None:
    assert running.control("terminate", **{member: None}).status_code == 400
    assert running.day.state == State.RUNNING


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"user": {"iss": "us"}}, 400, id="control user.sub is required"),
        pytest.param({"user": {"sub": "her"}}, 200, id="control user.iss may be absent"),
        pytest.param({"user": {"sub": "her", "iss": "us"}}, 200, id="control user.iss is ours"),
        pytest.param({"user": {"sub": "her", "iss": "https://o.test"}}, 400, id="control user.iss not ours"),
        pytest.param({"incident_time": "2018-02-01T10:45:33Z"}, 200, id="control incident_time ISO 8601"),
        pytest.param({"incident_time": "yesterday"}, 400, id="control incident_time no words"),
        pytest.param({"incident_severity": 0.0}, 200, id="control incident_severity 0"),
        pytest.param({"incident_severity": 1.0}, 200, id="control incident_severity 1"),
        pytest.param({"incident_severity": "0.1"}, 200, id="control incident_severity as text"),
        pytest.param({"incident_severity": 1.01}, 400, id="control incident_severity above 1"),
        pytest.param({"reason_code": "1", "reason_msg": "Phone."}, 200, id="control reason_code reason_msg"),
        pytest.param({"action": "grade"}, 400, id="control an action not advertised"),
        pytest.param({"attempt_number": "1"}, 400, id="control attempt_number is an integer"),
        pytest.param({"attempt_number": 2}, 404, id="control an attempt that is not there"),
    ],
)
def test_control_judges(running: BrowserDay, changes: dict[str, Any], status: int) -> None:
    known = {"her": str(running.day.person.pk), "us": running.day.control_body("flag")["user"]["iss"]}
    if user := changes.get("user"):
        changes = {"user": {name: known.get(value, value) for name, value in user.items()}}
    answer = running.tool.post(running.control_url, {**running.day.control_body("flag"), **changes})
    assert (answer.status_code, Incident.objects.count()) == (status, int(status == 200))


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        pytest.param("application/vnd.ims.lti-ap.v1.control+json", 200, id="control its media type"),
        pytest.param("application/json", 200, id="control plain JSON"),
        pytest.param("text/plain", 415, id="control another media type"),
    ],
)
def test_control_takes_its_media_type(running: BrowserDay, media_type: str, status: int) -> None:
    body = running.day.control_body("pause")
    answer = running.tool.post(running.control_url, body, content_type=media_type)
    assert (answer.status_code, running.day.state == State.PAUSED) == (status, status == 200)


@pytest.mark.parametrize(
    ("granted", "status"),
    [
        pytest.param([scopes.ACS_CONTROL], 200, id="control scope control.all"),
        pytest.param([scopes.SCORE], 403, id="control another scope"),
    ],
)
def test_control_has_its_scope(running: BrowserDay, granted: list[str], status: int) -> None:
    tool = running.tool
    tool.scopes = granted
    assert tool.post(running.control_url, running.day.control_body("flag")).status_code == status
    assert scopes.ACS_CONTROL == "https://purl.imsglobal.org/spec/lti-ap/scope/control.all"


@pytest.mark.parametrize("_clause", [0], ids=["control POST with a token, by the attempt's tool"])
def test_control_is_for_the_tool_of_the_attempt(running: BrowserDay, _clause: int) -> None:
    url, body = running.control_url, running.day.control_body("terminate")
    assert running.tool.get(url).status_code == 405
    assert Client().post(url, body, content_type="application/json").status_code == 401
    assert make_tool().post(url, body).status_code == 404
    assert running.day.state == State.RUNNING


@pytest.mark.parametrize(
    ("before", "status"),
    [
        pytest.param([], "running", id="control status running"),
        pytest.param(["pause"], "paused", id="control status paused"),
        pytest.param(["pause", "resume"], "running", id="control status resumed"),
        pytest.param(["terminate"], "terminated", id="control status terminated"),
        pytest.param(["score"], "complete", id="control status complete"),
        pytest.param(["score", "terminate"], "complete", id="control status complete stays"),
    ],
)
def test_control_tells_the_state_of_the_attempt(running: BrowserDay, before: list[str], status: str) -> None:
    for step in before:
        if step == "score":
            running.day.score()
            run_due(now=running.day.now)
        else:
            running.control(step)
        running.day.pass_by(seconds=1)
    assert running.control("flag").json()["status"] == status


@pytest.mark.parametrize("_clause", [0], ids=["control status none, and an impossible change is answered so"])
def test_control_before_the_start(story: BrowserDay, _clause: int) -> None:
    answer = story.control("pause")
    assert (answer.status_code, answer.json()["status"]) == (200, "none")
    assert story.day.state == State.CHECKING_IN


@pytest.mark.parametrize("_clause", [0], ids=["control extra_time is in minutes, and a retry adds none"])
def test_control_adds_minutes_once(running: BrowserDay, _clause: int) -> None:
    before, body = running.day.fresh().ends_by, running.day.control_body("update", extra_time=10)
    answers = [running.tool.post(running.control_url, body).json() for _ in range(2)]
    assert answers == [{"status": "running", "extra_time": 10}] * 2
    after = running.day.fresh().ends_by
    assert before
    assert after == before + timedelta(minutes=10)


@pytest.mark.parametrize("_clause", [0], ids=["control every accepted message is kept as it came"])
def test_control_messages_are_kept(running: BrowserDay, _clause: int) -> None:
    sent = {"incident_severity": 0.4, "reason_code": "P2", "reason_msg": "Phone."}
    running.control("flag", incident_time="2018-02-01T10:45:33Z", **sent)
    kept = Incident.objects.get()
    assert (kept.action, kept.occurred_at.isoformat()) == ("flag", "2018-02-01T10:45:33+00:00")
    assert (float(kept.severity or 0), kept.reason_code, kept.reason_message) == tuple(sent.values())
    assert kept.session == running.day.session
