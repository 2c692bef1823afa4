"""Keeping a refused request: the failed check beside its launch, a security entry, a reference to find both."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lti_platform.journal.recording import record_refusal
from lti_platform.launches import steps
from lti_platform.launches.authorization import Request
from lti_platform.launches.errors import LaunchError, RequestUnanswerable
from lti_platform.launches.models import Launch, LaunchStep

EXPECTED = {
    "scope": ("openid",),
    "response_type": ("id_token",),
    "response_mode": ("form_post",),
    "prompt": ("none",),
}


def keep(error: LaunchError, *, request: Request, reference: str, now: datetime) -> str:
    """Keeps the refusal after the rollback; returns the launch's reference, or `reference` where there is none.

    The hint stays unspent: a tool that asks again, correctly and in time, is answered.
    """
    launch = request.launch
    known = launch.reference if launch else reference
    if launch:
        keep_step(error, launch=launch, request=request, now=now)
    client_id = steps.plain(request.asked.values.get("client_id", ""), limit=100)
    record_refusal(
        error.code,
        now=now,
        subject=f"launch:{launch.pk}" if launch else "",
        organization_id=launch.person.organization_id if launch else None,
        note=f"{known} {client_id}".strip(),
    )
    return known


def keep_step(error: LaunchError, *, launch: Launch, request: Request, now: datetime) -> None:
    """The request and the check that failed, as steps; a launch already sent stays sent."""
    received = steps.request_received(launch, parameters=request.asked.known, method=request.method, now=now)
    asked = request.asked.value(error.check) if error.check in {*EXPECTED, "redirect_uri"} else ""
    failed = steps.check_failed(
        launch, error=error, asked=asked, expected=expected(error, request=request), now=now
    )
    with transaction.atomic():
        LaunchStep.objects.bulk_create([received, failed])
        unsent = Launch.objects.filter(pk=launch.pk, consumed_at=None)
        unsent.update(state=Launch.State.REFUSED, refusal=error.code)


def expected(error: LaunchError, *, request: Request) -> Sequence[str]:
    """What would have passed, where that is a list of values."""
    if error.check == "redirect_uri" and isinstance(error, RequestUnanswerable) and request.registration:
        return [str(uri) for uri in request.registration.redirect_uris]
    return EXPECTED.get(error.check, ())
