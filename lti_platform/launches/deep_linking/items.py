"""Content items, read strictly and all together: one that breaks a rule refuses them all (Deep Linking 2.0, 3)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lti_platform.launches import steps
from lti_platform.launches.deep_linking import members
from lti_platform.launches.deep_linking.cleaning import cleaned
from lti_platform.launches.deep_linking.errors import (
    ItemRefused,
    ItemsMalformed,
    ItemsRefused,
    Problem,
    SeveralItems,
)
from lti_platform.launches.deep_linking.line_item import line_item
from lti_platform.launches.deep_linking.members import Json
from lti_platform.launches.deep_linking.words import RULES
from lti_platform.tools.models import Registration

LINK, FILE, HTML, IMAGE, RESOURCE_LINK = "link", "file", "html", "image", "ltiResourceLink"
MOST_ITEMS = 50
MOST_TITLE = 200
MOST_HTML = 100_000
# Restricted names (RFC 6838, 4.2), no longer than we keep.
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,48}/[a-z0-9][a-z0-9!#$&^_.+-]{0,48}")
Item = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for, of whom, and what time it is."""

    settings: Mapping[str, Any]
    registration: Registration
    now: datetime


def read(given: Any, *, wanted: Wanted) -> list[Item]:
    """Every item as it will be kept: kind, title, text, url, html, details, custom, line_item, times.

    Absent and null are an empty list. Raises ItemsMalformed, SeveralItems, ItemsRefused.
    """
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > MOST_ITEMS:
        raise ItemsMalformed
    if len(given) > 1 and not wanted.settings["accept_multiple"]:
        raise SeveralItems
    items, problems = [], []
    for position, one in enumerate(given, start=1):
        try:
            items.append(item(one, wanted=wanted))
        except ItemRefused as error:
            problems.append(problem(error, one, position=position))
    if problems:
        raise ItemsRefused(problems)
    return items


def problem(error: ItemRefused, given: Any, *, position: int) -> Problem:
    """What is wrong with the item, and which one it is."""
    title = given.get("title") if isinstance(given, dict) else ""
    return Problem(
        position=position,
        title=steps.plain(title.strip(), limit=80) if isinstance(title, str) else "",
        member=steps.plain(error.member, limit=80),
        rule=error.rule,
        words=RULES[error.rule],
    )


def item(given: Any, *, wanted: Wanted) -> Item:
    """One item. Raises ItemRefused."""
    if not isinstance(given, dict):
        raise ItemRefused("item", "not_an_object")
    kind = members.text(given, "type", longest=255)
    if not kind:
        raise ItemRefused("type", "missing")
    if kind not in wanted.settings["accept_types"]:
        raise ItemRefused("type", "not_accepted")
    return {
        "kind": kind,
        "title": members.text(given, "title", longest=MOST_TITLE),
        "text": members.text(given, "text", longest=members.MOST_TEXT),
        **READERS.get(kind, of_another_type)(given, wanted),
    }


def pictures(given: Json) -> dict[str, Any]:
    """Icon and thumbnail, where told."""
    found = {name: members.picture(given, name) for name in ("icon", "thumbnail")}
    return {name: value for name, value in found.items() if value}


def window(given: Json) -> dict[str, Any]:
    """Name, features and size of the window to open, where told."""
    hint = members.mapping(given, "window")
    words = {
        name: members.text(hint, name, longest=255, within="window")
        for name in ("targetName", "windowFeatures")
    }
    found = {**{name: value for name, value in words.items() if value}, **members.size(hint, within="window")}
    return {"window": found} if found else {}


def of_resource_link(given: Json, wanted: Wanted) -> Item:
    """A link of the tool: its own address, parameters, line item and times."""
    tool = wanted.registration
    # An empty object names no size, but says that a frame is wanted.
    is_framed = given.get("iframe") is not None
    hint = {"iframe": members.size(members.mapping(given, "iframe"), within="iframe")} if is_framed else {}
    scored = line_item(given, registration=tool)
    return {
        "url": members.own_address(given, "url", registration=tool),
        "details": {**pictures(given), **window(given), **hint},
        "custom": members.texts(given, "custom"),
        "line_item": scored if wanted.settings["accept_lineitem"] else {},
        "available": members.window_of_time(given, "available"),
        "submission": members.window_of_time(given, "submission"),
    }


def of_link(given: Json, wanted: Wanted) -> Item:
    """A page anywhere: opened in a window, or shown by the HTML or the frame that came with it."""
    found: Item = {"url": members.address(given, "url", required=True), "html": ""}
    details = {**pictures(given), **window(given)}
    if embed := members.mapping(given, "embed"):
        html = members.text(embed, "html", longest=MOST_HTML, within="embed")
        if not html:
            raise ItemRefused("embed.html", "missing")
        found["html"] = cleaned(html)
    if frame := members.mapping(given, "iframe"):
        source = members.address(frame, "src", within="iframe", required=True)
        details["iframe"] = {"src": source, **members.size(frame, within="iframe")}
    return {**found, "details": details}


def of_file(given: Json, wanted: Wanted) -> Item:
    """A file, which is fetched once the whole answer is found good."""
    url = members.address(given, "url", required=True)
    expires = members.end(given, "expiresAt")
    if expires and expires <= wanted.now:
        raise ItemRefused("expiresAt", "time_passed")
    media_type = members.text(given, "mediaType", longest=100).lower()
    if media_type and not is_media_type_accepted(media_type, accepted=wanted.settings["accept_media_types"]):
        raise ItemRefused("mediaType", "not_accepted")
    details = {**pictures(given), **({"mediaType": media_type} if media_type else {})}
    return {"url": url, "details": details, "expires_at": expires.isoformat() if expires else ""}


def is_media_type_accepted(media_type: str, *, accepted: str) -> bool:
    """Whether the list of media types, "application/pdf,image/*", holds it; its parameters do not count."""
    name = media_type.partition(";")[0].strip()
    if not MEDIA_TYPE.fullmatch(name):
        return False
    family = f"{name.partition('/')[0]}/*"
    return bool({name, family, "*/*"} & {one.strip() for one in accepted.split(",")})


def of_html(given: Json, wanted: Wanted) -> Item:
    """A piece of HTML, cleaned."""
    html = members.text(given, "html", longest=MOST_HTML)
    if not html:
        raise ItemRefused("html", "missing")
    if not (kept := cleaned(html)):
        raise ItemRefused("html", "nothing_left")
    return {"html": kept}


def of_image(given: Json, wanted: Wanted) -> Item:
    """A picture at its address."""
    url = members.address(given, "url", required=True)
    return {"url": url, "details": {**pictures(given), **members.size(given)}}


def of_another_type(given: Json, wanted: Wanted) -> Item:
    """A type of a vendor's own that settings name: what every type has, and its address if it has one."""
    return {"url": members.address(given, "url"), "details": pictures(given)}


READERS: dict[str, Callable[[Json, Wanted], Item]] = {
    RESOURCE_LINK: of_resource_link,
    LINK: of_link,
    FILE: of_file,
    HTML: of_html,
    IMAGE: of_image,
}
