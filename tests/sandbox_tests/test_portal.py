"""The contractor portal: who signs, what counts, whom the gate lets in."""

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from standardwebhooks.webhooks import Webhook

from tests.sandbox.portal.app import create_app
from tests.sandbox.portal.gate import workers
from tests.sandbox.shelf import Shelf

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw4lTrpuZ3q1I="
MONDAY = date(2026, 3, 2)


@pytest.fixture
def portal(tmp_path: Path) -> FlaskClient:
    """The portal, asked without a network."""
    return create_app(
        {"secret": SECRET, "name": "Gatehouse"}, Shelf(tmp_path / "portal.sqlite3")
    ).test_client()


def message(*, version: int = 1, status: str = "valid", **certificate: Any) -> dict[str, Any]:
    """What the platform says about Lena's certificate."""
    return {
        "type": "certificate.revoked" if status == "revoked" else "certificate.issued",
        "version": 1,
        "timestamp": "2026-03-02T15:00:00Z",
        "data": {
            "person": {
                "external_id": "E-1",
                "given_name": "Lena",
                "family_name": "Ruiz",
                "organization": "Acme",
            },
            "credential": {"code": "EPA608", "title": "EPA 608 Core"},
            "certificate": {
                "serial": "C-1",
                "status": status,
                "issued_at": "2026-03-02T15:00:00Z",
                "expires_on": None,
                "version": version,
                "proof_url": "http://localhost:8000/proof/x/",
                **certificate,
            },
        },
    }


def tell(
    portal: FlaskClient, told: Any, *, webhook_id: str = "", secret: str = SECRET, at: Any = None
) -> Any:
    """The portal's answer to a signed delivery."""
    body, sent_at = json.dumps(told), at or datetime.now(UTC)
    webhook_id = webhook_id or uuid.uuid4().hex
    headers = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, sent_at, body),
        "content-type": "application/json",
    }
    return portal.post("/webhooks/credentials", data=body, headers=headers)


def lena(portal: FlaskClient) -> dict[str, Any]:
    """What the portal knows of Lena."""
    found: dict[str, Any] = portal.get("/workers.json").json["workers"][0]  # type: ignore[index]
    return found


def test_a_signed_message_opens_the_gate(portal: FlaskClient) -> None:
    assert tell(portal, message()).json == {"outcome": "applied"}
    assert (lena(portal)["gate"], lena(portal)["name"]) == ("open", "Lena Ruiz")
    assert "● Gate opens" in portal.get("/").text


def test_a_message_signed_with_another_secret_is_refused(portal: FlaskClient) -> None:
    assert tell(portal, message(), secret="whsec_" + "A" * 43 + "=").status_code == 401
    assert portal.get("/workers.json").json == {"workers": []}


@pytest.mark.parametrize("minutes", [-10, 10], ids=["too old", "from the future"])
def test_a_message_not_signed_now_is_refused(portal: FlaskClient, minutes: int) -> None:
    answer = tell(portal, message(), at=datetime.now(UTC) + timedelta(minutes=minutes))
    assert answer.status_code == 401
    assert portal.get("/workers.json").json == {"workers": []}


@pytest.mark.parametrize("signature", ["", "v1", "v1,%%%", "v1,AAAA", "nonsense nonsense"])
def test_a_malformed_signature_is_refused(portal: FlaskClient, signature: str) -> None:
    headers = {"webhook-id": "w", "webhook-timestamp": str(int(datetime.now(UTC).timestamp()))}
    answer = portal.post(
        "/webhooks/credentials", data="{}", headers={**headers, "webhook-signature": signature}
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "told", [[], {"type": "certificate.issued"}, {"type": "certificate.issued", "data": {}}]
)
def test_content_that_was_not_agreed_is_refused(portal: FlaskClient, told: Any) -> None:
    assert tell(portal, told).status_code == 422


def test_a_delivery_counts_once(portal: FlaskClient) -> None:
    tell(portal, message(version=1), webhook_id="w-1")
    assert tell(portal, message(version=9, status="revoked"), webhook_id="w-1").json == {"outcome": "known"}
    assert lena(portal)["gate"] == "open"


def test_an_older_version_changes_nothing(portal: FlaskClient) -> None:
    tell(portal, message(version=2, status="revoked"))
    assert tell(portal, message(version=1)).json == {"outcome": "outdated"}
    assert (lena(portal)["gate"], lena(portal)["reason"]) == ("closed", "EPA 608 Core: revoked")
    assert "■ Gate stays closed" in portal.get("/").text


def test_a_type_it_does_not_know_is_thanked_for(portal: FlaskClient) -> None:
    assert tell(portal, {"type": "weather.changed"}).json == {"outcome": "ignored"}


@pytest.mark.parametrize(
    ("certificate", "gate"),
    [
        ({"status": "valid", "expires_on": None}, "open"),
        ({"status": "valid", "expires_on": "2026-03-02"}, "open"),
        ({"status": "valid", "expires_on": "2026-03-01"}, "closed"),
        ({"status": "expired", "expires_on": "2026-12-31"}, "closed"),
        ({"status": "revoked", "expires_on": None}, "closed"),
    ],
)
def test_the_gate_opens_for_what_is_valid_on_the_day(certificate: dict[str, Any], gate: str) -> None:
    entry = message(**certificate)["data"]
    assert workers([entry], on=MONDAY)[0]["gate"] == gate


def test_one_valid_credential_is_enough() -> None:
    revoked, valid = message(status="revoked")["data"], message(serial="C-2")["data"]
    assert workers([revoked, valid], on=MONDAY)[0]["gate"] == "open"


def test_it_fails_as_often_as_it_is_told_to(portal: FlaskClient) -> None:
    portal.post("/control/fail?times=2&status=503&retry_after=2")
    answers = [tell(portal, message(), webhook_id="w-1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "2"
