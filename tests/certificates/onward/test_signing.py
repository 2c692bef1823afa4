"""Signatures, as an independent receiver checks them."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from certificates.onward import destinations, signing

BODY = '{"type":"certificate.issued","data":{"name":"Zoë Núñez"}}'


def signed(secret: str, *, at: datetime, body: str = BODY) -> dict[str, str]:
    return signing.headers(
        message_id="msg-1", secret=destinations.raw_secret(secret), body=body.encode(), now=at
    )


def test_the_independent_library_accepts_what_we_sign() -> None:
    secret = destinations.new_secret()
    assert Webhook(secret).verify(BODY, signed(secret, at=datetime.now(UTC)))["type"] == "certificate.issued"


def test_the_published_example_comes_out() -> None:
    """The example of the Standard Webhooks specification."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    made = signing.headers(
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        secret=destinations.raw_secret(secret),
        body=b'{"test": 2432232314}',
        now=datetime.fromtimestamp(1614265330, UTC),
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("change", ["secret", "body", "id", "timestamp", "age"])
def test_it_refuses_anything_else(change: str) -> None:
    secret, now = destinations.new_secret(), datetime.now(UTC)
    headers = signed(secret, at=now - timedelta(minutes=6) if change == "age" else now)
    headers |= {"webhook-id": "msg-2"} if change == "id" else {}
    headers |= {"webhook-timestamp": str(int(now.timestamp()) + 1)} if change == "timestamp" else {}
    with pytest.raises(WebhookVerificationError):
        Webhook(destinations.new_secret() if change == "secret" else secret).verify(
            BODY + " " if change == "body" else BODY, headers
        )


def test_secrets_are_as_long_as_the_standard_asks() -> None:
    secret = destinations.new_secret()
    assert secret.startswith("whsec_")
    assert 24 <= len(destinations.raw_secret(secret)) <= 64
    assert secret != destinations.new_secret()
