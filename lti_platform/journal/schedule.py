"""Periodic work: registered by each package's `tasks.py`, run by one worker at a time under a lease."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from lti_platform.journal.actors import Actor, acting_as
from lti_platform.journal.models import ScheduledRun

log = logging.getLogger(__name__)
LEASES = 2


class Periodic(Protocol):
    def __call__(self, *, now: datetime) -> Any: ...


_jobs: dict[str, tuple[float, Periodic]] = {}
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def every(*, seconds: float) -> Callable[[Decorated], Decorated]:
    """Registers a function of `(*, now)` to run about every so many seconds."""

    def register(function: Decorated) -> Decorated:
        name = f"{function.__module__.removesuffix('.tasks')}:{function.__name__}"
        _jobs[name] = (seconds, function)
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
    try:
        with acting_as(Actor("system", name)):
            _jobs[name][1](now=now)
    except Exception:  # a failing sweep must not stop the others
        log.exception("periodic %s failed", name)
        return False
    finally:
        ScheduledRun.objects.filter(name=name, lease=token).update(lease=None, leased_until=None, ran_at=now)
    return True


def last_run() -> datetime | None:
    """When a worker last ended a run of any job; None when none ever did."""
    latest: datetime | None = ScheduledRun.objects.aggregate(latest=Max("ran_at"))["latest"]
    return latest


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
