"""Running a check-up and keeping it."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import transaction

from lti_platform.journal.recording import record
from lti_platform.tools.checking import (
    asking,
    framing,
    key_sets,
    login,
    our_side,
    redirects,
    service_use,
    transport,
)
from lti_platform.tools.checking.contributing import contributed
from lti_platform.tools.checking.findings import Finding, worst
from lti_platform.tools.checking.subject import Subject, questions
from lti_platform.tools.facts import ToolChecked
from lti_platform.tools.models import CheckUp, Registration

PAUSE = timedelta(seconds=5)  # a button pressed twice asks the vendor's servers once
KEPT = 20
CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    login.check,
    key_sets.check,
    redirects.check,
    transport.check_tls,
    transport.check_clock,
    framing.check,
    service_use.check_tokens,
    service_use.check_scopes,
    our_side.check,
)


def run(registration: Registration, *, now: datetime) -> CheckUp:
    """Looks at everything, in some 12 seconds at the most, and keeps what was found. Call it outside a transaction.

    Within PAUSE of the last one, that is the answer.
    """
    last = latest(registration)
    if last and now - PAUSE < last.ran_at <= now:
        return last
    began = time.monotonic()
    answers = asking.ask_all(questions(registration), now=now)
    subject = Subject(registration=registration, now=now, answers=answers)
    findings = [finding for check in CHECKS for finding in check(subject)]
    findings += contributed(registration, now=now)
    took_ms = round((time.monotonic() - began) * 1000)
    return _keep(registration, findings=findings, took_ms=took_ms, now=now)


def latest(registration: Registration) -> CheckUp | None:
    """The last check-up, if there was one."""
    return registration.check_ups.order_by("-ran_at", "id").first()


def _keep(registration: Registration, *, findings: list[Finding], took_ms: int, now: datetime) -> CheckUp:
    with transaction.atomic():
        done = CheckUp.objects.create(
            registration=registration,
            state=worst(findings),
            findings=[finding.as_json() for finding in findings],
            ran_at=now,
            took_ms=took_ms,
        )
        fact = ToolChecked(registration_id=registration.id, state=done.state)
        record(fact, now=now, subject=f"tool:{registration.id}")
        newest = registration.check_ups.order_by("-ran_at", "id").values_list("pk", flat=True)[:KEPT]
        registration.check_ups.exclude(pk__in=list(newest)).delete()
    return done
