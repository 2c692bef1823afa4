"""What a request for a roster asks: a full list, what has changed since one, or the next page of either."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from lti_platform.tools import paging
from lti_platform.tools.paging import Asked, Cursor
from lti_platform.tools.service_errors import BadRequest, ServiceError

# The query parameter that says "since then", and how long it may be asked back.
DIFFERENCES: Final = "differences"
LIFETIME = timedelta(days=30)
VISIBLE = ("role", "rlid")


@dataclass(frozen=True, kw_only=True)
class RosterQuery:
    """`since` is a place in the course's log of changes, None for a full list; `until` where the next one begins."""

    role: str
    rlid: str
    since: int | None
    until: int

    @property
    def visible(self) -> dict[str, str]:
        """The filters as a tool wrote them."""
        told = {"role": self.role, "rlid": self.rlid}
        return {name: value for name, value in told.items() if value}

    @property
    def hidden(self) -> dict[str, str]:
        """What only our cursors carry from page to page."""
        since = {} if self.since is None else {"since": str(self.since)}
        return {**since, "until": str(self.until)}


def read(asked: Asked, *, context_id: UUID, position: int, now: datetime) -> RosterQuery:
    """What is asked, of a course whose log of changes ends at `position`.

    Pages that follow keep the position of the first: a change in between is told next time.
    Raises BadRequest for a differences address that is not ours; ServiceError 410 for one too old.
    """
    filters = asked.filters
    if not asked.cursor and (token := filters.get(DIFFERENCES)):
        filters = _since(token, context_id=context_id, now=now)
    elif not asked.cursor:
        filters = {name: filters[name] for name in VISIBLE if name in filters}
    since = filters.get("since")
    return RosterQuery(
        role=filters.get("role", ""),
        rlid=filters.get("rlid", ""),
        since=None if since is None else int(since),
        until=int(filters.get("until", position)),
    )


def differences_header(url: str, query: RosterQuery, *, context_id: UUID, now: datetime) -> str:
    """The value of Link for what will have changed after this list, with the list's filters (NRPS 2.4.3)."""
    told = {**query.visible, "since": str(query.until), "at": str(int(now.timestamp()))}
    token = paging.sealed(Cursor(DIFFERENCES, str(context_id), told))
    return f'<{url}?{DIFFERENCES}={token}>; rel="{DIFFERENCES}"'


def _since(token: str, *, context_id: UUID, now: datetime) -> dict[str, str]:
    said = paging.opened(token)
    if (said.kind, said.after) != (DIFFERENCES, str(context_id)):
        raise BadRequest("differences_invalid", "This address was given for another list.")
    if now.timestamp() - int(said.filters["at"]) > LIFETIME.total_seconds():
        raise ServiceError(410, "differences_expired", "Ask for the whole list again.")
    return dict(said.filters)
