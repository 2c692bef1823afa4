"""Members of a content item, read strictly. Everything here raises ItemRefused, naming the member.

An optional member that is null counts as absent: tools' libraries send it so.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lti_platform.journal.clock import ending, imaginable
from lti_platform.launches.deep_linking.errors import ItemRefused
from lti_platform.tools import web_addresses
from lti_platform.tools.models import Registration

Json = Mapping[str, Any]
MOST_TEXT = 10_000
MOST_ENTRIES = 100
FRAGMENT = re.compile(r"[!$%&()*+,\-./0-9:;=?@A-Z_a-z~]*")
MOST_NUMBER = 10**9


def text(source: Json, name: str, *, longest: int, within: str = "") -> str:
    """The member's text, trimmed; empty when absent."""
    value = source.get(name)
    return "" if value is None else checked_text(value, member=path(within, name), longest=longest)


def checked_text(value: Any, *, member: str, longest: int) -> str:
    """The value as trimmed text that every database keeps."""
    if not isinstance(value, str) or "\x00" in value or any("\ud800" <= one <= "\udfff" for one in value):
        raise ItemRefused(member, "not_text")
    if len(value) > longest:
        raise ItemRefused(member, "too_long")
    return value.strip()


def mapping(source: Json, name: str) -> Json:
    """The member's object; empty when absent."""
    value = source.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ItemRefused(name, "not_an_object")
    return value


def number(source: Json, name: str, *, within: str = "") -> float | int | None:
    """A finite number above 0; None when absent."""
    value = source.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ItemRefused(path(within, name), "not_a_number")
    if not 0 < value < MOST_NUMBER or not math.isfinite(value):
        raise ItemRefused(path(within, name), "not_a_number")
    return value


def address(source: Json, name: str, *, within: str = "", required: bool = False) -> str:
    """A full https address that leads to no private network by number; a fragment may follow. Empty when absent."""
    url, member = text(source, name, longest=web_addresses.MAX_CHARACTERS, within=within), path(within, name)
    if not url:
        if required:
            raise ItemRefused(member, "missing")
        return ""
    page, _, fragment = url.partition("#")
    if rule := web_addresses.fault(page):
        raise ItemRefused(member, rule)
    if not FRAGMENT.fullmatch(fragment):
        raise ItemRefused(member, "not_an_address")
    if is_inside(page):
        raise ItemRefused(member, "not_public")
    return url


def own_address(source: Json, name: str, *, registration: Registration, within: str = "") -> str:
    """An address in the tool's declared domains; without any, on the host of its launch address. Empty when absent."""
    url = address(source, name, within=within)
    domains = [str(domain) for domain in registration.domains]
    own = urlsplit(registration.target_link_uri).netloc
    if url and not web_addresses.is_within(url.partition("#")[0], domains=domains or [own]):
        raise ItemRefused(path(within, name), "outside_domain")
    return url


def is_inside(url: str) -> bool:
    """Whether the address is a private network's by number, or a name without a domain such as localhost."""
    host = web_addresses.place(url).rpartition(":")[0] or web_addresses.place(url)
    is_name_alone = "." not in host and ":" not in host and url.startswith("https:")
    return is_name_alone or web_addresses.leads_inside(url)


def picture(source: Json, name: str) -> dict[str, Any]:
    """An icon or thumbnail: its address, and its size where told. Empty when absent."""
    given = mapping(source, name)
    if not given:
        return {}
    return {"url": address(given, "url", within=name, required=True), **size(given, within=name)}


def size(source: Json, *, within: str = "") -> dict[str, Any]:
    """Width and height, where told."""
    found = {side: number(source, side, within=within) for side in ("width", "height")}
    return {side: value for side, value in found.items() if value is not None}


def texts(source: Json, name: str) -> dict[str, str]:
    """An object whose values are all text, empty ones among them (LTI Core 5.4.6). Empty when absent."""
    given = mapping(source, name)
    if len(given) > MOST_ENTRIES:
        raise ItemRefused(name, "too_many")
    found = {}
    for key, value in given.items():
        plain = checked_text(key, member=name, longest=255)
        found[plain] = checked_text(value, member=path(name, plain), longest=MOST_TEXT)
    return found


def moment(source: Json, name: str, *, within: str = "") -> datetime | None:
    """A time with its zone, in UTC (ISO 8601); None when absent."""
    return _read_moment(source, name, within=within, judged=imaginable)


def end(source: Json, name: str, *, within: str = "") -> datetime | None:
    """The time until which something is open, read as `moment` does; one in the year 9999 or so means no end."""
    return _read_moment(source, name, within=within, judged=ending)


def _read_moment(
    source: Json, name: str, *, within: str, judged: Callable[[datetime], datetime | None]
) -> datetime | None:
    written, member = text(source, name, longest=64, within=within), path(within, name)
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
        if found.tzinfo is None:
            raise ItemRefused(member, "not_a_time")
        return judged(found)
    except ValueError as error:
        raise ItemRefused(member, "not_a_time") from error


def window_of_time(source: Json, name: str) -> dict[str, str]:
    """From when and until when, as ISO 8601 in UTC, where told (Deep Linking 2.0, available and submission)."""
    given = mapping(source, name)
    opens, closes = moment(given, "startDateTime", within=name), end(given, "endDateTime", within=name)
    if opens and closes and closes <= opens:
        raise ItemRefused(path(name, "endDateTime"), "before_start")
    return {key: at.isoformat() for key, at in (("start", opens), ("end", closes)) if at}


def flag(source: Json, name: str, *, within: str = "") -> bool | None:
    """True, false, or None when absent."""
    value = source.get(name)
    if value is not None and not isinstance(value, bool):
        raise ItemRefused(path(within, name), "not_true_or_false")
    return value


def path(within: str, name: str) -> str:
    """The member's name as it is told: "lineItem.scoreMaximum"."""
    return f"{within}.{name}" if within else name
