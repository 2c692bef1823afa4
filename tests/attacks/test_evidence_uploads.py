"""Mallory against uploads: addresses used twice, altered, shared or cut short, and bytes that were not announced."""

import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import signing
from django.http import HttpRequest
from django.test import Client

from proctoring.evidence import addresses, receiving
from proctoring.evidence.management.commands.prepare_evidence_bucket import allowed_origins
from proctoring.evidence.models import EvidenceItem
from proctoring.evidence.stores.chosen import current_store
from proctoring.evidence.stores.contract import UploadPlan
from proctoring.evidence.views.uploading import upload
from tests.attacks.handing_in import path_of, put, recorded_now
from tests.media import webm
from tests.proctoring.evidence.staging import Stage
from tests.recorded import refusals

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: LazySettings) -> Stage:
    return recorded_now(tmp_path, settings=settings)


@pytest.fixture
def planned(stage: Stage) -> UploadPlan:
    return receiving.fresh_upload(stage.plan(webm(2)), now=stage.now)


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


@pytest.mark.parametrize(
    ("data", "status"), [(webm(2) + b"x", 413), (webm(2)[:-1], 400)], ids=["longer", "shorter"]
)
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


@pytest.mark.parametrize(
    ("launched_at", "own"),
    [
        ("https://watch.example.test/proctor?kind=1", "https://watch.example.test"),
        ("https://[2001:db8::7]:8443/proctor", "https://[2001:db8::7]:8443"),
    ],
    ids=["by name", "by number"],
)
def test_a_page_that_one_message_alone_opens_is_the_tools_own(
    stage: Stage, planned: UploadPlan, launched_at: str, own: str
) -> None:
    registration = stage.deployment.registration
    registration.messages = [{"type": "LtiStartProctoring", "target_link_uri": launched_at}]
    registration.save()
    answer = Client().options(path_of(planned.url), headers={"Origin": own})
    assert answer.headers.get("Access-Control-Allow-Origin") == own
    assert own in allowed_origins()


def test_a_disabled_tool_uploads_nothing(stage: Stage, planned: UploadPlan) -> None:
    registration = stage.deployment.registration
    registration.is_enabled = False
    registration.save()
    assert put(planned.url, webm(2)).status_code == 404


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
