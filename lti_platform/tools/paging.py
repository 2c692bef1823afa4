"""Pages of a list: cursors that are signed and survive a client that lower-cases its next link.

A cursor carries the filters of the first request too: whatever a client does to the visible ones, the next
page continues the same list.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.utils.crypto import salted_hmac

from lti_platform.tools.service_errors import BadRequest

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
CURSOR = "cursor"
LIMIT = "limit"
MAC_BYTES = 16
MAX_CURSOR_CHARACTERS = 4096

Item = TypeVar("Item", bound=Model)


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """Up to `limit` items, and the cursor of the next page; empty after the last."""

    items: list[Item]
    next_cursor: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a list request asks for; `filters` as in the first request, `cursor` empty for the first page."""

    filters: Mapping[str, str]
    limit: int
    cursor: str


def asked(query: Mapping[str, str]) -> Asked:
    """The query of a list request (such as `request.GET`), resumed from its cursor if it has one.

    Raises BadRequest for a limit that is not a whole number from 1, or a cursor we did not make.
    """
    filters = {name: value for name, value in query.items() if name not in {CURSOR, LIMIT}}
    limit, cursor = query.get(LIMIT, ""), query.get(CURSOR, "")
    if cursor:
        filters = dict(opened(cursor).filters) or filters
    return Asked(filters=filters, limit=_limit(limit), cursor=cursor)


def page(queryset: QuerySet[Item], *, limit: int, cursor: str = "") -> Page[Item]:
    """The next `limit` items in the order of the primary key, by one query.

    Raises BadRequest for a cursor that is not ours, or was made for another list.
    """
    kind = queryset.model._meta.label_lower
    if cursor:
        resumed = opened(cursor)
        if resumed.kind != kind:
            raise BadRequest("cursor_invalid", "This cursor belongs to another list.")
        queryset = queryset.filter(pk__gt=resumed.after)
    found = list(queryset.order_by("pk")[: limit + 1])
    items = found[:limit]
    more = len(found) > limit
    return Page(items=items, next_cursor=sealed(Cursor(kind, str(items[-1].pk), {})) if more else "")


def link_header(
    url: str, *, params: Mapping[str, Any], next_cursor: str, hidden: Mapping[str, str] | None = None
) -> str:
    """The value of Link (RFC 8288) for the next page, with the filters and the limit; empty without one.

    `hidden` are filters that only the cursor carries.
    """
    if not next_cursor:
        return ""
    kept = {name: str(value) for name, value in params.items() if name != CURSOR}
    filters = {name: value for name, value in kept.items() if name != LIMIT}
    cursor = sealed(opened(next_cursor)._replace(filters={**filters, **(hidden or {})}))
    return f'<{url}?{urlencode({**kept, CURSOR: cursor})}>; rel="next"'


class Cursor(NamedTuple):
    """Which list, the last primary key sent, and the filters of the first request."""

    kind: str
    after: str
    filters: Mapping[str, str]


def first_header(url: str, *, params: Mapping[str, Any]) -> str:
    """The value of Link for the first page of the list."""
    return f'<{url}?{urlencode(params)}>; rel="first"'


def _limit(text: str) -> int:
    if not text:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise BadRequest("limit_invalid", "limit is a whole number from 1.")
    return min(int(text), MAX_LIMIT)


def sealed(cursor: Cursor) -> str:
    """The cursor as text that only we can make, whatever becomes of its case."""
    content = json.dumps([cursor.kind, cursor.after, dict(cursor.filters)], separators=(",", ":")).encode()
    return base64.b32encode(_mac(content) + content).decode().rstrip("=").lower()


def opened(text: str) -> Cursor:
    """What `sealed` made. Raises BadRequest for anything else."""
    try:
        if len(text) > MAX_CURSOR_CHARACTERS or not text.isascii():
            raise ValueError("no cursor of ours looks like that")
        decoded = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError as error:
        raise BadRequest("cursor_invalid", "This cursor is not one of ours.") from error
    mac, content = decoded[:MAC_BYTES], decoded[MAC_BYTES:]
    # Base32 leaves bits unused at the end: only the one spelling we sent is ours.
    if not hmac.compare_digest(mac, _mac(content)) or sealed(Cursor(*json.loads(content))) != text.lower():
        raise BadRequest("cursor_invalid", "This cursor is not one of ours.")
    return Cursor(*json.loads(content))


def _mac(content: bytes) -> bytes:
    return salted_hmac("tools.paging", content, algorithm="sha256").digest()[:MAC_BYTES]
