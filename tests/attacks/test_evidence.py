"""Mallory against the evidence service: other tools' sessions, forged addresses, false bytes, and prying eyes."""

import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import signing
from django.http import HttpRequest
from django.test import Client

from lti_platform.journal import clock
from lti_platform.journal.models import Entry
from lti_platform.tools.scopes import SCORE
from proctoring.evidence import accessing, addresses, playback, receiving
from proctoring.evidence.models import Access, EvidenceItem
from proctoring.evidence.stores.chosen import current_store
from proctoring.evidence.stores.contract import UploadPlan
from proctoring.evidence.views.uploading import upload
from tests.calling import CallingTool, make_tool
from tests.factories import lena, mallory, pia
from tests.media import webm
from tests.proctoring.evidence.staging import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    """Views read the clock themselves, so here the exam is now."""
    return clock.now().replace(microsecond=0)


@pytest.fixture
def stage(db: None, now: datetime, tmp_path: Path, settings: LazySettings) -> Stage:
    settings.EVIDENCE_BUCKET, settings.EVIDENCE_DIR = "", tmp_path / "evidence"
    return Stage(now)


@pytest.fixture
def tool(stage: Stage) -> CallingTool:
    exam = stage.attempt.exam
    return CallingTool(deployment=stage.deployment, context=exam.context, link=exam.proctoring_link)


@pytest.fixture
def planned(stage: Stage) -> UploadPlan:
    return receiving.fresh_upload(stage.plan(webm(2)), now=stage.now)


def base(stage: Stage) -> str:
    return f"/api/v1/evidence/sessions/{stage.session.id}"


def path_of(url: str) -> str:
    return "/" + url.partition("//")[2].partition("/")[2]


def put(url: str, data: bytes, *, content_type: str = "video/webm", **headers: str) -> Any:
    return Client().put(path_of(url), data, content_type=content_type, headers=headers)


def refusals() -> list[str]:
    return [entry.payload["rule"] for entry in Entry.objects.filter(fact_type="security.refused")]


SEGMENT = {"kind": "recording", "stream": "camera", "sequence": 0, "media_type": "video/webm", "bytes": 10}
COMPLETION = {
    "bytes": 10,
    "sha256": "0" * 64,
    "capture_started_at": "2026-03-02T15:00:00Z",
    "capture_ended_at": "2026-03-02T15:00:02Z",
    "sent_at": "2026-03-02T15:00:02Z",
}
END = {"ended_at": "2026-03-02T15:00:02Z", "items": []}


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


def test_an_upload_address_works_once(stage: Stage, planned: UploadPlan) -> None:
    assert put(planned.url, webm(2)).status_code == 201
    other = bytes(len(webm(2)))
    again = put(planned.url, other)
    assert (again.status_code, again.json()["code"]) == (409, "object_exists")
    item = EvidenceItem.objects.get()
    assert b"".join(current_store().open_stream(item.object_key)) == webm(2)


def test_an_older_address_is_of_no_use_once_the_item_is_complete(stage: Stage, planned: UploadPlan) -> None:
    item = EvidenceItem.objects.get()
    stage.upload(item, webm(2))
    stage.complete(item, webm(2))
    assert put(planned.url, webm(2)).status_code == 409


@pytest.mark.parametrize(("data", "status"), [(webm(2) + b"x", 413), (webm(2)[:-1], 400)])
def test_an_upload_of_another_size_leaves_nothing(planned: UploadPlan, data: bytes, status: int) -> None:
    assert put(planned.url, data).status_code == status
    assert current_store().stat(EvidenceItem.objects.get().object_key) is None


@pytest.mark.parametrize("breaks", [False, True], ids=["ends early", "goes away"])
def test_an_upload_that_is_cut_short_leaves_nothing_and_may_come_again(
    planned: UploadPlan, breaks: bool
) -> None:
    token = planned.url.rpartition("/")[2]
    request = arriving_request(Body(100, breaks=breaks), length=len(webm(2)))
    assert upload(request, token).status_code == 400
    assert current_store().stat(EvidenceItem.objects.get().object_key) is None
    assert put(planned.url, webm(2)).status_code == 201


def test_an_upload_of_another_type_is_refused(planned: UploadPlan) -> None:
    assert put(planned.url, webm(2), content_type="text/html").status_code == 415


def test_a_forged_or_altered_upload_address_is_unknown(stage: Stage, planned: UploadPlan) -> None:
    token = planned.url.rpartition("/")[2]
    flipped = token[:-1] + ("A" if token[-1] != "A" else "B")
    ours = {"key": EvidenceItem.objects.get().object_key, "type": "video/webm", "bytes": 10}
    others = [
        flipped,
        "x",
        signing.dumps({**ours, "exp": 9e9}, key="another key", salt=addresses.UPLOAD),
        signing.dumps({**ours, "exp": 9e9}, salt=addresses.PLAY),
        signing.dumps({**ours, "key": "../../etc/passwd", "exp": 9e9}, salt=addresses.UPLOAD),
        addresses.token(ours, purpose=addresses.UPLOAD, expires_at=stage.now - timedelta(seconds=1)),
        "..%2f..%2fetc%2fpasswd",
    ]
    for other in others:
        assert put(f"http://localhost/evidence/upload/{other}", webm(2)).status_code == 404, other
    assert "evidence.address_refused" in refusals()


def test_only_the_tools_own_pages_may_upload(stage: Stage, planned: UploadPlan) -> None:
    own = stage.deployment.registration.redirect_uris[0].removesuffix("/launch")

    def asked(origin: str, **headers: str) -> Any:
        return Client().options(path_of(planned.url), headers={"Origin": origin, **headers})

    allowed = asked(own, **{"Access-Control-Request-Method": "PUT"})
    assert (allowed.status_code, allowed["Access-Control-Allow-Origin"]) == (204, own)
    assert allowed["Access-Control-Allow-Methods"] == "PUT"
    assert "Origin" in allowed["Vary"]
    for origin in ("https://mallory.example", "null", f"{own}.mallory.example", own.replace("https", "http")):
        assert "Access-Control-Allow-Origin" not in asked(origin)
    assert put(planned.url, webm(2), Origin=own)["Access-Control-Allow-Origin"] == own
    refused = put(planned.url, webm(2), Origin=own)
    assert (refused.status_code, refused["Access-Control-Allow-Origin"]) == (409, own)
    assert "Access-Control-Allow-Credentials" not in refused


def test_a_disabled_tool_uploads_nothing(stage: Stage, planned: UploadPlan) -> None:
    registration = stage.deployment.registration
    registration.is_enabled = False
    registration.save()
    assert put(planned.url, webm(2)).status_code == 404


@pytest.fixture
def played(stage: Stage, settle: Callable[..., int]) -> Stage:
    stage.hand_over()
    settle(now=stage.now + timedelta(minutes=5))
    return stage


def viewed(url: str, person: Any) -> int:
    client = Client()
    if person:
        client.force_login(person)
    return int(client.get(path_of(url)).status_code)


def test_a_playback_address_is_good_for_its_person_alone(played: Stage) -> None:
    person = pia()
    access = accessing.grant(person, played.session, reason="first_review", now=played.now)
    url = playback.playlist(played.session, access, now=played.now)[0].url
    assert viewed(url, person) == 200
    for other in (None, mallory("proctor"), pia(), lena()):
        assert viewed(url, other) == 404


def test_a_playback_address_runs_out(played: Stage) -> None:
    person = pia()
    earlier = played.now - timedelta(minutes=16)
    access = accessing.grant(person, played.session, reason="first_review", now=earlier)
    assert viewed(playback.playlist(played.session, access, now=earlier)[0].url, person) == 404
    assert viewed(playback.playlist(played.session, access, now=played.now)[0].url, person) == 200
    Access.objects.update(expires_at=played.now)
    fresh = addresses.token(
        {"access": str(access.id), "item": str(EvidenceItem.objects.get().id)},
        purpose=addresses.PLAY,
        expires_at=played.now + timedelta(minutes=5),
    )
    assert viewed(f"http://localhost/evidence/play/{fresh}", person) == 404


def test_access_to_one_session_opens_no_other(played: Stage) -> None:
    person = pia()
    other = Stage(played.now)
    access = accessing.grant(person, other.session, reason="first_review", now=played.now)
    mixed = addresses.token(
        {"access": str(access.id), "item": str(EvidenceItem.objects.get().id)},
        purpose=addresses.PLAY,
        expires_at=played.now + timedelta(minutes=5),
    )
    assert viewed(f"http://localhost/evidence/play/{mixed}", person) == 404


def test_quarantined_evidence_is_not_played(stage: Stage, settle: Callable[..., int]) -> None:
    item = stage.hand_over(b"<script>alert(1)</script>")
    settle(now=stage.now + timedelta(minutes=5))
    person = pia()
    access = accessing.grant(person, stage.session, reason="first_review", now=stage.now)
    assert playback.playlist(stage.session, access, now=stage.now) == []
    assert viewed(playback.address_of(stage.again(item), access, now=stage.now), person) == 404


def test_a_large_upload_never_sits_in_memory(stage: Stage) -> None:
    size, most = 64 * 1024 * 1024, 8 * 1024 * 1024
    plan = receiving.ItemPlan(kind="recording", stream="camera", media_type="video/webm", bytes=size)
    item, _ = receiving.plan_item(stage.session, plan=plan, now=stage.now)
    token = receiving.fresh_upload(item, now=stage.now).url.rpartition("/")[2]
    request = arriving_request(Body(size), length=size)
    tracemalloc.start()
    try:
        assert upload(request, token).status_code == 201
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    stored = current_store().stat(item.object_key)
    assert stored is not None
    assert stored.bytes == size
    assert peak < most


class Body:
    """So many zero bytes that exist only as they are read; at their end the connection may break."""

    def __init__(self, size: int, *, breaks: bool = False) -> None:
        self.left = size
        self.breaks = breaks

    def read(self, size: int) -> bytes:
        given = min(self.left, size)
        self.left -= given
        if self.breaks and not given:
            raise OSError("connection reset by peer")
        return bytes(given)


def arriving_request(body: Body, *, length: int) -> HttpRequest:
    """A PUT whose body is read from the network, so to speak."""
    request = HttpRequest()
    request.method, request.content_type = "PUT", "video/webm"
    request.META["CONTENT_LENGTH"] = str(length)
    request._stream = body  # type: ignore[assignment]
    return request
