"""docs/integrating.md says what the code does."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from certificates.onward import destinations, payloads, retrying, sending, signing
from certificates.verification import prove
from tests.certificates.onward.staging import portal
from tests.certificates.passing import make_certificate
from tests.services.receiver import Receiver

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "integrating.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)


def said(seconds: int) -> str:
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} seconds"


def shape(value: Any) -> Any:
    """The names of all members."""
    return {name: shape(inner) for name, inner in value.items()} if isinstance(value, dict) else None


def test_the_table_of_tries_is_the_schedule() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+?) \|$", DOCUMENT, re.MULTILINE)
    assert rows == [("1", "at once")] + [
        (str(number), said(seconds)) for number, seconds in enumerate(retrying.SCHEDULE_SECONDS, start=2)
    ]


def test_the_answers_that_stop_us_are_listed() -> None:
    (row,) = re.findall(r"^\| ([\d, ]+) \| stop at once", DOCUMENT, re.MULTILINE)
    assert {int(status) for status in row.split(", ")} == retrying.PERMANENT


def test_the_limits_are_the_codes() -> None:
    assert f"within {sending.TIMEOUT_SECONDS} seconds" in DOCUMENT
    assert f"{retrying.AGE_BUDGET.days} days after the first" in DOCUMENT
    assert (retrying.JITTER, retrying.LONGEST_WAIT.total_seconds()) == (0.1, 24 * 3600)
    assert retrying.SHORTEST_THROTTLE.total_seconds() == 60
    assert retrying.UNNAMED_THROTTLE.total_seconds() == 300


@pytest.mark.django_db
def test_the_examples_have_the_shape_of_what_is_sent(now: datetime, receiver: Receiver) -> None:
    snapshot, proof = (json.loads(block) for block in blocks("json"))
    certificate = make_certificate(now)
    there = portal(receiver, now=now, sends_score=True)
    sent = payloads.snapshot(certificate, event_type=payloads.ISSUED, destination=there.destination, now=now)
    assert shape(json.loads(sent)) == shape(snapshot)
    found = prove(certificate.proof_token, now=timezone.now())
    assert found is not None
    assert shape(found.as_json()) == shape(proof)


def test_the_sample_accepts_what_we_sign_and_nothing_else() -> None:
    names: dict[str, Any] = {}
    exec(blocks("python")[0], names)  # noqa: S102  (the sample of our own document)
    secret, body = destinations.new_secret(), b'{"type":"certificate.issued"}'
    headers = signing.headers(
        message_id="m-1", secret=destinations.raw_secret(secret), body=body, now=datetime.now(UTC)
    )
    assert names["is_ours"](headers, body, secret)
    assert not names["is_ours"](headers, body + b" ", secret)
    assert not names["is_ours"](headers, body, destinations.new_secret())
    assert not names["is_ours"]({**headers, "webhook-timestamp": "1000000000"}, body, secret)
