"""The member `submissionReview` of a line item: when and where its tool shows a submission."""

from collections.abc import Mapping
from typing import Any

from gradebook.errors import Malformed
from gradebook.scores import ACTIVITY_PROGRESS
from lti_platform.tools import web_addresses

FIELD = "submissionReview"
REVIEWABLE = (*ACTIVITY_PROGRESS, "None")  # "None" before any score
LABEL_CHARACTERS = 255
MOST_PARAMETERS = 50
PARAMETER_CHARACTERS = 2000


def read(value: Any, *, domains: list[str]) -> dict[str, Any] | None:
    """The member as it is kept, members we do not know left out; None when absent or null.

    `url` lies within the tool's `domains`. Raises Malformed.
    """
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Malformed(FIELD, "is not an object")
    kept = {
        "reviewableStatus": _statuses(value.get("reviewableStatus")),
        "label": _text(value, "label", longest=LABEL_CHARACTERS),
        "url": _address(value, domains=domains),
        "custom": _custom(value.get("custom")),
    }
    return {name: said for name, said in kept.items() if said or name == "reviewableStatus"}


def _statuses(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one in REVIEWABLE for one in value):
        raise Malformed(f"{FIELD}.reviewableStatus", f"is a list of {', '.join(REVIEWABLE)}")
    return list(dict.fromkeys(value))


def _text(body: Mapping[str, Any], name: str, *, longest: int) -> str:
    value = body.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > longest):
        raise Malformed(f"{FIELD}.{name}", f"is not a string of up to {longest} characters")
    return (value or "").strip()


def _address(body: Mapping[str, Any], *, domains: list[str]) -> str:
    url = _text(body, "url", longest=web_addresses.MAX_CHARACTERS)
    if url and (web_addresses.fault(url) or (domains and not web_addresses.is_within(url, domains=domains))):
        raise Malformed(f"{FIELD}.url", "is no HTTPS address within the tool's domains")
    return url


def _custom(value: Any) -> dict[str, str]:
    """Names and values are strings (LTI Core 5.4.6)."""
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MOST_PARAMETERS:
        raise Malformed(f"{FIELD}.custom", f"is not an object of up to {MOST_PARAMETERS} members")
    for name in value:
        _text(value, name, longest=PARAMETER_CHARACTERS)
    return {name: text or "" for name, text in value.items()}
