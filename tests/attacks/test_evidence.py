"""Mallory against the evidence service: other tools' sessions, tokens too narrow, and plans that make no sense."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from lti_platform.tools.models import Deployment
from lti_platform.tools.scopes import SCORE
from proctoring.evidence.models import EvidenceItem
from tests.attacks.handing_in import recorded_now
from tests.calling import CallingTool, make_tool
from tests.media import webm
from tests.proctoring.evidence.staging import Stage
from tests.recorded import refusals

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: LazySettings) -> Stage:
    return recorded_now(tmp_path, settings=settings)


@pytest.fixture
def tool(stage: Stage) -> CallingTool:
    exam = stage.attempt.exam
    return CallingTool(deployment=stage.deployment, context=exam.context, link=exam.proctoring_link)


def base(stage: Stage) -> str:
    return f"/api/v1/evidence/sessions/{stage.session.id}"


SEGMENT = {"kind": "recording", "stream": "camera", "sequence": 0, "media_type": "video/webm", "bytes": 10}
COMPLETION = {
    "bytes": 10,
    "sha256": "0" * 64,
    "capture_started_at": "2026-03-02T15:00:00Z",
    "capture_ended_at": "2026-03-02T15:00:02Z",
    "sent_at": "2026-03-02T15:00:02Z",
}
END = {"ended_at": "2026-03-02T15:00:02Z", "items": []}


def test_a_deployment_that_was_switched_off_hands_nothing_over_with_any_token(
    stage: Stage, tool: CallingTool
) -> None:
    assert tool.post(f"{base(stage)}/items", SEGMENT).status_code == 201
    Deployment.objects.update(is_enabled=False)
    for path, body in (("/items", {**SEGMENT, "sequence": 1}), ("/end", END)):
        answer = tool.post(base(stage) + path, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "session_unknown"), path
    assert EvidenceItem.objects.count() == 1


def test_another_tool_learns_nothing_of_a_session_and_changes_nothing(stage: Stage) -> None:
    item = stage.plan(webm(2))
    other = make_tool()
    calls = [
        ("POST", "/items", SEGMENT),
        ("GET", f"/items/{item.id}", None),
        ("POST", f"/items/{item.id}/upload", {}),
        ("POST", f"/items/{item.id}/complete", COMPLETION),
        ("POST", "/end", END),
    ]
    for method, path, body in calls:
        answer = other.call(method, base(stage) + path, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "session_unknown"), path
    assert EvidenceItem.objects.count() == 1
    assert stage.again(item).state == EvidenceItem.State.PLANNED
    assert "service.session_unknown" in refusals()


def test_an_item_of_another_session_is_unknown(stage: Stage, tool: CallingTool) -> None:
    elsewhere = EvidenceItem.objects.create(
        session=stage.new_session(99),
        kind="recording",
        stream="camera",
        media_type="video/webm",
        object_key="0" * 32,
        declared_bytes=1,
        planned_at=stage.now,
    )
    answer = tool.get(f"{base(stage)}/items/{elsewhere.id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "item_unknown")


def test_a_token_for_another_deployment_of_the_same_tool_is_not_enough(
    stage: Stage, tool: CallingTool
) -> None:
    other = make_tool(stage.attempt.exam.context)
    other.deployment.registration = stage.deployment.registration
    other.deployment.save()
    other.is_bound = True
    assert other.post(f"{base(stage)}/items", SEGMENT).status_code == 404
    tool.is_bound = True
    assert tool.post(f"{base(stage)}/items", SEGMENT).status_code == 201


def test_without_a_token_or_with_the_wrong_one_nothing_happens(stage: Stage, tool: CallingTool) -> None:
    url = f"{base(stage)}/items"
    bare = Client().post(url, SEGMENT, content_type="application/json")
    assert (bare.status_code, bare["WWW-Authenticate"]) == (401, 'Bearer realm="lti"')
    forged = Client().post(
        url, SEGMENT, content_type="application/json", headers={"Authorization": "Bearer x.y.z"}
    )
    assert forged.status_code == 401
    assert 'error="invalid_token"' in forged["WWW-Authenticate"]
    tool.scopes = [SCORE]
    narrow = tool.post(url, SEGMENT)
    assert narrow.status_code == 403
    assert 'error="insufficient_scope"' in narrow["WWW-Authenticate"]
    assert narrow["Content-Type"] == "application/problem+json"
    assert not EvidenceItem.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 5000,
        {},
        SEGMENT | {"bytes": "many"},
        SEGMENT | {"bytes": 1.5},
        SEGMENT | {"bytes": 10**400},
        SEGMENT | {"bytes": -1},
        SEGMENT | {"sequence": 2**63},
        SEGMENT | {"stream": "a\x00b"},
        SEGMENT | {"stream": ["camera"]},
        SEGMENT | {"kind": None},
        SEGMENT | {"kind": "recording\x00"},
        SEGMENT | {"media_type": "x" * 10_000},
        SEGMENT | {"media_type": "../../etc/passwd"},
        SEGMENT | {"stream": "😀"},
    ],
    ids=repr,
)
def test_a_malformed_plan_is_a_problem_and_never_a_failure(
    stage: Stage, tool: CallingTool, body: Any
) -> None:
    answer = tool.post(f"{base(stage)}/items", body)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"
    assert not EvidenceItem.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "A" * 64},
        {"sha256": "0" * 63},
        {"sha256": "0" * 64 + "\n"},
        {"bytes": 0},
        {"bytes": 2**64},
        {"sent_at": "2026-03-02T15:00:02"},
        {"sent_at": "yesterday"},
        {"sent_at": "0001-01-01T00:00:00+14:00"},
        {"capture_ended_at": "9999-12-31T23:59:59-14:00"},
        {"capture_ended_at": "2026-03-02T14:00:00Z"},
        {"capture_started_at": None},
        {"capture_started_at": 1e300},
    ],
    ids=repr,
)
def test_a_malformed_completion_is_a_problem_and_never_a_failure(
    stage: Stage, tool: CallingTool, change: dict[str, Any]
) -> None:
    item = stage.plan(webm(2))
    stage.upload(item, webm(2))
    answer = tool.post(f"{base(stage)}/items/{item.id}/complete", COMPLETION | change)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert stage.again(item).state == EvidenceItem.State.PLANNED


@pytest.mark.parametrize(
    "items",
    [
        None,
        [{}],
        [{"kind": "recording", "stream": "camera", "count": -1}],
        [{"kind": "recording", "stream": "camera", "count": 10**9}],
        [{"kind": "recording", "stream": "camera", "count": 1}] * 101,
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_malformed_end_is_a_problem_and_ends_nothing(stage: Stage, tool: CallingTool, items: Any) -> None:
    assert tool.post(f"{base(stage)}/end", END | {"items": items}).status_code == 422
    stage.session.refresh_from_db()
    assert stage.session.state == "recording"


def test_a_body_beyond_reason_is_not_read(stage: Stage, tool: CallingTool) -> None:
    answer = tool.post(f"{base(stage)}/items", SEGMENT | {"padding": "x" * 300_000})
    assert answer.status_code in {400, 413}
