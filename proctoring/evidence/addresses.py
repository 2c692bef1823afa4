"""Short-lived addresses of ours: signed, bound to what they are for, and refused a moment after their time."""

from datetime import UTC, datetime
from typing import Any

from django.core import signing

from proctoring.evidence.errors import AddressRefused

UPLOAD = "evidence.upload"
PLAY = "evidence.play"


def token(values: dict[str, Any], *, purpose: str, expires_at: datetime) -> str:
    """A token for `purpose` holding `values` (readable, not changeable), good before `expires_at`."""
    return signing.dumps({**values, "exp": expires_at.timestamp()}, salt=purpose)


def opened(value: str, *, purpose: str, now: datetime) -> dict[str, Any]:
    """The values of a token made for this purpose. Raises AddressRefused."""
    try:
        values: dict[str, Any] = signing.loads(value, salt=purpose)
        expires_at = datetime.fromtimestamp(values["exp"], tz=UTC)
    except (signing.BadSignature, ValueError, KeyError, TypeError) as error:
        raise AddressRefused from error
    if now >= expires_at:
        raise AddressRefused
    return values
