"""Rules that hold for every JWT a tool signs: who, for whom, when, and once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from keys import replay
from keys.errors import AlreadyUsed
from lti_platform.tools.errors import ClaimRefused, JwtReplayed

MAX_LIFETIME_SECONDS = 3600
MAX_TEXT = 255
# Beyond this, no datetime can hold it.
MAX_EPOCH_SECONDS = 253_402_300_000


@dataclass(frozen=True, kw_only=True)
class Times:
    """When the token was made and until when it is good, in seconds of the epoch."""

    issued: float
    expires: float


def judge_text(claims: Mapping[str, Any], claim: str) -> str:
    """The claim as text of 1 to 255 characters that can be stored. Raises ClaimRefused."""
    value = claims.get(claim)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
        raise ClaimRefused(claim, f"must be text of 1 to {MAX_TEXT} characters")
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise ClaimRefused(claim, "holds characters that are no text")
    return value


def judge_equal(claims: Mapping[str, Any], claim: str, *, wanted: str) -> None:
    """Nothing, if the claim is exactly `wanted`. Raises ClaimRefused."""
    if claims.get(claim) != wanted:
        raise ClaimRefused(claim, f"must be {wanted}")


def audiences(claims: Mapping[str, Any]) -> list[str]:
    """The audiences, one or several (RFC 7519 section 4.1.3). Raises ClaimRefused."""
    value = claims.get("aud")
    found: list[object] = value if isinstance(value, list) else [value]
    texts = [audience for audience in found if isinstance(audience, str)]
    if not texts or len(texts) != len(found):
        raise ClaimRefused("aud", "must be text, or a list of texts")
    return texts


def judge_audience(claims: Mapping[str, Any], *, ours: Collection[str], others_allowed: bool) -> None:
    """Nothing, if one of `ours` is an audience, and no other one unless allowed. Raises ClaimRefused."""
    named = set(audiences(claims))
    if not named & set(ours):
        raise ClaimRefused("aud", f"must contain {next(iter(ours))}")
    if not others_allowed and named - set(ours):
        raise ClaimRefused("aud", "names an audience we do not know")


def judge_times(claims: Mapping[str, Any], *, now: datetime, max_age_seconds: int) -> Times:
    """`iat` and `exp` held against the clock, with the leeway of the settings. Raises ClaimRefused.

    `max_age_seconds` bounds the age by `iat`, leeway on top; the life of a token is capped at an hour.
    """
    leeway, moment = settings.LTI_CLOCK_LEEWAY_SECONDS, now.timestamp()
    issued, expires = _number(claims, "iat"), _number(claims, "exp")
    if moment >= expires + leeway:
        raise ClaimRefused("exp", "has passed")
    if not 0 < expires - issued <= MAX_LIFETIME_SECONDS:
        raise ClaimRefused("exp", f"must be after iat, by {MAX_LIFETIME_SECONDS} seconds at most")
    if issued > moment + leeway:
        raise ClaimRefused("iat", "lies in the future")
    if moment - issued >= max_age_seconds + leeway:
        raise ClaimRefused("iat", "is too long ago")
    if "nbf" in claims and _number(claims, "nbf") > moment + leeway:
        raise ClaimRefused("nbf", "lies in the future")
    return Times(issued=issued, expires=expires)


def spend(claim: str, value: str, *, namespace: str, expires: float, now: datetime) -> None:
    """Uses a one-time value up, until it could no longer be presented. Raises JwtReplayed."""
    until = datetime.fromtimestamp(expires + settings.LTI_CLOCK_LEEWAY_SECONDS, UTC)
    try:
        replay.use_once(value, namespace=namespace, expires_at=until, now=now)
    except AlreadyUsed as error:
        raise JwtReplayed(claim) from error


def _number(claims: Mapping[str, Any], claim: str) -> float:
    value = claims.get(claim)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MAX_EPOCH_SECONDS:
        raise ClaimRefused(claim, "must be a number of seconds (RFC 7519 section 2)")
    return value
