"""Fetching a tool's key set: when it may be, when it must be, and what is kept when it fails."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import translation

from keys.errors import KeySetRefused
from keys.jwks import MAX_KEY_SET_BYTES, KeySet
from lti_platform.outbound.errors import OutboundError
from lti_platform.outbound.http import Response, fetch
from lti_platform.tools.models import FetchedKeySet, Registration

TIMEOUT_SECONDS = 5
REDIRECTS = 2
SHORTEST, LONGEST, UNSAID = timedelta(minutes=5), timedelta(hours=24), timedelta(minutes=15)
HARD_STALE = timedelta(hours=48)  # after so long without one good answer, the kept set proves nothing
RETRY_PAUSE = timedelta(seconds=15)
FORCED_PAUSE = timedelta(seconds=60)

MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
NOT_KEPT = re.compile(r"(?:^|[\s,])no-(?:store|cache)", re.IGNORECASE)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fetched:
    """A key set as it came: its exact text, and for how long it is fresh."""

    body: str
    lifetime: timedelta


class FetchFailed(Exception):
    """The key set did not come, or is none; the message is short and safe to show."""


class NotServed(FetchFailed):
    """Its address answers, but with another status than 200."""


def lifetime(cache_control: str) -> timedelta:
    """How long an answer may be kept: max-age held between 5 minutes and 24 hours, 15 minutes when unsaid."""
    if NOT_KEPT.search(cache_control):
        return SHORTEST
    found = MAX_AGE.search(cache_control)
    return min(max(timedelta(seconds=int(found[1])), SHORTEST), LONGEST) if found else UNSAID


def is_usable(row: FetchedKeySet, *, now: datetime) -> bool:
    """Whether the kept set may still verify, fresh or not."""
    return bool(row.body and row.fetched_at and now - row.fetched_at < HARD_STALE)


def is_fresh(row: FetchedKeySet, *, now: datetime) -> bool:
    """Whether nobody needs to ask the tool now."""
    return bool(row.fresh_until and now < row.fresh_until)


def claim_forced(registration: Registration, *, now: datetime) -> bool:
    """Takes this minute's one fetch for an unknown kid; False when it was taken."""
    row = FetchedKeySet.objects.filter(registration=registration)
    free = Q(tried_at=None) | Q(tried_at__lte=now - FORCED_PAUSE)
    return bool(row.filter(free).update(tried_at=now))


def claim_routine(registration: Registration, *, now: datetime) -> bool:
    """Takes the turn to renew a set that is no longer fresh; False when another process has it."""
    row = FetchedKeySet.objects.filter(registration=registration)
    free = Q(fresh_until=None) | Q(fresh_until__lte=now)
    return bool(row.filter(free).update(fresh_until=now + RETRY_PAUSE))


def refresh(registration: Registration, *, now: datetime) -> FetchedKeySet:
    """Asks the tool once and keeps what came; a failure keeps the last good set, with the error beside it."""
    try:
        came = judged(_ask(registration.jwks_uri))
    except FetchFailed as error:
        log.warning("key set of client %s: %s", registration.client_id, error)
        return note_failure(registration, str(error), now=now)
    return keep(registration, came, now=now)


def note_failure(registration: Registration, why: str, *, now: datetime) -> FetchedKeySet:
    """Keeps why no key set came, beside the last good one."""
    failed = {"last_error": why[:300], "fresh_until": now + RETRY_PAUSE}
    return FetchedKeySet.objects.update_or_create(registration=registration, defaults=failed)[0]


def keep(registration: Registration, came: Fetched, *, now: datetime) -> FetchedKeySet:
    """Keeps a key set that just came."""
    change = {"last_error": "", "fresh_until": now + came.lifetime, "body": came.body, "fetched_at": now}
    return FetchedKeySet.objects.update_or_create(registration=registration, defaults=change)[0]


def judged(answer: Response) -> Fetched:
    """The key set in an answer. Raises NotServed, FetchFailed."""
    if answer.status != 200:
        raise NotServed(f"It answered with status {answer.status}.")
    try:
        KeySet.parse(answer.body)
        body = answer.body.decode()
    except (KeySetRefused, UnicodeDecodeError) as error:
        raise FetchFailed(f"It sent no key set: {error}.") from error
    return Fetched(body=body, lifetime=lifetime(answer.headers.get("cache-control", "")))


def _ask(url: str) -> Response:
    try:
        return fetch(
            url,
            headers={"Accept": "application/json"},
            max_bytes=MAX_KEY_SET_BYTES,
            timeout_seconds=TIMEOUT_SECONDS,
            same_host_redirects=REDIRECTS,
        )
    except OutboundError as error:
        with translation.override("en"):  # kept for whoever looks later, in whatever language
            raise FetchFailed(str(error)) from error
