"""Standard Webhooks: HMAC-SHA256 over message id, timestamp and the exact body."""

import base64
import hashlib
import hmac
from datetime import datetime


def headers(*, message_id: str, secret: bytes, body: bytes, now: datetime) -> dict[str, str]:
    """The three webhook headers of one try. The id is the same on every try, the timestamp is the try's own."""
    timestamp = str(int(now.timestamp()))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    signature = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
        "content-type": "application/json",
    }
