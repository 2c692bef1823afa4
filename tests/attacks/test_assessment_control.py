"""Attacks on the Assessment Control Service; ids carry the numbers of the cases."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from gradebook.models import Result
from lti_platform.journal.working import run_due
from proctoring.models import Incident
from proctoring.transitions import State
from tests.browsing import signed_in
from tests.calling import CallingTool, make_tool
from tests.factories import cora, make_deployment, pia
from tests.proctoring.browsing import BrowserDay
from tests.proctoring.desk.staging import Recorded, page_of
from tests.recorded import refusals

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        pytest.param([], 403, id="case-175 no scope"),
        pytest.param(["https://purl.imsglobal.org/spec/lti-ags/scope/score"], 403, id="case-175 wrong scope"),
    ],
)
def test_the_scope_is_asked_for(running: BrowserDay, scopes: list[str], status: int) -> None:
    tool = running.tool
    tool.scopes = scopes
    answer = tool.post(running.control_url, running.day.control_body("pause"))
    assert (answer.status_code, running.day.state) == (status, State.RUNNING)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-175 no token")])
def test_a_token_is_asked_for(running: BrowserDay, _case: int) -> None:
    body = running.day.control_body("pause")
    answer = Client().post(running.control_url, body, content_type="application/json")
    assert (answer.status_code, running.day.state) == (401, State.RUNNING)
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-176 GET")])
def test_it_is_a_post(running: BrowserDay, _case: int) -> None:
    answer = running.tool.get(running.control_url)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        pytest.param("text/plain", 415, id="case-176 text"),
        pytest.param("application/x-www-form-urlencoded", 415, id="case-176 form"),
        pytest.param("application/vnd.ims.lti-ap.v1.control+json; charset=utf-8", 200, id="case-176 its own"),
        pytest.param("application/json", 200, id="case-176 plain JSON"),
    ],
)
def test_its_media_type_is_its_own_or_json(running: BrowserDay, content_type: str, status: int) -> None:
    body = running.day.control_body("flag")
    answer = running.tool.post(running.control_url, body, content_type=content_type)
    assert (answer.status_code, Incident.objects.count()) == (status, int(status == 200))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"user": None}, id="case-177 user"),
        pytest.param({"user": {}}, id="case-177 user.sub"),
        pytest.param({"user": {"sub": 7}}, id="case-177 user.sub a number"),
        pytest.param({"resource_link": None}, id="case-177 resource_link"),
        pytest.param({"resource_link": {"id": ""}}, id="case-177 resource_link.id"),
        pytest.param({"attempt_number": None}, id="case-177 attempt_number"),
        pytest.param({"attempt_number": "1"}, id="case-177 attempt_number text"),
        pytest.param({"attempt_number": 10**30}, id="case-177 attempt_number huge"),
        pytest.param({"action": None}, id="case-177 action"),
        pytest.param({"incident_time": None}, id="case-177 incident_time"),
        pytest.param({"reason_code": 7}, id="case-177 reason_code a number"),
        pytest.param({"reason_code": "x" * 101}, id="case-177 reason_code long"),
        pytest.param({"reason_msg": ["x"]}, id="case-177 reason_msg a list"),
        pytest.param({"action": "grade"}, id="case-178 unknown action"),
        pytest.param({"action": ["pause"]}, id="case-178 a list"),
        pytest.param({"incident_severity": -0.1}, id="case-179 below"),
        pytest.param({"incident_severity": 1.5}, id="case-179 above"),
        pytest.param({"incident_severity": "high"}, id="case-179 words"),
        pytest.param({"incident_severity": True}, id="case-179 true"),
        pytest.param({"incident_severity": "NaN"}, id="case-179 no number"),
        pytest.param({"action": "update", "extra_time": -5}, id="case-180 negative"),
        pytest.param({"action": "update", "extra_time": 1.5}, id="case-180 fractional"),
        pytest.param({"action": "update", "extra_time": 10**12}, id="case-180 huge"),
        pytest.param({"action": "flag", "extra_time": 5}, id="case-180 on flag"),
        pytest.param({"action": "terminate", "extra_time": 5}, id="case-180 on terminate"),
        pytest.param({"incident_time": "yesterday"}, id="case-181 not ISO"),
        pytest.param({"incident_time": "2026-11-21T10:20:00"}, id="case-181 no offset"),
        pytest.param({"incident_time": 1700000000}, id="case-181 a number"),
    ],
)
def test_a_malformed_message_is_stored_nowhere(running: BrowserDay, changes: dict[str, Any]) -> None:
    answer = running.control("pause", **changes)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert (running.day.state, Incident.objects.count()) == (State.RUNNING, 0)
    assert refusals() == ["control_malformed"]


@pytest.mark.parametrize(
    ("severity", "kept"),
    [
        pytest.param("0.1", "0.100", id="case-179 numeric text"),
        pytest.param(1, "1.000", id="case-179 one"),
    ],
)
def test_a_severity_may_be_quoted(running: BrowserDay, severity: Any, kept: str) -> None:
    assert running.control("flag", incident_severity=severity).status_code == 200
    assert str(Incident.objects.get().severity) == kept


ODD_TIMES = [
    pytest.param("2999-01-01T00:00:00Z", id="case-181 far future"),
    pytest.param("1999-01-01T00:00:00Z", id="case-181 before the attempt"),
    pytest.param("1970-01-01T00:00:00Z", id="case-181 a clock that was never set"),
    pytest.param("0001-01-01T00:00:00Z", id="case-181 the first moment"),
    pytest.param("0001-01-01T00:00:00+14:00", id="case-181 before all time"),
    pytest.param("9999-12-31T23:59:59.999999Z", id="case-181 the last moment"),
    pytest.param("9999-12-31T23:59:59-14:00", id="case-181 after all time"),
]


@pytest.mark.parametrize("time", ODD_TIMES)
def test_an_incident_of_an_odd_time_is_kept_and_blocks_nothing(running: BrowserDay, time: str) -> None:
    assert running.control("pause", incident_time=time).json()["status"] == "paused"
    running.day.pass_by(seconds=1)
    assert running.control("resume").json()["status"] == "running"


@pytest.mark.parametrize("time", ODD_TIMES)
@pytest.mark.parametrize("hours_behind", [-1, 1])
def test_a_case_with_a_flag_of_an_odd_time_can_be_judged(
    tmp_path: Path, settings: LazySettings, time: str, hours_behind: int
) -> None:
    settings.EVIDENCE_BUCKET, settings.EVIDENCE_DIR = "", tmp_path
    stage = Recorded(tool_is_ahead=timedelta(hours=-hours_behind))
    stage.record("camera", 0)
    stage.day.send({**stage.day.control_body("flag", reason_msg="Somebody came in"), "incident_time": time})
    stage.hand_in(("recording", "camera", 1))
    for viewer, address in (
        (pia(), page_of(stage.number)),
        (cora(), reverse("attempt-file", args=[stage.attempt.id])),
    ):
        answer = signed_in(viewer).get(address)
        assert (answer.status_code, "Somebody came in" in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-181 what was said")])
def test_a_time_that_no_page_can_show_stands_after_the_words(running: BrowserDay, _case: int) -> None:
    running.control("flag", incident_time="0001-01-01T00:00:00Z", reason_msg="x" * 1000)
    incident = Incident.objects.get()
    assert incident.occurred_at == incident.received_at
    assert incident.reason_message.endswith("x [incident_time 0001-01-01T00:00:00+00:00]")
    assert len(incident.reason_message) == 1000


@pytest.mark.parametrize(
    "issuer",
    [pytest.param("https://other.test", id="case-182 other"), pytest.param(None, id="case-182 null")],
)
def test_the_user_is_one_of_ours(running: BrowserDay, issuer: str | None) -> None:
    answer = running.control("pause", user={"sub": str(running.day.person.pk), "iss": issuer})
    assert (answer.status_code, running.day.state) == (400, State.RUNNING)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-182 without issuer")])
def test_the_issuer_may_be_left_out(running: BrowserDay, _case: int) -> None:
    assert running.control("pause", user={"sub": str(running.day.person.pk)}).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"user": {"sub": str(uuid4())}}, id="case-183 other user"),
        pytest.param({"resource_link": {"id": str(uuid4())}}, id="case-183 other link"),
        pytest.param({"attempt_number": 2}, id="case-183 other number"),
    ],
)
def test_an_attempt_that_is_not_of_the_session_is_unknown(
    running: BrowserDay, changes: dict[str, Any]
) -> None:
    answer = running.control("terminate", **changes)
    assert (answer.status_code, running.day.state) == (404, State.RUNNING)


@pytest.mark.parametrize(
    "tool",
    [
        pytest.param(lambda s: make_tool(), id="case-183 another tool"),
        pytest.param(
            lambda s: CallingTool(
                deployment=make_deployment(s.day.session.deployment.registration),
                context=s.day.exam.context,
                link=s.day.exam.proctoring_link,
                is_bound=True,
            ),
            id="case-183 another deployment",
        ),
    ],
)
def test_a_session_of_another_tool_is_unknown(
    running: BrowserDay, tool: Callable[[BrowserDay], CallingTool]
) -> None:
    answer = tool(running).post(running.control_url, running.day.control_body("terminate"))
    assert (answer.status_code, running.day.state) == (404, State.RUNNING)


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-183 no such session")])
def test_a_session_that_does_not_exist_is_unknown(running: BrowserDay, _case: int) -> None:
    url = reverse("assessment-control", args=[uuid4()])
    assert running.tool.post(url, running.day.control_body("terminate")).status_code == 404


@pytest.mark.parametrize(
    ("before", "action", "status"),
    [
        pytest.param([], "pause", "none", id="case-184 pause before the start"),
        pytest.param(["start", "pause"], "pause", "paused", id="case-184 pause when paused"),
        pytest.param(["start"], "resume", "running", id="case-184 resume when running"),
    ],
)
def test_what_cannot_be_done_is_answered_with_the_truth(
    story: BrowserDay, before: list[str], action: str, status: str
) -> None:
    for step in before:
        if step == "start":
            story.day.check_in()
        else:
            story.control(step)
    moves, kept = story.day.attempt.transitions.count(), Incident.objects.count()
    story.day.pass_by(seconds=1)
    answer = story.control(action)
    assert (answer.status_code, answer.json()) == (200, {"status": status, "extra_time": 0})
    assert story.day.attempt.transitions.count() == moves
    assert Incident.objects.count() == kept + 1


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-185 terminate after the end")])
def test_an_exam_handed_in_is_not_ended_again(running: BrowserDay, _case: int) -> None:
    running.day.score()
    run_due(now=running.day.now)
    assert running.control("terminate", reason_code="P7").json()["status"] == "complete"
    assert running.day.state == State.SUBMITTED
    assert Incident.objects.filter(action="terminate").count() == 1


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-186 retried")])
def test_extra_time_is_granted_once_however_often_it_is_sent(running: BrowserDay, _case: int) -> None:
    body = running.day.control_body("update", extra_time=10)
    shuffled = dict(reversed(body.items()))
    replies = [running.tool.post(running.control_url, each).json() for each in (body, body, shuffled)]
    assert replies == [{"status": "running", "extra_time": 10}] * 3
    assert (running.day.fresh().extra_minutes, Incident.objects.count()) == (10, 1)
    assert running.control("update", extra_time=5).json()["extra_time"] == 15


@pytest.mark.parametrize("_case", [pytest.param(0, id="case-187 flag after the end")])
def test_a_flag_after_the_end_is_kept(running: BrowserDay, _case: int) -> None:
    running.day.score()
    run_due(now=running.day.now)
    answer = running.control("flag", incident_severity=0.9, reason_code="P2")
    assert (answer.status_code, answer.json()["status"]) == (200, "complete")
    assert running.day.fresh().review_case.severity == Incident.objects.get().severity
    assert Result.objects.get().state == Result.State.HELD
