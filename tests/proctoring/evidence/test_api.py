"""A proctoring tool hands over a recording through the API, as its documentation says."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lti_platform.journal import clock
from lti_platform.journal.models import Entry
from proctoring.evidence import receiving
from proctoring.evidence.models import EvidenceItem
from tests.calling import CallingTool
from tests.media import webm
from tests.proctoring.evidence.staging import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    """The API reads the clock itself, so here the exam is now."""
    return clock.now().replace(microsecond=0)


@pytest.fixture
def tool(stage: Stage) -> CallingTool:
    exam = stage.attempt.exam
    return CallingTool(deployment=stage.deployment, context=exam.context, link=exam.proctoring_link)


def items_url(stage: Stage) -> str:
    return f"/api/v1/evidence/sessions/{stage.session.id}/items"


def segment(data: bytes, **fields: Any) -> dict[str, Any]:
    described = {"kind": "recording", "stream": "camera", "sequence": 0, "media_type": "video/webm"}
    return {**described, "bytes": len(data), **fields}


def completion(stage: Stage, data: bytes) -> dict[str, Any]:
    return {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "capture_started_at": stage.now.isoformat(),
        "capture_ended_at": (stage.now + timedelta(seconds=2)).isoformat(),
        "sent_at": (stage.now + timedelta(seconds=2)).isoformat(),
    }


def put(upload: dict[str, Any], data: bytes, **headers: str) -> int:
    sent = {**upload["headers"], **headers}
    content_type = sent.pop("Content-Type")
    path = upload["url"].partition("//")[2].partition("/")[2]
    return int(Client().put(f"/{path}", data, content_type=content_type, headers=sent).status_code)


def test_a_segment_travels_from_plan_to_acceptance(
    stage: Stage, tool: CallingTool, settle: Callable[..., int]
) -> None:
    data = webm(2)
    planned = tool.post(items_url(stage), segment(data))
    assert planned.status_code == 201
    item = planned.json()
    assert (item["state"], item["upload"]["method"]) == ("planned", "PUT")
    assert put(item["upload"], data) == 201
    completed = tool.post(item["complete_url"], completion(stage, data))
    assert (completed.status_code, completed.json()) == (202, {"id": item["id"], "state": "received"})
    assert tool.post(item["complete_url"], completion(stage, data)).status_code == 202
    settle(now=clock.now())
    assert tool.get(item["url"]).json() == {"id": item["id"], "state": "accepted"}


def test_planning_again_answers_200_with_a_fresh_address(stage: Stage, tool: CallingTool) -> None:
    first, again = (tool.post(items_url(stage), segment(webm(2))) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert tool.post(f"{again.json()['url']}/upload", {}).status_code == 201


def test_the_end_is_announced(stage: Stage, tool: CallingTool) -> None:
    named = [{"kind": "recording", "stream": "camera", "count": 1}]
    ended = {"ended_at": stage.now.isoformat(), "items": named}
    for _ in range(2):
        response = tool.post(f"/api/v1/evidence/sessions/{stage.session.id}/end", ended)
        assert (response.status_code, response.json()) == (202, {"state": "ended"})
    over = tool.post(items_url(stage), segment(webm(2), stream="screen"))
    assert (over.status_code, over.json()["code"]) == (409, "collection_over")


def test_a_quarantined_item_says_why(stage: Stage, tool: CallingTool, settle: Callable[..., int]) -> None:
    item = stage.hand_over(b"not a video")
    settle(now=clock.now() + timedelta(minutes=1))
    answer = tool.get(f"{items_url(stage)}/{item.id}").json()
    assert answer == {"id": str(item.id), "state": "quarantined", "quarantine_reason": "unreadable_media"}


def test_what_the_tool_does_is_recorded_as_its_doing(stage: Stage, tool: CallingTool) -> None:
    tool.post(items_url(stage), segment(webm(2)))
    entry = Entry.objects.get(fact_type="evidence.planned")
    assert (entry.actor_kind, entry.actor_id) == ("tool", stage.deployment.registration.client_id)


def test_the_service_is_documented(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    paths = [path for path in described["paths"] if "/evidence/" in path]
    assert len(paths) == 5
    operations = [operation for path in paths for operation in described["paths"][path].values()]
    assert all(operation["summary"] and operation["description"] for operation in operations)
    assert all(operation["security"] for operation in operations)
    schemas = described["components"]["schemas"]
    assert schemas["ItemRequest"]["example"]["kind"] == "recording"
    assert {"PlannedItem", "ItemState", "CompletionRequest", "EndRequest", "Problem"} <= {
        name for name, schema in schemas.items() if "example" in schema
    }


def test_errors_are_described_as_they_are_sent(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    answers = [
        (status, list(answer["content"]))
        for path in described["paths"].values()
        for operation in path.values()
        for status, answer in operation["responses"].items()
    ]
    assert {"401", "413", "422"} <= {status for status, _ in answers}
    assert all(
        types == ["application/problem+json" if int(status) >= 400 else "application/json"]
        for status, types in answers
    )


def test_an_address_that_ran_out_is_refused(stage: Stage, tool: CallingTool) -> None:
    item = stage.plan(webm(2))
    old = receiving.fresh_upload(item, now=stage.now - timedelta(minutes=11))
    assert put({"url": old.url, "headers": old.headers}, webm(2)) == 404
    assert EvidenceItem.objects.get().state == "planned"
