"""Files that a tool gives are fetched while it serves them: when its answer comes (Deep Linking 2.0, 3.3)."""

import hashlib
import mimetypes
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_platform.launches.deep_linking import items as content_items
from lti_platform.launches.deep_linking.errors import ItemRefused, ItemsRefused, Problem
from lti_platform.launches.deep_linking.items import FILE, Item
from lti_platform.launches.models import ContentFile, ContentRequest
from lti_platform.outbound.errors import AddressNotPublic, OutboundError, OutboundTooLarge
from lti_platform.outbound.http import Response, fetch

MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024
SECONDS = 10
SECONDS_FOR_ALL = 30
REDIRECTS = 2
SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A file as it came; `position` is its item's, from 0."""

    position: int
    media_type: str
    body: bytes


def names_files(given: Any) -> bool:
    """Whether `content_items`, as it came, holds a file."""
    return isinstance(given, list) and any(isinstance(one, dict) and one.get("type") == FILE for one in given)


def fetch_files(
    picked: Sequence[Item], *, accepted: str, seconds_for_all: float = SECONDS_FOR_ALL
) -> list[Fetched]:
    """Every file among the items, one after another. `accepted` lists media types, as the tool was told them.

    Raises ItemsRefused, naming each file that did not come as it should.
    """
    found: list[Fetched] = []
    problems: list[Problem] = []
    ends_at = time.monotonic() + seconds_for_all
    for position, item in enumerate(picked):
        if item["kind"] != FILE:
            continue
        try:
            if len(found) + len(problems) >= MOST_FILES:
                raise ItemRefused("url", "too_many_files")
            seconds = min(SECONDS, ends_at - time.monotonic())
            found.append(_fetched(item, position=position, accepted=accepted, seconds=seconds))
        except ItemRefused as error:
            problems.append(content_items.problem(error, item, position=position + 1))
    if problems:
        raise ItemsRefused(problems)
    return found


def keep_files(request: ContentRequest, files: Sequence[Fetched]) -> None:
    """Puts the files beside the answer that named them."""
    ContentFile.objects.bulk_create(
        ContentFile(
            request=request,
            position=file.position,
            media_type=file.media_type,
            sha256=hashlib.sha256(file.body).hexdigest(),
            size_bytes=len(file.body),
            body=file.body,
        )
        for file in files
    )


def _fetched(item: Item, *, position: int, accepted: str, seconds: float) -> Fetched:
    """One file. Raises ItemRefused."""
    if seconds <= 0:
        raise ItemRefused("url", "not_fetched")
    url = item["url"].partition("#")[0]
    try:
        answer = fetch(url, max_bytes=MOST_BYTES, timeout_seconds=seconds, same_host_redirects=REDIRECTS)
    except OutboundTooLarge as error:
        raise ItemRefused("url", "too_large") from error
    except AddressNotPublic as error:
        raise ItemRefused("url", "not_public") from error
    except OutboundError as error:
        raise ItemRefused("url", "not_fetched") from error
    if answer.status != 200 or not answer.body:
        raise ItemRefused("url", "not_fetched")
    media_type = _media_type(answer, item=item)
    if not content_items.is_media_type_accepted(media_type, accepted=accepted):
        raise ItemRefused("url", "of_another_kind")
    return Fetched(position=position, media_type=media_type, body=answer.body)


def _media_type(answer: Response, *, item: Item) -> str:
    """What the server calls it; where that says nothing, what the tool calls it, or what its name ends in."""
    served = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if served not in SAYS_NOTHING:
        return served
    declared = str(item["details"].get("mediaType", "")).partition(";")[0].strip()
    return declared or mimetypes.guess_type(urlsplit(item["url"]).path)[0] or ""
