"""Periodic work: registered by each package's `tasks.py`, run by one worker at a time under a lease."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from lti_platform.journal.actors import Actor, acting_as
from lti_platform.journal.clock import clock_from
from lti_platform.journal.models import ScheduledRun

log = logging.getLogger(__name__)
LEASES = 2


class Periodic(Protocol):
    def __call__(self, *, now: datetime) -> Any: ...


_jobs: dict[str, tuple[float, Periodic]] = {}
_vital: set[str] = set()
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def every(*, seconds: float, is_vital: bool = False) -> Callable[[Decorated], Decorated]:
    """Registers a function of `(*, now)` to run about every so many seconds.

    `is_vital` where nothing works that people wait for unless it ends well: `last_run` speaks of these.
    """

    def register(function: Decorated) -> Decorated:
        name = f"{function.__module__.removesuffix('.tasks')}:{function.__name__}"
        _jobs[name] = (seconds, function)
        if is_vital:
            _vital.add(name)
        return function

    return register


def lease() -> timedelta:
    """How long a run keeps others out; a job may overlap itself after that, so each claims what it works on."""
    return timedelta(seconds=LEASES * settings.REACTION_LEASE_SECONDS)


def jobs() -> dict[str, float]:
    """Name → seconds between runs."""
    return {name: seconds for name, (seconds, _) in _jobs.items()}


def run(name: str, *, now: datetime) -> bool:
    """Runs the job unless another worker is at it; True when it ran to its end. Failures are logged; it runs again."""
    token = _take(name, now=now)
    if token is None:
        return False
    clock, kept = clock_from(now), dict[str, datetime]()
    try:
        with acting_as(Actor("system", name)):
            _jobs[name][1](now=now)
        kept["ran_at"] = clock()
    except Exception:  # a failing sweep must not stop the others
        log.exception("periodic %s failed", name)
    finally:
        ScheduledRun.objects.filter(name=name, lease=token).update(lease=None, leased_until=None, **kept)
    return bool(kept)


def vital_jobs() -> list[str]:
    """Names of the jobs that people wait for, in order."""
    return sorted(_vital)


def last_run() -> datetime | None:
    """Since when no vital job has ended well: the oldest of their last good ends; None while one of them has none."""
    runs = ScheduledRun.objects.filter(name__in=_vital).values_list("ran_at", flat=True)
    moments = [moment for moment in runs if moment]
    return min(moments) if len(moments) == len(_vital) else None


def _take(name: str, *, now: datetime) -> uuid.UUID | None:
    token, until = uuid.uuid4(), now + lease()
    free = ScheduledRun.objects.filter(name=name).filter(Q(leased_until=None) | Q(leased_until__lte=now))
    if free.update(lease=token, leased_until=until):
        return token
    try:
        with transaction.atomic():
            ScheduledRun.objects.create(name=name, lease=token, leased_until=until)
    except IntegrityError:
        return None
    return token
