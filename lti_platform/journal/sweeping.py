"""Sweeping what is owed to hosts of others: one try each, for a minute at most, a host that failed left alone."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from lti_platform.journal.clock import Clock

log = logging.getLogger(__name__)
SWEEP = timedelta(seconds=60)  # with a last try, less than the lease of a periodic run


def sweep(
    due: Callable[[datetime], QuerySet[Any]],
    *,
    attempt: Callable[[Any], int | None],
    place: str,
    clock: Clock,
    most: int,
) -> int:
    """One try at each row that is due, in the order of `due`, `most` read at a time; how many arrived.

    `due` gives the rows that may be had at a moment; `attempt` takes a row's key, claims and tries it, and says how
    many rows arrived, or None when its place failed: the field `place` names whom the others must not wait for.
    """
    began, arrived, seen, failing = clock(), 0, set[Any](), set[Any]()
    while (moment := clock()) - began < SWEEP:
        rows = due(moment).exclude(pk__in=seen).exclude(**{f"{place}__in": failing})
        if not (batch := list(rows.values_list("pk", place)[:most])):
            break
        for key, where in batch:
            seen.add(key)
            if where in failing or clock() - began >= SWEEP:
                continue
            made = _made(attempt, key)
            arrived += made or 0
            if made is None:
                failing.add(where)
    return arrived


def _made(attempt: Callable[[Any], int | None], key: Any) -> int | None:
    try:
        return attempt(key)
    except Exception:  # what one row does to us must not stop the others; its claim counted the try
        log.exception("a try at %s failed", key)
        return None
